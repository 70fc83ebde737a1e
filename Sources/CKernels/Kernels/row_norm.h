// Layer normalisation and its relatives: each row of [rows, n] by itself.

typedef struct {
  gb_dtype dtype;
  intptr_t rows, n;
  bool centred, streamed;
  double epsilon;
  const void *x, *g, *weight, *bias;
  void *out, *mean, *r, *dweight, *dbias;
  double *partials;  // [pieces, 2, n]
  intptr_t pieces, rows_per_piece;
} row_norm_call;

#define FILE "row_norm_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

static void row_norm_piece(void *context, intptr_t begin, intptr_t end) {
  const row_norm_call *const call = context;
  if (call->dtype == GB_FLOAT32) row_norm_f32(call, begin, end);
  else row_norm_f64(call, begin, end);
}

static void row_norm_gradient_piece(void *context, intptr_t piece) {
  const row_norm_call *const call = context;
  if (call->dtype == GB_FLOAT32) row_norm_gradient_f32(call, piece);
  else row_norm_gradient_f64(call, piece);
}

static void row_norm_totals_piece(void *context, intptr_t begin, intptr_t end) {
  const row_norm_call *const call = context;
  if (call->dtype == GB_FLOAT32) row_norm_totals_f32(call, begin, end);
  else row_norm_totals_f64(call, begin, end);
}

static void row_norm(gb_dtype dtype, intptr_t rows, intptr_t n, double epsilon, const void *x, const void *weight,
                     const void *bias, void *out, void *mean, void *r) {
  if (dtype > GB_FLOAT64) gb_unsupported("row_norm", 0, dtype);
  row_norm_call call = {.dtype = dtype, .n = n, .centred = mean != NULL, .epsilon = epsilon, .x = x, .weight = weight,
                        .bias = bias, .out = out, .mean = mean, .r = r};
  const size_t bytes = (size_t)n * gb_size_of(dtype);
  call.streamed = bytes % VECTOR_BYTES == 0 && is_streamed((size_t)rows * bytes, out, x, NULL);
  gb_split(rows, gb_rows_per_piece(2 * n), row_norm_piece, &call);
}

static void row_norm_gradient(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *x, const void *mean,
                              const void *r, const void *weight, void *dx, void *dweight, void *dbias) {
  if (dtype > GB_FLOAT64) gb_unsupported("row_norm_gradient", 0, dtype);
  // The record has one type for what the forward pass writes and this one reads.
  row_norm_call call = {.dtype = dtype, .rows = rows, .n = n, .centred = mean != NULL, .x = x, .g = g, .weight = weight,
                        .out = dx, .mean = (void *)(uintptr_t)mean, .r = (void *)(uintptr_t)r, .dweight = dweight,
                        .dbias = dbias};
  // At most sixteen pieces, each of whose sums is as long as two rows.
  const intptr_t enough = gb_rows_per_piece(4 * n), share = (rows + 15) / 16;
  call.rows_per_piece = enough > share ? enough : share;
  call.pieces = (rows + call.rows_per_piece - 1) / call.rows_per_piece;
  const size_t bytes = (size_t)(call.pieces * 2 * n) * sizeof(double);
  if (dweight != NULL && bytes > 0) call.partials = gb_allocate(bytes);
  if (call.pieces == 1) row_norm_gradient_piece(&call, 0);
  else gb_parallel(call.pieces, row_norm_gradient_piece, &call);
  if (dweight != NULL) gb_split(n, GB_GRAIN / 16, row_norm_totals_piece, &call);
  if (call.partials != NULL) gb_free(call.partials, bytes);
}
