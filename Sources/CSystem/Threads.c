#define _GNU_SOURCE
#include "CSystem.h"

#include <errno.h>
#include <linux/futex.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

int cs_affinity_get(int *cpus, int capacity) {
  cpu_set_t *set = CPU_ALLOC(CS_MAXIMUM_CPUS);
  size_t size = CPU_ALLOC_SIZE(CS_MAXIMUM_CPUS);
  if (!set) return -1;
  int count = -1;
  if (sched_getaffinity(0, size, set) == 0) {
    count = 0;
    for (int cpu = 0; cpu < CS_MAXIMUM_CPUS && count < capacity; cpu++)
      if (CPU_ISSET_S(cpu, size, set)) cpus[count++] = cpu;
  }
  CPU_FREE(set);
  return count;
}

int cs_affinity_set(const int *cpus, int count) {
  cpu_set_t *set = CPU_ALLOC(CS_MAXIMUM_CPUS);
  size_t size = CPU_ALLOC_SIZE(CS_MAXIMUM_CPUS);
  if (!set) return ENOMEM;
  CPU_ZERO_S(size, set);
  for (int i = 0; i < count; i++)
    if (cpus[i] >= 0 && cpus[i] < CS_MAXIMUM_CPUS) CPU_SET_S(cpus[i], size, set);
  int result = sched_setaffinity(0, size, set) == 0 ? 0 : errno;
  CPU_FREE(set);
  return result;
}

int cs_current_cpu(void) { return sched_getcpu(); }

void cs_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns) {
  struct timespec limit = {timeout_ns / 1000000000, timeout_ns % 1000000000};
  syscall(SYS_futex, word, FUTEX_WAIT_PRIVATE, expected, timeout_ns < 0 ? NULL : &limit, NULL, 0);
}

void cs_futex_wake_all(const uint32_t *word) {
  syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, 0x7fffffff, NULL, NULL, 0);
}

uint64_t cs_monotonic_ns(void) {
  struct timespec now = {0, 0};
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

void cs_thread_usage(int64_t *switches, int64_t *minor_faults, int64_t *major_faults) {
  struct rusage usage;
  getrusage(RUSAGE_THREAD, &usage);
  *switches = usage.ru_nvcsw + usage.ru_nivcsw;
  *minor_faults = usage.ru_minflt;
  *major_faults = usage.ru_majflt;
}
