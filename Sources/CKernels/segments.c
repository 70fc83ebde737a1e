#include "segments.h"

#include <math.h>

gb_segments gb_normal_tail, gb_gelu_slope, gb_erf_slope, gb_tanh_slope, gb_sigmoid_tail;
gb_logarithms gb_logarithm_table;

static double normal_tail(double t) { return 0.5 * erfc(t * 0x1.6a09e667f3bcdp-1); }
static double gelu_slope(double t) { return normal_tail(t) - t * 0.3989422804014327 * exp(-0.5 * t * t); }
static double erf_slope(double t) { return erf(t) / t; }
static double tanh_slope(double t) { return tanh(t) / t; }
static double sigmoid_tail(double t) { return 1 / (1 + exp(t)); }

/// The polynomial through f's values at Chebyshev's points of a segment: Newton's divided differences, multiplied out.
static void fit_segment(double (*f)(double), int k, gb_segments *segments) {
  const int n = GB_SEGMENT_TERMS;
  double point[GB_SEGMENT_TERMS], difference[GB_SEGMENT_TERMS], coefficient[GB_SEGMENT_TERMS] = {0};
  for (int i = 0; i < n; i++) {
    point[i] = 0.5 * cos((i + 0.5) * 3.141592653589793 / n);
    difference[i] = f((k + point[i]) / segments->per_unit);
  }
  for (int order = 1; order < n; order++) {
    for (int i = n - 1; i >= order; i--) {
      difference[i] = (difference[i] - difference[i - 1]) / (point[i] - point[i - order]);
    }
  }
  for (int i = n - 1; i >= 0; i--) {
    for (int power = n - 1; power > 0; power--) coefficient[power] = coefficient[power - 1] - point[i] * coefficient[power];
    coefficient[0] = difference[i] - point[i] * coefficient[0];
  }
  for (int i = 0; i < n; i++) segments->coefficient[i][k] = (float)coefficient[i];
}

static void fit(gb_segments *segments, float per_unit, double (*f)(double)) {
  segments->per_unit = per_unit;
  for (int k = 0; k < GB_SEGMENTS; k++) fit_segment(f, k, segments);
}

static void fill_logarithms(void) {
  for (int k = 0; k < GB_SEGMENTS; k++) {
    // The middle of 1 + k/32 … 1 + (k + 1)/32, or for the upper half of half that.
    const double middle = (1 + (k + 0.5) / GB_SEGMENTS) * (k < GB_SEGMENTS / 2 ? 1 : 0.5);
    const bool is_at_1 = k == 0 || k == GB_SEGMENTS - 1;
    gb_logarithm_table.inverse[k] = is_at_1 ? 1 : (float)(1 / middle);
    gb_logarithm_table.logarithm[k] = (float)-log((double)gb_logarithm_table.inverse[k]);
  }
}

void gb_fit_segments(void) {
  fill_logarithms();
  fit(&gb_normal_tail, 6, normal_tail);
  fit(&gb_gelu_slope, 6, gelu_slope);
  fit(&gb_erf_slope, 6, erf_slope);
  fit(&gb_tanh_slope, 3.45f, tanh_slope);
  fit(&gb_sigmoid_tail, 2, sigmoid_tail);
}
