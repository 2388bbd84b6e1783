// Counts heap allocations, thread by thread, so that a test can show that there are none.
//
// Linking this replaces malloc and its kin in the whole test process; they count and hand over to glibc.
#pragma once

#include <stdint.h>

// Calls of malloc, calloc, realloc and the aligned kinds by this thread since it began.
uint64_t ca_allocations_of_this_thread(void);
