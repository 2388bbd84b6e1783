#define _GNU_SOURCE
#include "CSystem.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

int cs_counter_open(enum cs_event event) {
  // Switches and migrations happen inside the kernel: leaving it out would leave them all out.
  static const struct {
    uint32_t type;
    uint64_t config;
    int excludes_kernel;
  } events[] = {
      [CS_CYCLES] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_CPU_CYCLES, 1},
      [CS_INSTRUCTIONS] = {PERF_TYPE_HARDWARE, PERF_COUNT_HW_INSTRUCTIONS, 1},
      [CS_PAGE_FAULTS] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_PAGE_FAULTS, 1},
      [CS_CONTEXT_SWITCHES] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CONTEXT_SWITCHES, 0},
      [CS_MIGRATIONS] = {PERF_TYPE_SOFTWARE, PERF_COUNT_SW_CPU_MIGRATIONS, 0},
  };
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = events[event].type;
  attributes.config = events[event].config;
  attributes.exclude_kernel = events[event].excludes_kernel;
  attributes.exclude_hv = 1;
  attributes.inherit = 1;
  attributes.read_format = PERF_FORMAT_TOTAL_TIME_ENABLED | PERF_FORMAT_TOTAL_TIME_RUNNING;
  return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, PERF_FLAG_FD_CLOEXEC);
}

int cs_counter_read(int handle, uint64_t *count) {
  uint64_t values[3];  // count, time enabled, time running
  if (read(handle, values, sizeof values) != sizeof values) return -1;
  // Where others took the counter away for a while, the count is of a part of the time only.
  if (values[2] < values[1] - values[1] / 100) return -1;
  *count = values[0];
  return 0;
}

void cs_counter_close(int handle) { close(handle); }

void cs_process_usage(uint64_t *switches, uint64_t *faults) {
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  *switches = (uint64_t)(usage.ru_nvcsw + usage.ru_nivcsw);
  *faults = (uint64_t)(usage.ru_minflt + usage.ru_majflt);
}
