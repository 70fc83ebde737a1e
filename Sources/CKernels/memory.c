// A caching allocator. Fresh pages are what makes large element-wise operations slow: the kernel zeroes each page at its
// first touch. So freed blocks are kept, by size class, and large ones stand on huge pages.

#define _GNU_SOURCE
#include "parallel.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

// The C library is quicker than a shared free list for small blocks; they are not counted either.
#define SMALL ((size_t)1 << 10)
// From here on blocks come straight from the system, aligned to huge pages.
#define LARGE ((size_t)4 << 20)
#define HUGE_PAGE ((size_t)2 << 20)
#define CLASSES (4 * 54 + 1)

typedef struct freed {
  struct freed *next;
} freed;

static struct {
  freed *lists[CLASSES];
  size_t in_use, peak, cached, most_cached;
} cache;

// Held for a few instructions, thus a spin lock; it yields in case its holder has been descheduled.
static atomic_flag lock = ATOMIC_FLAG_INIT;

static void acquire(void) {
  for (int spins = 0; atomic_flag_test_and_set_explicit(&lock, memory_order_acquire); spins++) {
    if (spins > 100) sched_yield();
  }
}

static void release(void) { atomic_flag_clear_explicit(&lock, memory_order_release); }

/// Four classes to each power of two: at most a fifth of a block is unused.
static int class_of(size_t bytes) {
  const int log = 63 - __builtin_clzll((unsigned long long)(bytes - 1));  // 2^log < bytes ≤ 2^(log + 1)
  const int quarter = (int)((bytes - 1) >> (log - 2)) & 3;
  return 4 * (log - 10) + quarter;
}

static size_t size_of_class(int class) {
  return (size_t)(5 + (class & 3)) << (class / 4 + 8);
}

static void *from_system(size_t size) {
  if (size < LARGE) return aligned_alloc(64, size);
  // One huge page more than needed, so that an aligned block can be cut out.
  char *const base = mmap(NULL, size + HUGE_PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (base == MAP_FAILED) return NULL;
  const size_t before = -(uintptr_t)base & (HUGE_PAGE - 1);
  if (before > 0) munmap(base, before);
  munmap(base + before + size, HUGE_PAGE - before);
  madvise(base + before, size, MADV_HUGEPAGE);
  return base + before;
}

static void to_system(void *block, size_t size) {
  if (size < LARGE) free(block);
  else munmap(block, size);
}

/// A quarter of the machine's memory, 2 GiB at most.
static size_t cache_limit(void) {
  const size_t memory = (size_t)sysconf(_SC_PHYS_PAGES) * (size_t)sysconf(_SC_PAGESIZE);
  const size_t most = (size_t)2 << 30;
  return memory / 4 < most ? memory / 4 : most;
}

void *gb_allocate(size_t bytes) {
  void *block;
  if (bytes <= SMALL) {
    // 1 KiB itself is promised 64-byte alignment, which malloc does not give.
    block = bytes < SMALL ? malloc(bytes > 0 ? bytes : 1) : aligned_alloc(64, SMALL);
    if (block != NULL) return block;
  } else {
    const int class = class_of(bytes);
    const size_t size = size_of_class(class);
    acquire();
    freed *const reused = cache.lists[class];
    if (reused != NULL) {
      cache.lists[class] = reused->next;
      cache.cached -= size;
    }
    cache.in_use += size;
    if (cache.in_use > cache.peak) cache.peak = cache.in_use;
    release();
    if (reused != NULL) return reused;
    block = from_system(size);
    if (block != NULL) return block;
    gb_memory_trim();
    block = from_system(size);
    if (block != NULL) return block;
  }
  fprintf(stderr, "CKernels: out of memory, asked for %zu bytes (%zu in use)\n", bytes, cache.in_use);
  abort();
}

void gb_free(void *block, size_t bytes) {
  if (bytes <= SMALL || block == NULL) {
    free(block);
    return;
  }
  const int class = class_of(bytes);
  const size_t size = size_of_class(class);
  acquire();
  if (cache.most_cached == 0) cache.most_cached = cache_limit();
  cache.in_use -= size;
  const bool keep = cache.cached + size <= cache.most_cached;
  if (keep) {
    freed *const entry = block;
    entry->next = cache.lists[class];
    cache.lists[class] = entry;
    cache.cached += size;
  }
  release();
  if (!keep) to_system(block, size);
}

gb_memory gb_memory_statistics(void) {
  acquire();
  const gb_memory now = {.in_use = cache.in_use, .peak = cache.peak, .cached = cache.cached};
  release();
  return now;
}

void gb_memory_reset_peak(void) {
  acquire();
  cache.peak = cache.in_use;
  release();
}

void gb_memory_trim(void) {
  for (int class = 0; class < CLASSES; class++) {
    const size_t size = size_of_class(class);
    acquire();
    freed *list = cache.lists[class];
    cache.lists[class] = NULL;
    for (freed *entry = list; entry != NULL; entry = entry->next) cache.cached -= size;
    release();
    while (list != NULL) {
      freed *const next = list->next;
      to_system(list, size);
      list = next;
    }
  }
}
