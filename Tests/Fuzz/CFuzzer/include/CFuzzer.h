// libFuzzer's driver, which comes with the compiler.
#pragma once

#include <stddef.h>
#include <stdint.h>

// Runs `target` on one input after the other as the options say; see https://llvm.org/docs/LibFuzzer.html.
int cf_run(int count, char **words, int (*target)(const uint8_t *bytes, size_t count));

// A descriptor of an empty file in memory, or -1 with errno.
int cf_memory_file(void);
