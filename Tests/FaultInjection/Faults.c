// A preloaded library that makes a program meet what rarely happens: calls of the file system or of the allocator that fail at
// the n-th time, reads and writes that do less than was asked, signals in between, and clocks that are not what they should be.
//
//     FAULT=write:3:ENOSPC FAULT_FOLDER=/tmp/work FAULT_NOTES=/tmp/notes LD_PRELOAD=libfaults.so dstune …
//
// FAULT is one of
//   CALL:N:ERROR   the N-th call (from 1) of open, read, write, sync, rename, close, map or truncate fails with ERROR;
//                  with N+ every call from there on
//   short          reads and writes of a file do no more than 7 bytes
//   interrupted    every second read and write is interrupted by a signal before it begins
//   allocate:N     the N-th allocation of FAULT_BYTES (1 MiB) or more finds no memory; with N+ every one from there on
//   clock:KIND     stands, back (jumps back a second at every 97th look), coarse (10 ms) or fast (a hundred times as fast)
//
// Only files below FAULT_FOLDER are met, and what is written to standard output: the system's own files (topology, libraries)
// are another matter. Smaller allocations are left alone as Swift's runtime ends the process where one fails.
// Each fault that was met is a line in FAULT_NOTES.
#define _GNU_SOURCE
#include "Faults.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static enum fault_kind kind = FAULT_UNREAD;
static enum fault_call failing;
static long first, reached;
static int repeats, error_number;
static const char *folder;
static int notes = -1;

static const struct {
  const char *name;
  int number;
} errors[] = {{"ENOSPC", ENOSPC}, {"EIO", EIO},       {"EMFILE", EMFILE}, {"EACCES", EACCES},
              {"EINTR", EINTR},   {"ENOMEM", ENOMEM}, {"EROFS", EROFS},   {"EDQUOT", EDQUOT}};

static const char *const calls[] = {[CALL_OPEN] = "open",   [CALL_READ] = "read",
                                    [CALL_WRITE] = "write", [CALL_SYNC] = "sync",
                                    [CALL_RENAME] = "rename", [CALL_CLOSE] = "close",
                                    [CALL_MAP] = "map", [CALL_TRUNCATE] = "truncate"};

static void bad(const char *text) {
  static const char words[] = "libfaults: FAULT is not understood: ";
  (void)!write(2, words, sizeof words - 1);
  (void)!write(2, text, strlen(text));
  (void)!write(2, "\n", 1);
  _exit(99);
}

// "3:EIO" or "3+:EIO"
static void read_count(const char *text, const char **rest) {
  char *end;
  first = strtol(text, &end, 10);
  if (first < 1) bad(text);
  repeats = *end == '+';
  *rest = end + repeats;
}

static void read_call(const char *text) {
  for (size_t call = 0; call < sizeof calls / sizeof *calls; call++) {
    size_t length = strlen(calls[call]);
    if (strncmp(text, calls[call], length) != 0 || text[length] != ':') continue;
    const char *rest;
    read_count(text + length + 1, &rest);
    for (size_t index = 0; index < sizeof errors / sizeof *errors; index++)
      if (*rest == ':' && strcmp(rest + 1, errors[index].name) == 0) error_number = errors[index].number;
    if (!error_number) bad(text);
    failing = (enum fault_call)call;
    kind = FAULT_CALL;
    return;
  }
  bad(text);
}

enum fault_kind fault(void) {
  if (kind != FAULT_UNREAD) return kind;
  kind = FAULT_NONE;
  const char *text = getenv("FAULT"), *path = getenv("FAULT_NOTES"), *rest;
  folder = getenv("FAULT_FOLDER");
  if (path) notes = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (!text || !*text) return kind;
  if (strcmp(text, "short") == 0) return kind = FAULT_SHORT;
  if (strcmp(text, "interrupted") == 0) return kind = FAULT_INTERRUPTED;
  if (strncmp(text, "clock:", 6) == 0) return kind = FAULT_CLOCK;
  if (strncmp(text, "allocate:", 9) == 0) {
    read_count(text + 9, &rest);
    return kind = FAULT_ALLOCATE;
  }
  read_call(text);
  return kind;
}

void note_fault(const char *word) {
  char line[64];
  size_t length = strlen(word);
  if (notes < 0 || length > sizeof line - 1) return;
  memcpy(line, word, length);
  line[length] = '\n';
  syscall(SYS_write, notes, line, length + 1);
}

int is_next(void) {
  long count = __atomic_add_fetch(&reached, 1, __ATOMIC_RELAXED);
  return repeats ? count >= first : count == first;
}

int fails(enum fault_call call) {
  if (fault() != FAULT_CALL || failing != call || !is_next()) return 0;
  note_fault(calls[call]);
  errno = error_number;
  return 1;
}

int is_below(const char *path) {
  fault();
  if (!path || !folder) return 0;
  size_t length = strlen(folder);
  char current[4096];
  if (path[0] == '/') return strncmp(path, folder, length) == 0;
  return getcwd(current, sizeof current) && strncmp(current, folder, length) == 0;
}

int is_ours(int descriptor) {
  if (fault() == FAULT_NONE || descriptor < 0) return 0;
  if (descriptor == 1) return 1;
  char link[64] = "/proc/self/fd/", digits[16], path[4096];
  int count = 0, rest = descriptor;
  do digits[count++] = (char)('0' + rest % 10);
  while (rest /= 10);
  size_t length = strlen(link);
  while (count) link[length++] = digits[--count];
  link[length] = 0;
  ssize_t size = syscall(SYS_readlinkat, AT_FDCWD, link, path, sizeof path - 1);
  if (size <= 0) return 0;
  path[size] = 0;
  return path[0] == '/' && is_below(path);
}

void *real(const char *name) {
  void *function = dlsym(RTLD_NEXT, name);
  if (!function) bad(name);
  return function;
}
