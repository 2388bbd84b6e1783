// What the parts of the library share.
#pragma once

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>

enum fault_kind {
  FAULT_UNREAD,
  FAULT_NONE,
  FAULT_CALL,
  FAULT_SHORT,
  FAULT_INTERRUPTED,
  FAULT_ALLOCATE,
  FAULT_CLOCK
};

enum fault_call {
  CALL_OPEN,
  CALL_READ,
  CALL_WRITE,
  CALL_SYNC,
  CALL_RENAME,
  CALL_CLOSE,
  CALL_MAP,
  CALL_TRUNCATE
};

// What FAULT asks for, read once.
enum fault_kind fault(void);
// Whether this call, one of those that are met, is to fail; errno is set then.
int fails(enum fault_call call);
// Counts; whether it is the n-th.
int is_next(void);
void note_fault(const char *word);
// Whether a path, or an open file, is one of those that are met.
int is_below(const char *path);
int is_ours(int descriptor);
// The function that this library stands before.
void *real(const char *name);

#define REAL(name) (__extension__({ static __typeof__(&name) function; if (!function) function = (__typeof__(&name))real(#name); function; }))
