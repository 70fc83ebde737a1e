// One pool of threads for everything: libgomp's, which oneDNN runs on too. Two pools would fight over the cores.
//
// libgomp's entry points are declared by hand: they are its stable binary interface (what `#pragma omp parallel` compiles
// to), and clang can only compile the pragma for another OpenMP library, which would bring the second pool.

#define _GNU_SOURCE
#include "parallel.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

extern void GOMP_parallel(void (*body)(void *), void *data, unsigned threads, unsigned flags);
extern int omp_in_parallel(void);
extern void omp_set_num_threads(int threads);

static atomic_int wanted_threads;  // 0: not asked for yet

static _Thread_local int limit;              // gb_set_thread_limit; 0: none
static _Thread_local int told_libgomp;       // what this thread last passed to omp_set_num_threads; 0: nothing yet
static _Thread_local bool inside_a_region;

static int usable_cores(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (sched_getaffinity(0, sizeof set, &set) != 0) return 1;
  const int cores = CPU_COUNT(&set);
  return cores > 0 ? cores : 1;
}

int gb_threads(void) {
  int threads = atomic_load_explicit(&wanted_threads, memory_order_relaxed);
  if (threads == 0) {
    threads = usable_cores();
    atomic_store_explicit(&wanted_threads, threads, memory_order_relaxed);
  }
  return threads;
}

/// The threads for work begun here. libgomp keeps this number per thread, and oneDNN asks libgomp, so each thread passes
/// it on when it has changed.
static int threads_here(void) {
  int threads = gb_threads();
  if (limit > 0 && limit < threads) threads = limit;
  if (threads != told_libgomp) {
    omp_set_num_threads(threads);
    told_libgomp = threads;
  }
  return threads;
}

void gb_set_threads(int threads) {
  atomic_store_explicit(&wanted_threads, threads > 0 ? threads : usable_cores(), memory_order_relaxed);
  threads_here();
}

void gb_set_thread_limit(int new_limit) {
  limit = new_limit > 0 ? new_limit : 0;
  threads_here();
}

typedef struct {
  void (*body)(void *, intptr_t);
  void *context;
  intptr_t n;
  atomic_intptr_t next;
} region;

static void run_region(void *data) {
  region *const work = data;
  inside_a_region = true;
  for (;;) {
    const intptr_t i = atomic_fetch_add_explicit(&work->next, 1, memory_order_relaxed);
    if (i >= work->n) break;
    work->body(work->context, i);
  }
  inside_a_region = false;
}

void gb_parallel(intptr_t n, void (*body)(void *context, intptr_t i), void *context) {
  intptr_t threads = threads_here();
  if (n < threads) threads = n;
  if (threads <= 1 || inside_a_region || omp_in_parallel()) {
    for (intptr_t i = 0; i < n; i++) body(context, i);
    return;
  }
  region work = {.body = body, .context = context, .n = n};
  GOMP_parallel(run_region, &work, (unsigned)threads, 0);
}

typedef struct {
  gb_range_body *body;
  void *context;
  intptr_t n, grain;
} split;

static void run_piece(void *context, intptr_t i) {
  const split *const s = context;
  const intptr_t begin = i * s->grain;
  const intptr_t end = s->n - begin < s->grain ? s->n : begin + s->grain;
  s->body(s->context, begin, end);
}

void gb_split(intptr_t n, intptr_t grain, gb_range_body *body, void *context) {
  if (n <= grain) {
    if (n > 0) body(context, 0, n);
    return;
  }
  split s = {body, context, n, grain};
  gb_parallel((n + grain - 1) / grain, run_piece, &s);
}

void gb_unsupported(const char *kernel, int operation, int dtype) {
  static const char *const names[] = {"float32", "float64", "bfloat16", "int32", "int64", "uint8", "bool"};
  fprintf(stderr, "CKernels: %s has no operation %d for %s\n", kernel, operation,
          dtype >= 0 && dtype <= GB_BOOL ? names[dtype] : "an unknown dtype");
  abort();
}
