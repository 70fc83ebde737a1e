// Group normalisation: each sample's each group of neighbouring channels by itself, with a factor for each channel.

typedef struct {
  gb_dtype dtype;
  intptr_t batch, channels, groups, space;
  double epsilon;
  const void *x, *g, *weight, *bias;
  void *out, *mean, *r, *dweight, *dbias;
  double *sums;
} group_norm_call;

#define FILE "group_norm_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

static void group_norm_piece(void *context, intptr_t begin, intptr_t end) {
  const group_norm_call *const call = context;
  if (call->dtype == GB_FLOAT32) group_norm_f32(call, begin, end);
  else group_norm_f64(call, begin, end);
}

static void group_norm_gradient_piece(void *context, intptr_t begin, intptr_t end) {
  const group_norm_call *const call = context;
  if (call->dtype == GB_FLOAT32) group_norm_gradient_f32(call, begin, end);
  else group_norm_gradient_f64(call, begin, end);
}

static void group_norm(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t groups, intptr_t space, double epsilon,
                       const void *x, const void *weight, const void *bias, void *out, void *mean, void *r) {
  if (dtype > GB_FLOAT64) gb_unsupported("group_norm", 0, dtype);
  group_norm_call call = {.dtype = dtype, .batch = batch, .channels = channels, .groups = groups, .space = space,
                          .epsilon = epsilon, .x = x, .weight = weight, .bias = bias, .out = out, .mean = mean, .r = r};
  gb_split(batch * groups, gb_rows_per_piece(2 * channels / groups * space), group_norm_piece, &call);
}

static void group_norm_gradient(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t groups, intptr_t space,
                                const void *g, const void *x, const void *mean, const void *r, const void *weight, void *dx,
                                void *dweight, void *dbias) {
  if (dtype > GB_FLOAT64) gb_unsupported("group_norm_gradient", 0, dtype);
  const size_t bytes = (size_t)(batch * channels * 2) * sizeof(double);
  group_norm_call call = {.dtype = dtype, .batch = batch, .channels = channels, .groups = groups, .space = space, .x = x,
                          .g = g, .weight = weight, .out = dx, .mean = (void *)(uintptr_t)mean, .r = (void *)(uintptr_t)r,
                          .dweight = dweight, .dbias = dbias, .sums = gb_allocate(bytes)};
  gb_split(batch * groups, gb_rows_per_piece(4 * channels / groups * space), group_norm_gradient_piece, &call);
  if (dtype == GB_FLOAT32) group_norm_totals_f32(&call);
  else group_norm_totals_f64(&call);
  gb_free(call.sums, bytes);
}
