#include "CSystem.h"

#include <string.h>

#if defined(__x86_64__) || defined(__i386__)
#include <cpuid.h>

int cs_cpu_has_avx2_fma(void) {
  __builtin_cpu_init();
  return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") &&
         __builtin_cpu_supports("bmi") && __builtin_cpu_supports("bmi2");
}

int cs_cpu_has_avx512(void) {
  __builtin_cpu_init();
  return cs_cpu_has_avx2_fma() && __builtin_cpu_supports("avx512f") &&
         __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq") &&
         __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512cd");
}

void cs_cpu_identity(char vendor[13], int *family, int *model) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (!__get_cpuid(0, &a, &b, &c, &d)) {
    strcpy(vendor, "unknown");
    *family = *model = 0;
    return;
  }
  memcpy(vendor, &b, 4);
  memcpy(vendor + 4, &d, 4);
  memcpy(vendor + 8, &c, 4);
  vendor[12] = 0;
  __get_cpuid(1, &a, &b, &c, &d);
  unsigned base_family = (a >> 8) & 15, base_model = (a >> 4) & 15;
  *family = (int)(base_family == 15 ? base_family + ((a >> 20) & 255) : base_family);
  *model = (int)(base_family == 15 || base_family == 6 ? base_model | ((a >> 12) & 240) : base_model);
}

#else

int cs_cpu_has_avx2_fma(void) { return 0; }
int cs_cpu_has_avx512(void) { return 0; }

void cs_cpu_identity(char vendor[13], int *family, int *model) {
  strcpy(vendor, "unknown");
  *family = *model = 0;
}

#endif
