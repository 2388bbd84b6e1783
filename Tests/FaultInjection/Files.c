// The calls of the file system that the programs make.
#define _GNU_SOURCE
#include "Faults.h"

#include <stdarg.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/types.h>
#include <unistd.h>

#define MODE(flags)                                  \
  mode_t mode = 0;                                   \
  if ((flags) & (O_CREAT | __O_TMPFILE)) {           \
    va_list list;                                    \
    va_start(list, flags);                           \
    mode = va_arg(list, mode_t);                     \
    va_end(list);                                    \
  }

int open(const char *path, int flags, ...) {
  MODE(flags)
  if (is_below(path) && fails(CALL_OPEN)) return -1;
  return REAL(open)(path, flags, mode);
}

int open64(const char *path, int flags, ...) {
  MODE(flags)
  if (is_below(path) && fails(CALL_OPEN)) return -1;
  return REAL(open64)(path, flags, mode);
}

int openat(int folder, const char *path, int flags, ...) {
  MODE(flags)
  if (is_below(path) && fails(CALL_OPEN)) return -1;
  return REAL(openat)(folder, path, flags, mode);
}

FILE *fopen(const char *path, const char *mode) {
  if (is_below(path) && fails(CALL_OPEN)) return NULL;
  return REAL(fopen)(path, mode);
}

FILE *fopen64(const char *path, const char *mode) {
  if (is_below(path) && fails(CALL_OPEN)) return NULL;
  return REAL(fopen64)(path, mode);
}

int close(int descriptor) {
  int is_met = is_ours(descriptor) && fails(CALL_CLOSE);
  int number = errno, status = REAL(close)(descriptor);
  if (!is_met) return status;
  errno = number;
  return -1;
}

int fclose(FILE *file) {
  int is_met = is_ours(fileno(file)) && fails(CALL_CLOSE);
  int number = errno, status = REAL(fclose)(file);
  if (!is_met) return status;
  errno = number;
  return EOF;
}

static __thread unsigned turns;

// Whether this read or write is interrupted; `count` is how much of it is done otherwise.
static int is_interrupted(size_t *count) {
  switch (fault()) {
    case FAULT_SHORT:
      if (*count > 7) {
        *count = 7;
        note_fault("short");
      }
      return 0;
    case FAULT_INTERRUPTED:
      if (++turns % 2 == 0) return 0;
      note_fault("interrupted");
      errno = EINTR;
      return 1;
    default: return 0;
  }
}

ssize_t read(int descriptor, void *bytes, size_t count) {
  if (is_ours(descriptor) && (fails(CALL_READ) || is_interrupted(&count))) return -1;
  return REAL(read)(descriptor, bytes, count);
}

ssize_t pread(int descriptor, void *bytes, size_t count, off_t offset) {
  if (is_ours(descriptor) && (fails(CALL_READ) || is_interrupted(&count))) return -1;
  return REAL(pread)(descriptor, bytes, count, offset);
}

ssize_t write(int descriptor, const void *bytes, size_t count) {
  if (is_ours(descriptor) && (fails(CALL_WRITE) || is_interrupted(&count))) return -1;
  return REAL(write)(descriptor, bytes, count);
}

ssize_t pwrite(int descriptor, const void *bytes, size_t count, off_t offset) {
  if (is_ours(descriptor) && (fails(CALL_WRITE) || is_interrupted(&count))) return -1;
  return REAL(pwrite)(descriptor, bytes, count, offset);
}

// glibc's mark of a stream with an error.
#define STREAM_ERROR 0x20

size_t fread(void *bytes, size_t size, size_t count, FILE *file) {
  if (is_ours(fileno(file)) && fails(CALL_READ)) {
    file->_flags |= STREAM_ERROR;
    return 0;
  }
  return REAL(fread)(bytes, size, count, file);
}

int fsync(int descriptor) {
  if (is_ours(descriptor) && fails(CALL_SYNC)) return -1;
  return REAL(fsync)(descriptor);
}

int fdatasync(int descriptor) {
  if (is_ours(descriptor) && fails(CALL_SYNC)) return -1;
  return REAL(fdatasync)(descriptor);
}

int rename(const char *from, const char *to) {
  if (is_below(to) && fails(CALL_RENAME)) return -1;
  return REAL(rename)(from, to);
}

int renameat2(int from_folder, const char *from, int to_folder, const char *to, unsigned flags) {
  if (is_below(to) && fails(CALL_RENAME)) return -1;
  return REAL(renameat2)(from_folder, from, to_folder, to, flags);
}

int ftruncate(int descriptor, off_t length) {
  if (is_ours(descriptor) && fails(CALL_TRUNCATE)) return -1;
  return REAL(ftruncate)(descriptor, length);
}

int ftruncate64(int descriptor, off64_t length) {
  if (is_ours(descriptor) && fails(CALL_TRUNCATE)) return -1;
  return REAL(ftruncate64)(descriptor, length);
}
