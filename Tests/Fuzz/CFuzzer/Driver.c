#define _GNU_SOURCE
#include "CFuzzer.h"

#include <sys/mman.h>

extern int LLVMFuzzerRunDriver(
    int *count, char ***words, int (*target)(const uint8_t *bytes, size_t count));

int cf_run(int count, char **words, int (*target)(const uint8_t *bytes, size_t count)) {
  return LLVMFuzzerRunDriver(&count, &words, target);
}

int cf_memory_file(void) { return memfd_create("fuzz", MFD_CLOEXEC); }
