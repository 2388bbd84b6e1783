#define _GNU_SOURCE
#include "CSystem.h"

#include <linux/perf_event.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int open_counter(uint64_t config) {
  struct perf_event_attr attributes;
  memset(&attributes, 0, sizeof attributes);
  attributes.size = sizeof attributes;
  attributes.type = PERF_TYPE_HARDWARE;
  attributes.config = config;
  attributes.exclude_kernel = 1;
  attributes.exclude_hv = 1;
  return (int)syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0);
}

int cs_counters_open(int *instructions_handle) {
  int cycles = open_counter(PERF_COUNT_HW_CPU_CYCLES);
  *instructions_handle = cycles < 0 ? -1 : open_counter(PERF_COUNT_HW_INSTRUCTIONS);
  if (cycles >= 0 && *instructions_handle < 0) {
    close(cycles);
    return -1;
  }
  return cycles;
}

int cs_counters_read(int handle, int instructions_handle, uint64_t *cycles, uint64_t *instructions) {
  int complete = read(handle, cycles, sizeof *cycles) == sizeof *cycles &&
                 read(instructions_handle, instructions, sizeof *instructions) == sizeof *instructions;
  return complete ? 0 : -1;
}

void cs_counters_close(int handle, int instructions_handle) {
  close(handle);
  close(instructions_handle);
}
