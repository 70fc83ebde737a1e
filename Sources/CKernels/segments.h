// Functions as 32 polynomials of degree 5, for processors that look up 32 numbers in one instruction (Kernels/vector_segments.h).

#ifndef GB_SEGMENTS_H
#define GB_SEGMENTS_H

#include "parallel.h"

#define GB_SEGMENTS 32
#define GB_SEGMENT_TERMS 6

/// f(t) = Σᵢ coefficient[i][k]·uⁱ with k = t·per_unit, rounded, and u = t·per_unit − k: for t from 0 to 31.5/per_unit.
typedef struct {
  float per_unit;
  _Alignas(64) float coefficient[GB_SEGMENT_TERMS][GB_SEGMENTS];
} gb_segments;

/// For t to 5.25: Φ(−t) = ½·erfc(t/√2) within 4e-7 of itself, and GELU's derivative at −t, Φ(−t) − t·φ(t), within 2e-8.
extern GB_HIDDEN gb_segments gb_normal_tail, gb_gelu_slope;
/// erf(t)/t for t to 5 and tanh(t)/t to 9.1, both within 6e-8 of themselves.
extern GB_HIDDEN gb_segments gb_erf_slope, gb_tanh_slope;

/// The logistic function of −t, for t to 15.75, within 9e-8 of itself.
extern GB_HIDDEN gb_segments gb_sigmoid_tail;

/// For the logarithm of m from 0.75 to 1.5, whose five bits after the leading one are k: a number near 1/m, and minus its logarithm. Both
/// segments at 1 have 1 itself, so that nothing cancels there.
typedef struct {
  _Alignas(64) float inverse[GB_SEGMENTS];
  float logarithm[GB_SEGMENTS];
} gb_logarithms;
extern GB_HIDDEN gb_logarithms gb_logarithm_table;

/// Fits them; before the first kernel runs.
GB_HIDDEN void gb_fit_segments(void);

#endif
