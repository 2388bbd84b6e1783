#include "CSystem.h"

#include <pthread.h>

uint32_t cs_fork_count;

static void count_fork(void) { __atomic_fetch_add(&cs_fork_count, 1, __ATOMIC_RELAXED); }

__attribute__((constructor)) static void watch_forks(void) { pthread_atfork(NULL, NULL, count_fork); }
