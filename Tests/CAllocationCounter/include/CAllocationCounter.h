// Counts heap allocations, thread by thread, so that a test can show that there are none.
//
// Linking this replaces malloc and its kin in the whole test process; they count and hand over to glibc. The sanitizers for
// addresses and threads have a malloc of their own, and no other works beside it: there is no counting then.
#pragma once

#include <stdint.h>

// 1 where allocations are counted.
int ca_counts(void);

// Calls of malloc, calloc, realloc and the aligned kinds by this thread since it began.
uint64_t ca_allocations_of_this_thread(void);
