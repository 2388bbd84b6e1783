#define _GNU_SOURCE
#include "CSystem.h"

#include <sys/mman.h>
#include <unistd.h>

#define HUGE_PAGE ((size_t)2 << 20)

static size_t round_up(size_t bytes, size_t unit) {
  return bytes > SIZE_MAX - unit ? 0 : (bytes + unit - 1) / unit * unit;
}

static void *map_anonymous(size_t bytes) {
  void *address = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return address == MAP_FAILED ? NULL : address;
}

void *cs_map_pages(size_t bytes, int huge) {
  size_t unit = huge ? HUGE_PAGE : (size_t)sysconf(_SC_PAGESIZE);
  size_t length = round_up(bytes ? bytes : 1, unit);
  if (!length) return NULL;
  if (!huge) return map_anonymous(length);
  // Transparent huge pages need 2-MiB alignment: map one unit more and give back both ends.
  char *raw = map_anonymous(length + HUGE_PAGE);
  if (!raw) return NULL;
  char *aligned = (char *)round_up((size_t)raw, HUGE_PAGE);
  if (aligned > raw) munmap(raw, (size_t)(aligned - raw));
  size_t tail = (size_t)(raw + length + HUGE_PAGE - (aligned + length));
  if (tail) munmap(aligned + length, tail);
  madvise(aligned, length, MADV_HUGEPAGE);
  return aligned;
}

void cs_unmap_pages(void *address, size_t bytes, int huge) {
  munmap(address, round_up(bytes ? bytes : 1, huge ? HUGE_PAGE : (size_t)sysconf(_SC_PAGESIZE)));
}

void *cs_map_guarded(size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  size_t length = round_up(bytes ? bytes : 1, page);
  char *base = length ? map_anonymous(length + 2 * page) : NULL;
  if (!base) return NULL;
  mprotect(base, page, PROT_NONE);
  mprotect(base + page + length, page, PROT_NONE);
  return base + page;
}

void cs_unmap_guarded(void *address, size_t bytes) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  munmap((char *)address - page, round_up(bytes ? bytes : 1, page) + 2 * page);
}
