// A caching allocator. Fresh pages are what makes large element-wise operations slow: the kernel zeroes each page at its
// first touch. So freed blocks are kept, in regions of their own: in the C library's heap, tensors between oneDNN's work spaces of
// megabytes left holes that neither could use.

#include "parallel.h"
#include "regions.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

// The C library is quicker than a shared free list for small blocks; they are not counted either.
#define SMALL ((size_t)1 << 10)

static struct {
  size_t in_use, peak, most_cached;
} memory;

// Seldom held for more than a few instructions, thus a spin lock; it yields in case its holder has been descheduled.
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void acquire(void) {
  gb_lock_taken();
  for (int spins = 0; atomic_flag_test_and_set_explicit(&lock, memory_order_acquire); spins++) {
    if (spins > 100) sched_yield();
  }
}

static void release(void) {
  atomic_flag_clear_explicit(&lock, memory_order_release);
  gb_lock_returned();
}

/// A quarter of the machine's memory, 2 GiB at most.
static size_t cache_limit(void) {
  const size_t memory = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
  const size_t most = (size_t)2 << 30;
  return memory / 4 < most ? memory / 4 : most;
}

static void *allocate_in_region(size_t bytes) {
  acquire();
  void *const block = gb_region_allocate(bytes);
  if (block != NULL) {
    memory.in_use += gb_region_size(block);
    if (memory.in_use > memory.peak) memory.peak = memory.in_use;
  }
  release();
  return block;
}

void *gb_allocate(size_t bytes) {
  void *block;
  if (bytes <= SMALL) {
    // 1 KiB itself is promised 64-byte alignment, which malloc does not give.
    block = bytes < SMALL ? malloc(bytes > 0 ? bytes : 1) : aligned_alloc(64, SMALL);
    if (block != NULL) return block;
  } else {
    block = allocate_in_region(bytes);
    if (block != NULL) return block;
    gb_memory_trim();
    block = allocate_in_region(bytes);
    if (block != NULL) return block;
  }
  fprintf(stderr, "CKernels: out of memory, asked for %zu bytes (%zu in use)\n", bytes, memory.in_use);
  abort();
}

void gb_free(void *block, size_t bytes) {
  if (bytes <= SMALL || block == NULL) {
    free(block);
    return;
  }
  acquire();
  if (memory.most_cached == 0) memory.most_cached = cache_limit();
  const size_t size = gb_region_size(block);
  memory.in_use -= size;
  gb_region_free(block, gb_region_cached() + size <= memory.most_cached);
  release();
}

gb_memory gb_memory_statistics(void) {
  acquire();
  const gb_memory now = {.in_use = memory.in_use, .peak = memory.peak, .cached = gb_region_cached()};
  release();
  return now;
}

void gb_memory_reset_peak(void) {
  acquire();
  memory.peak = memory.in_use;
  release();
}

void gb_memory_trim(void) {
  acquire();
  gb_region_trim();
  release();
}
