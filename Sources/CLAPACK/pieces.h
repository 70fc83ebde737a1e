// A batch of matrices cut into pieces, each of which runs on one thread of the pool.

#ifndef CLAPACK_PIECES_H
#define CLAPACK_PIECES_H

#include <stddef.h>
#include <stdint.h>

#include "CLAPACK.h"

/// What a piece of any of the functions needs; each uses what it names.
typedef struct gb_job {
  gb_matrices shape;
  void *a, *first, *second, *third;
  intptr_t count;
  bool vectors, transposed;
  gb_triangle triangle;
  int32_t *info;
} gb_job;

/// Matrices begin ..< end of a job.
typedef void gb_matrices_body(const gb_job *job, intptr_t begin, intptr_t end);

/// Runs one of the two bodies over the batch. `operations`: about how many one matrix takes.
void gb_over_batch(const gb_job *job, double operations, gb_matrices_body *float32, gb_matrices_body *float64);

/// malloc, or the end of the program.
void *gb_workspace(size_t bytes);

#endif
