#include "limits.h"

#include <pthread.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>

// A value that the compiler must have, and knows nothing about.
static inline float opaque(float x) {
  volatile float hidden = x;
  return hidden;
}

typedef struct {
  double (*multiply_adds)(void);
  void (*triad)(float *y, const float *a, const float *b, long count);
  void (*streamed_triad)(float *y, const float *a, const float *b, long count);
  void (*read)(const float *a, long count);
} loops;

#if defined(__x86_64__)
#define WIDTH 64
#define NAME(f) f##_avx512
#pragma clang attribute push(__attribute__((target("avx512f"))), apply_to = function)
#include "loops.h"
#pragma clang attribute pop

#define WIDTH 32
#define NAME(f) f##_avx2
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#include "loops.h"
#pragma clang attribute pop
#endif

#define WIDTH 16
#define NAME(f) f##_portable
#include "loops.h"

static const loops *fastest_loops(void) {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return &loops_avx512;
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) return &loops_avx2;
#endif
  return &loops_portable;
}

typedef enum { OPERATIONS, TRIAD, STREAMED_TRIAD, READ } kind;

typedef struct {
  kind kind;
  double bytes, seconds, rate;
  pthread_barrier_t *start;
} task;

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

// One thread's part: the same pass again and again until the time is up or the samples are many.
static void *work(void *argument) {
  task *task = argument;
  const loops *loops = fastest_loops();
  // Whole steps of the widest reading loop; the gap keeps loads from waiting for stores a whole number of 4 KiB away.
  const int arrays = task->kind == READ ? 1 : 3;
  const long step = 8 * 64 / sizeof(float), gap = 1344 / sizeof(float);
  const long count = ((long)(task->bytes / arrays / sizeof(float)) + step - 1) / step * step;
  const size_t page = 2 << 20, size = ((size_t)(count + gap) * arrays * sizeof(float) + page - 1) / page * page;
  float *a = aligned_alloc(page, size), *b = a + count + gap, *y = b + count + gap;
  if (a == NULL) abort();
  madvise(a, size, MADV_HUGEPAGE);
  for (size_t i = 0; i < size / sizeof(float); i++) a[i] = 1;
  // So many passes between two looks at the clock that the looks do not count.
  const long passes = task->kind == OPERATIONS ? 4 : 1 + (long)(1e6 / task->bytes);

  // The median, as for the workloads: what an interruption took is left out alike.
  enum { SAMPLES = 4096 };
  double rates[SAMPLES];
  int samples = 0;
  pthread_barrier_wait(task->start);
  const double start = now();
  double before = start;
  do {
    double done = 0;
    for (long pass = 0; pass < passes; pass++) {
      switch (task->kind) {
        case OPERATIONS: done += loops->multiply_adds(); break;
        case TRIAD: loops->triad(y, a, b, count); break;
        case STREAMED_TRIAD: loops->streamed_triad(y, a, b, count); break;
        case READ: loops->read(a, count); break;
      }
      if (task->kind != OPERATIONS) done += (double)(count * arrays) * sizeof(float);
    }
    const double after = now();
    rates[samples++] = done / (after - before);
    before = after;
  } while (before - start < task->seconds && samples < SAMPLES);
  qsort(rates, (size_t)samples, sizeof(double), ascending);
  task->rate = rates[samples / 2];
  free(a);
  return NULL;
}

static double limit(kind kind, int threads, double bytes, double seconds) {
  pthread_barrier_t start;
  pthread_barrier_init(&start, NULL, (unsigned)threads);
  pthread_t others[threads];
  task tasks[threads];
  for (int i = 0; i < threads; i++) tasks[i] = (task){kind, bytes / threads, seconds, 0, &start};
  for (int i = 1; i < threads; i++)
    if (pthread_create(&others[i], NULL, work, &tasks[i]) != 0) abort();
  work(&tasks[0]);
  double rate = tasks[0].rate;
  for (int i = 1; i < threads; i++) {
    pthread_join(others[i], NULL);
    rate += tasks[i].rate;
  }
  pthread_barrier_destroy(&start);
  return rate;
}

double limit_of_operations(int threads, double seconds) { return limit(OPERATIONS, threads, 0, seconds); }

double limit_of_traffic(int threads, double bytes, double seconds) {
  const double ordinary = limit(TRIAD, threads, bytes, seconds / 2), streamed = limit(STREAMED_TRIAD, threads, bytes, seconds / 2);
  return ordinary > streamed ? ordinary : streamed;
}

double limit_of_reads(int threads, double bytes, double seconds) { return limit(READ, threads, bytes, seconds); }
