#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZER_OWNS_MALLOC 1
#endif
#endif

#ifdef SANITIZER_OWNS_MALLOC

int ca_counts(void) { return 0; }
uint64_t ca_allocations_of_this_thread(void) { return 0; }

#else

extern void *__libc_malloc(size_t bytes);
extern void *__libc_calloc(size_t count, size_t bytes);
extern void *__libc_realloc(void *address, size_t bytes);
extern void *__libc_memalign(size_t alignment, size_t bytes);

static _Thread_local uint64_t allocations;

int ca_counts(void) { return 1; }
uint64_t ca_allocations_of_this_thread(void) { return allocations; }

void *malloc(size_t bytes) {
  allocations += 1;
  return __libc_malloc(bytes);
}

void *calloc(size_t count, size_t bytes) {
  allocations += 1;
  return __libc_calloc(count, bytes);
}

void *realloc(void *address, size_t bytes) {
  allocations += 1;
  return __libc_realloc(address, bytes);
}

void *memalign(size_t alignment, size_t bytes) {
  allocations += 1;
  return __libc_memalign(alignment, bytes);
}

void *aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }

int posix_memalign(void **address, size_t alignment, size_t bytes) {
  if (alignment % sizeof(void *) != 0 || (alignment & (alignment - 1)) != 0 || alignment == 0) {
    return EINVAL;
  }
  void *memory = memalign(alignment, bytes);
  if (memory == NULL) return ENOMEM;
  *address = memory;
  return 0;
}

#endif
