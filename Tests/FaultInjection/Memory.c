// The allocator. The files' mappings are here too, as mmap makes both.
#define _GNU_SOURCE
#include "Faults.h"

#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

// glibc's own: finding the next definition may allocate.
extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *address, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

static size_t least(void) {
  static size_t bytes;
  if (!bytes) {
    const char *text = getenv("FAULT_BYTES");
    size_t given = text ? strtoul(text, NULL, 10) : 0;
    bytes = given ? given : 1 << 20;
  }
  return bytes;
}

static int is_refused(size_t bytes) {
  if (fault() != FAULT_ALLOCATE || bytes < least() || !is_next()) return 0;
  note_fault("allocate");
  errno = ENOMEM;
  return 1;
}

void *malloc(size_t bytes) { return is_refused(bytes) ? NULL : __libc_malloc(bytes); }

void *calloc(size_t count, size_t bytes) {
  size_t all;
  int is_known = !__builtin_mul_overflow(count, bytes, &all);
  return is_known && is_refused(all) ? NULL : __libc_calloc(count, bytes);
}

void *realloc(void *address, size_t bytes) {
  return is_refused(bytes) ? NULL : __libc_realloc(address, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  return is_refused(bytes) ? NULL : __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **address, size_t alignment, size_t bytes) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) return EINVAL;
  void *memory = memalign(alignment, bytes);
  if (!memory) return ENOMEM;
  *address = memory;
  return 0;
}

static void *mapped(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
  int is_memory = (flags & MAP_ANONYMOUS) != 0;
  // Stacks of threads are the system's to refuse.
  int is_met = is_memory ? !(flags & MAP_STACK) && is_refused(bytes) : is_ours(file) && fails(CALL_MAP);
  if (is_met) return MAP_FAILED;
  return (void *)syscall(SYS_mmap, address, bytes, protection, flags, file, offset);
}

void *mmap(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
  return mapped(address, bytes, protection, flags, file, offset);
}

void *mmap64(void *address, size_t bytes, int protection, int flags, int file, off_t offset) {
  return mapped(address, bytes, protection, flags, file, offset);
}
