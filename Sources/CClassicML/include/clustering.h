// Kernels of clustering: distances from samples to a few centres, one pass of Lloyd's algorithm.
//
// Samples are cut into pieces by their number alone, never by the number of threads: so are the sums' last bits.

#ifndef CCLASSICML_CLUSTERING_H
#define CCLASSICML_CLUSTERING_H

#include "CKernels.h"

/// Samples and centres, both of `dtype` (float32 or float64).
typedef struct gb_centre_problem {
  gb_dtype dtype;
  intptr_t samples, features, centres;
  const void *x;       // [samples, features]
  const void *origin;  // [features], taken off each sample: far from zero, products would cancel
  bool is_about_zero;  // whether the origin is zeros, and need not be taken off
  const void *c;       // [centres, features], from which the origin has been taken off already
} gb_centre_problem;

/// The nearest centre of each sample, the first of equals, into `labels`, which holds what was nearest before; returns
/// how many changed. Unless NULL, `sums` [centres, features] becomes each centre's sum of its samples (less the
/// origin), `counts` [centres] their number.
intptr_t gb_nearest_centres(gb_centre_problem p, int32_t *labels, double *sums, int64_t *counts);

/// ‖x − c‖² of each sample and each centre, [samples, centres] of the problem's dtype; never below 0.
void gb_squared_distances(gb_centre_problem p, void *distances);

/// ‖x − c‖² of each sample and the centre that `labels` gives it: summed difference by difference, thus exact also
/// where it is small. [samples]
void gb_squared_distances_to_own(gb_centre_problem p, const int32_t *labels, double *distances);

#endif
