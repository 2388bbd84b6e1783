// What the Arm check needs of an operating system: memory, output and an end, by Linux system calls.
#include <stddef.h>
#include <stdint.h>

int arm_check_main(void);

static long system_call(long number, long a, long b, long c) {
  register long x8 __asm__("x8") = number;
  register long x0 __asm__("x0") = a;
  register long x1 __asm__("x1") = b;
  register long x2 __asm__("x2") = c;
  __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
  return x0;
}

void _start(void) { system_call(93, arm_check_main(), 0, 0); }

int putchar(int character) {
  char byte = (char)character;
  system_call(64, 1, (long)&byte, 1);
  return character;
}

// Memory is handed out once and never taken back: the check is small and ends.
static char heap[256 << 20];
static size_t used;

int posix_memalign(void **result, size_t alignment, size_t bytes) {
  used = (used + alignment - 1) / alignment * alignment;
  if (used + bytes > sizeof heap) return 12;
  *result = heap + used;
  used += bytes;
  return 0;
}

void free(void *address) { (void)address; }

void *memset(void *target, int value, size_t bytes) {
  volatile unsigned char *byte = target;
  for (size_t i = 0; i < bytes; i++) byte[i] = (unsigned char)value;
  return target;
}

void *memcpy(void *target, const void *source, size_t bytes) {
  volatile unsigned char *to = target;
  const unsigned char *from = source;
  for (size_t i = 0; i < bytes; i++) to[i] = from[i];
  return target;
}

void *memmove(void *target, const void *source, size_t bytes) {
  if ((uintptr_t)target <= (uintptr_t)source) return memcpy(target, source, bytes);
  volatile unsigned char *to = target;
  const unsigned char *from = source;
  while (bytes--) to[bytes] = from[bytes];
  return target;
}

int memcmp(const void *left, const void *right, size_t bytes) {
  const unsigned char *a = left, *b = right;
  for (size_t i = 0; i < bytes; i++) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}

// Seeds the hash tables of the standard library: any bytes do.
void arc4random_buf(void *target, size_t bytes) { memset(target, 42, bytes); }

uintptr_t __stack_chk_guard = 0x5bd1e995;
void __stack_chk_fail(void) { system_call(93, 134, 0, 0); }
