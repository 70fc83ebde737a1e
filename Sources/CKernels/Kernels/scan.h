// Running sums, products, extremes and logarithms of sums of exponentials along an axis.

#define FILE "scan_loops.h"
#include "each_number.h"

typedef void scan_loop(intptr_t n, intptr_t step, const void *x, void *out, int64_t *positions);

static scan_loop *const scan_loops[GB_SCAN_LOG_SUM_EXP + 1][GB_BOOL + 1] = {
  [GB_SCAN_SUM] = {NUMBERS(scan_sum)},
  [GB_SCAN_PRODUCT] = {NUMBERS(scan_product)},
  [GB_SCAN_MAX] = {NUMBERS(scan_max)},
  [GB_SCAN_MIN] = {NUMBERS(scan_min)},
  [GB_SCAN_LOG_SUM_EXP] = {FLOATS(scan_log_sum_exp)},
};

typedef struct {
  scan_loop *loop;
  intptr_t n, inner;
  const char *x;
  char *out;
  int64_t *positions;
  size_t size;
} scan_call;

static void scan_rows(void *context, intptr_t begin, intptr_t end) {
  const scan_call *const call = context;
  for (intptr_t row = begin; row < end; row++) {
    const intptr_t start = row / call->inner * call->n * call->inner + row % call->inner;
    call->loop(call->n, call->inner, call->x + (size_t)start * call->size, call->out + (size_t)start * call->size,
               call->positions ? call->positions + start : NULL);
  }
}

static void scan(gb_scan_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, const void *x, void *out,
                 int64_t *positions) {
  scan_call call = {scan_loops[op][dtype], n, inner, x, out, positions, gb_size_of(dtype)};
  if (call.loop == NULL) gb_unsupported("scan", op, dtype);
  if (n > 0) gb_split(outer * inner, gb_rows_per_piece(4 * n), scan_rows, &call);
}
