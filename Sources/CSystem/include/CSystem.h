// The few C calls that Swift cannot see. No policy, no kernels.
#pragma once

#include <stddef.h>
#include <stdint.h>

// MARK: - CPU features

// 1 where the CPU and the operating system both support the feature, 0 elsewhere (and on Arm).
int cs_cpu_has_avx2_fma(void);  // with BMI1 and BMI2, which those kernels are compiled with
int cs_cpu_has_avx512(void);    // the same with AVX-512 F, BW, DQ, VL and CD

// Vendor ("AuthenticAMD"), family and model as CPUID gives them; "unknown", 0, 0 where there is none.
void cs_cpu_identity(char vendor[13], int *family, int *model);

// MARK: - Program

// What main was called with; readable where /proc is not mounted.
int cs_argument_count(void);
const char *cs_argument(int index);
// Of this program, as the kernel was asked to start it; NULL where it does not say.
const char *cs_program_path(void);

// MARK: - Affinity

#define CS_MAXIMUM_CPUS 4096

// Processors the calling thread may run on, ascending; the number of them, or -1 with errno.
int cs_affinity_get(int *cpus, int capacity);
// Binds the calling thread; 0, or an errno.
int cs_affinity_set(const int *cpus, int count);
int cs_current_cpu(void);

// MARK: - Waiting

// A hint to the CPU that this is a spin loop.
static inline void cs_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ __volatile__("yield");
#endif
}

// Sleeps while *word == expected, until woken or for at most timeout_ns (negative: no limit).
void cs_futex_wait(const uint32_t *word, uint32_t expected, int64_t timeout_ns);
void cs_futex_wake_all(const uint32_t *word);

// MARK: - Shared work

// The number of the next piece of some work, the caller's from now on, with all that was written before
// the work was offered.
static inline uint32_t cs_take_piece(uint32_t *next) { return __atomic_fetch_add(next, 1, __ATOMIC_ACQ_REL); }
// Offers the pieces from the first on, to whoever takes one.
static inline void cs_offer_pieces(uint32_t *next) { __atomic_store_n(next, 0, __ATOMIC_RELEASE); }

// MARK: - Caches

// Hints that the cache line at `address`, which need not be mapped, will be read soon.
static inline void cs_fetch(const void *address) { __builtin_prefetch(address, 0, 3); }

// MARK: - Processes

extern uint32_t cs_fork_count;
// By how many calls of fork this process is away from the one that loaded the library: another number than before
// means that only the thread that called fork is still there. No system call.
static inline uint32_t cs_forks(void) { return __atomic_load_n(&cs_fork_count, __ATOMIC_RELAXED); }

// MARK: - Time

// Of a clock that should only grow. What lies between two readings is asked of DSCore's ClockTime.
uint64_t cs_monotonic_ns(void);

// MARK: - Memory

// Zeroed pages, huge ones asked for where huge is non-zero; NULL when there is no memory.
void *cs_map_pages(size_t bytes, int huge);
void cs_unmap_pages(void *address, size_t bytes, int huge);
// Zeroed pages with an inaccessible page directly before and after; for tests. NULL on failure.
void *cs_map_guarded(size_t bytes);
void cs_unmap_guarded(void *address, size_t bytes);

// MARK: - Counters

enum cs_event { CS_CYCLES, CS_INSTRUCTIONS, CS_PAGE_FAULTS, CS_CONTEXT_SWITCHES, CS_MIGRATIONS };

// Counts an event in the calling thread and in all threads it starts from now on; a handle, or -1 where the
// kernel does not allow it.
int cs_counter_open(enum cs_event event);
// 0, or -1 where the event was not counted all the time.
int cs_counter_read(int handle, uint64_t *count);
void cs_counter_close(int handle);

// Context switches (voluntary and not) and page faults of all threads since the process began.
void cs_process_usage(uint64_t *switches, uint64_t *faults);
// Context switches (voluntary and not) and page faults of the calling thread since it began.
void cs_thread_usage(int64_t *switches, int64_t *minor_faults, int64_t *major_faults);
