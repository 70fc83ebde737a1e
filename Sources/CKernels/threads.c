// One pool of threads for everything: our kernels, and the pieces of oneDNN's and OpenBLAS' work, which run on one thread each.
//
// It is not libgomp's: a libgomp region ends when every thread of its team has come and gone, so that a thread that the
// system has put aside holds up work it has no part in. Here a region ends when its tasks are done; whoever has not come by then
// is not waited for.

#define _GNU_SOURCE
#include "parallel.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>

static atomic_int wanted_threads;           // 0: not asked for yet
static _Thread_local int limit;             // gb_set_thread_limit; 0: none
static _Thread_local bool inside_a_region;  // regions do not nest

static _Thread_local volatile sig_atomic_t locks_held;

static _Thread_local void (*volatile after_locks)(void);

void gb_lock_taken(void) { locks_held++; }

void gb_lock_returned(void) {
  if (--locks_held > 0 || !after_locks) return;
  void (*const function)(void) = after_locks;
  after_locks = NULL;
  function();
}

bool gb_call_after_locks(void (*function)(void)) {
  if (locks_held == 0) return false;
  after_locks = function;
  return true;
}

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

void gb_set_threads(int threads) {
  atomic_store_explicit(&wanted_threads, threads > 0 ? threads : usable_cores(), memory_order_relaxed);
}

void gb_set_thread_limit(int new_limit) { limit = new_limit > 0 ? new_limit : 0; }

// ---- the region at work ------------------------------------------------------------------------------------

// One region at a time; whoever finds the pool busy works alone. The fields below `users` belong to the region that is open.
static pthread_mutex_t pool = PTHREAD_MUTEX_INITIALIZER;
static int workers;  // started so far; guarded by `pool`

#define OPEN (1 << 30)
static atomic_int users;  // OPEN while tasks may be taken, plus the number of workers inside
static void (*body)(void *, intptr_t);
static void *context;
static int invited;  // how many workers may take part

/// The tasks fall into as many shares of neighbours as there are threads. A thread begins with its own, so that it meets again what
/// an operation before this one left in its caches, and then helps with the others'.
#define MOST_SHARES 64
static int shares;
static struct {
  _Alignas(128) atomic_intptr_t next;  // two cache lines: processors fetch them in pairs
  intptr_t end;
} share[MOST_SHARES];

// Workers look for a new region for a while, and then sleep.
static atomic_uint regions;
static atomic_int sleepers;
static pthread_mutex_t bed = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t alarm_clock = PTHREAD_COND_INITIALIZER;

/// About 100 µs on the processors of 2020: longer than the gap between two regions of a training step, short enough not to
/// disturb other programs.
#define LOOKS 2000

static inline void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void take_tasks(int own) {
  for (int visit = 0; visit < shares; visit++) {
    const int s = (own + visit) % shares;
    for (;;) {
      const intptr_t i = atomic_fetch_add_explicit(&share[s].next, 1, memory_order_relaxed);
      if (i >= share[s].end) break;
      body(context, i);
    }
  }
}

static void share_tasks(intptr_t n, intptr_t threads) {
  shares = (int)(threads < MOST_SHARES ? threads : MOST_SHARES);
  for (int s = 0; s < shares; s++) {
    atomic_store_explicit(&share[s].next, n * s / shares, memory_order_relaxed);
    share[s].end = n * (s + 1) / shares;
  }
}

static unsigned wait_for_region(unsigned seen) {
  for (int look = 0; look < LOOKS; look++) {
    const unsigned now = atomic_load_explicit(&regions, memory_order_acquire);
    if (now != seen) return now;
    pause_briefly();
  }
  pthread_mutex_lock(&bed);
  atomic_fetch_add(&sleepers, 1);
  while (atomic_load(&regions) == seen) pthread_cond_wait(&alarm_clock, &bed);
  atomic_fetch_sub(&sleepers, 1);
  pthread_mutex_unlock(&bed);
  return atomic_load(&regions);
}

static void *work(void *argument) {
  const int number = (int)(intptr_t)argument;
  inside_a_region = true;
  unsigned seen = 0;
  for (;;) {
    seen = wait_for_region(seen);
    // Whoever comes in while the region is open may read its fields: the caller waits for those inside before it returns.
    if (atomic_fetch_add(&users, 1) & OPEN && number < invited) take_tasks(number + 1);
    atomic_fetch_sub(&users, 1);
  }
  return NULL;
}

/// Starts workers until there are `count`; fewer where the system refuses.
static void start_workers(int count) {
  while (workers < count) {
    pthread_t thread;
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
    const int failed = pthread_create(&thread, &attributes, work, (void *)(intptr_t)workers);
    pthread_attr_destroy(&attributes);
    if (failed) return;
    workers++;
  }
}

void gb_parallel(intptr_t n, void (*task)(void *context, intptr_t i), void *data) {
  intptr_t threads = gb_threads();
  if (limit > 0 && limit < threads) threads = limit;
  if (n < threads) threads = n;
  bool is_ours = false;
  if (threads > 1 && !inside_a_region) {
    gb_lock_taken();
    is_ours = pthread_mutex_trylock(&pool) == 0;
    if (!is_ours) gb_lock_returned();
  }
  if (!is_ours) {
    for (intptr_t i = 0; i < n; i++) task(data, i);
    return;
  }
  start_workers((int)threads - 1);
  body = task;
  context = data;
  invited = (int)threads - 1;
  share_tasks(n, threads);
  // Not a store: a worker that woke too late for the last region may be counted here, on its way out.
  atomic_fetch_or(&users, OPEN);
  atomic_fetch_add(&regions, 1);
  if (atomic_load(&sleepers) > 0) {
    pthread_mutex_lock(&bed);
    pthread_cond_broadcast(&alarm_clock);
    pthread_mutex_unlock(&bed);
  }
  inside_a_region = true;
  take_tasks(0);
  inside_a_region = false;
  atomic_fetch_and(&users, ~OPEN);
  for (int look = 0; atomic_load(&users) != 0; look++) {
    if (look < LOOKS) pause_briefly(); else sched_yield();
  }
  pthread_mutex_unlock(&pool);
  gb_lock_returned();
}

// omp.h belongs to the compiler, and Swift's clang has none; these two are in every OpenMP runtime.
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);

typedef struct {
  void (*body)(void *context, intptr_t i);
  void *context;
} library_call;

static void call_library(void *data, intptr_t i) {
  const library_call *const call = data;
  // Libraries size their teams by this per-thread variable; setting it costs a few nanoseconds.
  const int threads = omp_get_max_threads();
  if (threads != 1) omp_set_num_threads(1);
  call->body(call->context, i);
  if (threads != 1) omp_set_num_threads(threads);
}

void gb_parallel_for_libraries(intptr_t n, void (*task)(void *context, intptr_t i), void *data) {
  library_call call = {task, data};
  gb_parallel(n, call_library, &call);
}

typedef struct {
  gb_range_body *body;
  void *context;
  intptr_t n, grain;
} split;

static void run_piece(void *data, intptr_t i) {
  const split *const s = data;
  const intptr_t begin = i * s->grain;
  const intptr_t end = s->n - begin < s->grain ? s->n : begin + s->grain;
  s->body(s->context, begin, end);
}

void gb_split(intptr_t n, intptr_t grain, gb_range_body *range_body, void *data) {
  if (n <= grain) {
    if (n > 0) range_body(data, 0, n);
    return;
  }
  split s = {range_body, data, n, grain};
  gb_parallel((n + grain - 1) / grain, run_piece, &s);
}

void gb_unsupported(const char *kernel, int operation, int dtype) {
  static const char *const names[] = {"float32", "float64", "bfloat16", "int32", "int64", "uint8", "bool"};
  fprintf(stderr, "CKernels: %s has no operation %d for %s\n", kernel, operation,
          dtype >= 0 && dtype <= GB_BOOL ? names[dtype] : "an unknown dtype");
  abort();
}
