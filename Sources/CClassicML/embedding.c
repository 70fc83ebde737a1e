// The forces of t-SNE: the kernels for each instruction set, and their division among threads.

#include "embedding.h"

#include "CKernels.h"
#include "tree.h"

#include <math.h>
#include <string.h>

/// How many points walk through the tree together.
#define GROUP 16
/// How many groups, and how many points with their neighbours, a thread takes at a time.
#define GROUPS 8
#define POINTS 64

typedef float LANES __attribute__((ext_vector_type(GROUP)));
typedef int32_t PLACES __attribute__((ext_vector_type(GROUP)));

typedef struct repulsion {
  const gb_tree *tree;
  int dimensions;
  float square_of_angle;
  float *forces;
  double *sums;  // of weights, [groups]
} repulsion;

typedef struct attraction {
  intptr_t points;
  int dimensions;
  const float *y;
  const int64_t *starts;
  const int32_t *neighbours;
  const float *p;
  float *forces;
  double *costs;
} attraction;

#define NAME(x) x##_portable
#define SOME(mask) (__builtin_reduce_or(mask) != 0)
#include "embedding_kernel.h"

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx2
#define SOME(mask) (__builtin_reduce_or(mask) != 0)
#include "embedding_kernel.h"
#pragma clang attribute pop
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define NAME(x) x##_avx512
#define SOME(mask) (__builtin_reduce_or(mask) != 0)
#include "embedding_kernel.h"
#pragma clang attribute pop
#endif

typedef void (*body)(void *, intptr_t);

static void choose(body *repel, body *attract) {
  *repel = repel_portable;
  *attract = attract_portable;
#if defined(__x86_64__)
  const char *isa = gb_cpu_kernels()->name;
  if (strcmp(isa, "avx512") == 0) {
    *repel = repel_avx512;
    *attract = attract_avx512;
  } else if (strcmp(isa, "avx2") == 0) {
    *repel = repel_avx2;
    *attract = attract_avx2;
  }
#endif
}

double gb_repulsion(intptr_t points, int dimensions, float angle, const float *y, float *forces) {
  body repel, attract;
  choose(&repel, &attract);
  const gb_tree tree = gb_make_tree(points, dimensions, y);
  const intptr_t groups = (points + GROUP - 1) / GROUP;
  double *sums = gb_allocate((size_t)groups * sizeof(double));
  repulsion task = {&tree, dimensions, angle * angle, forces, sums};
  gb_parallel((groups + GROUPS - 1) / GROUPS, repel, &task);
  double sum = 0;
  for (intptr_t g = 0; g < groups; g++) sum += sums[g];
  gb_free(sums, (size_t)groups * sizeof(double));
  gb_free_tree(tree);
  return sum;
}

static void measure(void *context, intptr_t piece) {
  const attraction *task = context;
  const intptr_t first = piece * POINTS, last = first + POINTS < task->points ? first + POINTS : task->points;
  for (intptr_t i = first; i < last; i++) {
    double cost = 0;
    for (int64_t e = task->starts[i]; e < task->starts[i + 1]; e++) {
      double square = 0;
      for (int a = 0; a < task->dimensions; a++) {
        const double gap = (double)task->y[i * task->dimensions + a]
                           - (double)task->y[(intptr_t)task->neighbours[e] * task->dimensions + a];
        square += gap * gap;
      }
      cost += (double)task->p[e] * log1p(square);
    }
    task->costs[i] = cost;
  }
}

void gb_attraction(
    intptr_t points, int dimensions, const float *y, const int64_t *starts, const int32_t *neighbours, const float *p,
    float *forces, double *costs) {
  body repel, attract;
  choose(&repel, &attract);
  attraction task = {points, dimensions, y, starts, neighbours, p, forces, costs};
  const intptr_t pieces = (points + POINTS - 1) / POINTS;
  gb_parallel(pieces, attract, &task);
  if (costs != NULL) gb_parallel(pieces, measure, &task);
}
