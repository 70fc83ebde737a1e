// Samples against centres: the kernels for each element type and instruction set, and their division among threads.

#include "clustering.h"

#include <math.h>
#include <string.h>

/// How many samples are multiplied at once: as many products are under way as the processor's multipliers need to be
/// busy.
#define BLOCK 8

typedef struct centre_task {
  gb_centre_problem problem;
  intptr_t width, rows;  // columns of the packed centres; samples of a piece
  void *c, *halves;      // [features, width] and [width]
  int32_t *labels;
  void *sums;            // [pieces, centres, features] or NULL
  int64_t *counts;       // [pieces, centres]
  intptr_t *changed;     // [pieces]
  void *distances;       // [samples, centres] or NULL
  double *own;           // [samples]
} centre_task;

#define REAL float
#define INTEGER int32_t
#define LANES 4
#define NAME(x) x##_f32_portable
#include "centres_kernel.h"
#define REAL double
#define INTEGER int64_t
#define LANES 2
#define NAME(x) x##_f64_portable
#include "centres_kernel.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define REAL float
#define INTEGER int32_t
#define LANES 8
#define NAME(x) x##_f32_avx2
#include "centres_kernel.h"
#define REAL double
#define INTEGER int64_t
#define LANES 4
#define NAME(x) x##_f64_avx2
#include "centres_kernel.h"
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define REAL float
#define INTEGER int32_t
#define LANES 16
#define NAME(x) x##_f32_avx512
#include "centres_kernel.h"
#define REAL double
#define INTEGER int64_t
#define LANES 8
#define NAME(x) x##_f64_avx512
#include "centres_kernel.h"
#pragma clang attribute pop
#endif

/// The kernels for one element type on this processor.
typedef struct centre_kernels {
  int lanes;
  void (*pack)(centre_task *);
  void (*piece)(centre_task *, intptr_t);
  void (*own)(centre_task *, intptr_t);
} centre_kernels;

#define KERNELS(type, isa, lanes) \
  (centre_kernels) { lanes, pack_##type##_##isa, piece_##type##_##isa, own_##type##_##isa }

static centre_kernels kernels_for(gb_dtype dtype) {
#if defined(__x86_64__)
  const char *isa = gb_cpu_kernels()->name;
  if (strcmp(isa, "avx512") == 0) return dtype == GB_FLOAT32 ? KERNELS(f32, avx512, 16) : KERNELS(f64, avx512, 8);
  if (strcmp(isa, "avx2") == 0) return dtype == GB_FLOAT32 ? KERNELS(f32, avx2, 8) : KERNELS(f64, avx2, 4);
#endif
  return dtype == GB_FLOAT32 ? KERNELS(f32, portable, 4) : KERNELS(f64, portable, 2);
}

typedef struct centre_work {
  centre_task task;
  void (*body)(centre_task *, intptr_t);
} centre_work;

static void run(void *context, intptr_t piece) {
  centre_work *work = context;
  work->body(&work->task, piece);
}

/// A piece has 1024 samples or more; where each piece has sums of its own, these take no more memory together than a
/// quarter of the samples.
static intptr_t rows_of_piece(const gb_centre_problem *p, bool sums) {
  intptr_t pieces = (p->samples + 1023) / 1024;
  if (pieces > 64) pieces = 64;
  const intptr_t most = p->samples / (4 * p->centres);
  if (sums && pieces > most) pieces = most < 1 ? 1 : most;
  const intptr_t rows = (p->samples + pieces - 1) / pieces;
  return (rows + BLOCK - 1) / BLOCK * BLOCK;
}

/// Packs the centres and runs all pieces. Returns how many labels changed.
static intptr_t measure(centre_task task, double *sums, int64_t *counts) {
  const gb_centre_problem *p = &task.problem;
  const centre_kernels kernels = kernels_for(p->dtype);
  const size_t size = p->dtype == GB_FLOAT32 ? sizeof(float) : sizeof(double);
  task.width = (p->centres + kernels.lanes - 1) / kernels.lanes * kernels.lanes;
  task.rows = rows_of_piece(p, sums != NULL);
  const intptr_t pieces = (p->samples + task.rows - 1) / task.rows, cells = p->centres * p->features;
  const size_t packed = (size_t)(task.width * (p->features + 1)) * size;
  const size_t partial = sums == NULL ? 0 : (size_t)(pieces * cells) * size;
  const size_t counted = (size_t)(pieces * (p->centres + 1)) * sizeof(int64_t);
  task.c = gb_allocate(packed);
  task.halves = (char *)task.c + (size_t)(task.width * p->features) * size;
  task.sums = sums == NULL ? NULL : gb_allocate(partial);
  task.counts = gb_allocate(counted);
  task.changed = (intptr_t *)(task.counts + pieces * p->centres);
  kernels.pack(&task);
  centre_work work = {task, kernels.piece};
  gb_parallel(pieces, run, &work);
  intptr_t changed = 0;
  for (intptr_t piece = 0; piece < pieces; piece++) changed += task.changed[piece];
  if (sums != NULL) {
    memset(sums, 0, (size_t)cells * sizeof(double));
    memset(counts, 0, (size_t)p->centres * sizeof(int64_t));
    for (intptr_t piece = 0; piece < pieces; piece++) {
      const intptr_t start = piece * cells;
      if (p->dtype == GB_FLOAT32)
        for (intptr_t i = 0; i < cells; i++) sums[i] += (double)((float *)task.sums)[start + i];
      else
        for (intptr_t i = 0; i < cells; i++) sums[i] += ((double *)task.sums)[start + i];
      for (intptr_t k = 0; k < p->centres; k++) counts[k] += task.counts[piece * p->centres + k];
    }
    gb_free(task.sums, partial);
  }
  gb_free(task.counts, counted);
  gb_free(task.c, packed);
  return changed;
}

intptr_t gb_nearest_centres(gb_centre_problem p, int32_t *labels, double *sums, int64_t *counts) {
  if (p.samples == 0) return 0;
  return measure((centre_task){.problem = p, .labels = labels}, sums, counts);
}

void gb_squared_distances(gb_centre_problem p, void *distances) {
  if (p.samples == 0 || p.centres == 0) return;
  measure((centre_task){.problem = p, .distances = distances}, NULL, NULL);
}

void gb_squared_distances_to_own(gb_centre_problem p, const int32_t *labels, double *distances) {
  if (p.samples == 0) return;
  centre_work work = {
      {.problem = p, .labels = (int32_t *)labels, .own = distances, .rows = rows_of_piece(&p, false)},
      kernels_for(p.dtype).own};
  gb_parallel((p.samples + work.task.rows - 1) / work.task.rows, run, &work);
}
