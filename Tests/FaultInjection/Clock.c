// Clocks that are not what they should be.
#define _GNU_SOURCE
#include "Faults.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000ull

static uint64_t changed(uint64_t now, clockid_t clock) {
  static const char *way;
  static uint64_t start[16], looks;
  if (!way) way = getenv("FAULT") + strlen("clock:");
  uint64_t *begin = &start[clock & 15];
  uint64_t none = 0;
  __atomic_compare_exchange_n(begin, &none, now, 0, __ATOMIC_RELAXED, __ATOMIC_RELAXED);
  uint64_t look = __atomic_add_fetch(&looks, 1, __ATOMIC_RELAXED);
  if (look == 1) note_fault("clock");
  if (strcmp(way, "stands") == 0) return *begin;
  if (strcmp(way, "back") == 0) return look % 97 == 0 ? now - SECOND : now;
  if (strcmp(way, "coarse") == 0) return now / (SECOND / 100) * (SECOND / 100);
  if (strcmp(way, "fast") == 0) return *begin + (now - *begin) * 100;
  return now;
}

int clock_gettime(clockid_t clock, struct timespec *time) {
  int status = (int)syscall(SYS_clock_gettime, clock, time);
  if (status != 0 || fault() != FAULT_CLOCK) return status;
  uint64_t now = changed((uint64_t)time->tv_sec * SECOND + (uint64_t)time->tv_nsec, clock);
  time->tv_sec = (time_t)(now / SECOND);
  time->tv_nsec = (long)(now % SECOND);
  return 0;
}
