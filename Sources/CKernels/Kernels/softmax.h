// Softmax, its logarithm, the cross-entropy, and their gradients, over the last axis.
//
// bfloat16 goes row by row through float32 buffers, so that a result is rounded once.

#define FILE "softmax_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

typedef enum {
  SOFTMAX, LOG_SOFTMAX, SOFTMAX_GRADIENT, LOG_SOFTMAX_GRADIENT, CROSS_ENTROPY, CROSS_ENTROPY_GRADIENT
} softmax_kind;

typedef struct {
  softmax_kind kind;
  gb_dtype dtype;
  intptr_t n;
  const void *x, *y;  // the gradients of (log-)softmax take g as x
  void *out;
  const int64_t *labels;
  void *losses, *log_sum_exp;
  const void *g;
  bool streamed;
} softmax_call;

/// Rows up to this many elements are streamed by way of a buffer, if the output is.
#define STREAMED_ROW 2048

static void softmax_row_of_float32(const softmax_call *call, intptr_t row, const float *x, const float *y, float *out,
                                   float *loss, float *log_sum_exp, float g) {
  const intptr_t n = call->n;
  switch (call->kind) {
    case SOFTMAX: softmax_row_f32(n, x, out); break;
    case LOG_SOFTMAX: log_softmax_row_f32(n, x, out); break;
    case SOFTMAX_GRADIENT: softmax_gradient_row_f32(n, x, y, out); break;
    case LOG_SOFTMAX_GRADIENT: log_softmax_gradient_row_f32(n, x, y, out); break;
    case CROSS_ENTROPY: cross_entropy_row_f32(n, x, call->labels[row], loss, log_sum_exp); break;
    case CROSS_ENTROPY_GRADIENT: cross_entropy_gradient_row_f32(n, x, call->labels[row], *log_sum_exp, g, out); break;
  }
}

static void softmax_row_of_float64(const softmax_call *call, intptr_t row, const double *x, const double *y, double *out,
                                   double *loss, double *log_sum_exp, double g) {
  const intptr_t n = call->n;
  switch (call->kind) {
    case SOFTMAX: softmax_row_f64(n, x, out); break;
    case LOG_SOFTMAX: log_softmax_row_f64(n, x, out); break;
    case SOFTMAX_GRADIENT: softmax_gradient_row_f64(n, x, y, out); break;
    case LOG_SOFTMAX_GRADIENT: log_softmax_gradient_row_f64(n, x, y, out); break;
    case CROSS_ENTROPY: cross_entropy_row_f64(n, x, call->labels[row], loss, log_sum_exp); break;
    case CROSS_ENTROPY_GRADIENT: cross_entropy_gradient_row_f64(n, x, call->labels[row], *log_sum_exp, g, out); break;
  }
}

static void softmax_rows_of_bfloat16(const softmax_call *call, intptr_t begin, intptr_t end) {
  const intptr_t n = call->n;
  const size_t bytes = (size_t)n * 3 * sizeof(float);
  float *const x = gb_allocate(bytes), *const y = x + n, *const out = y + n;
  for (intptr_t row = begin; row < end; row++) {
    float loss = 0, log_sum_exp = 0, g = 0;
    to_f32_bf16(n, (const bf16 *)call->x + row * n, x);
    if (call->y != NULL) to_f32_bf16(n, (const bf16 *)call->y + row * n, y);
    if (call->kind == CROSS_ENTROPY_GRADIENT) {
      log_sum_exp = float_of_bf16(((const bf16 *)call->log_sum_exp)[row]);
      g = float_of_bf16(((const bf16 *)call->g)[row]);
    }
    softmax_row_of_float32(call, row, x, y, out, &loss, &log_sum_exp, g);
    if (call->kind == CROSS_ENTROPY) {
      ((bf16 *)call->losses)[row] = bf16_of_float(loss);
      ((bf16 *)call->log_sum_exp)[row] = bf16_of_float(log_sum_exp);
    } else {
      to_bf16_f32(n, out, (bf16 *)call->out + row * n);
    }
  }
  gb_free(x, bytes);
}

/// What lies so many bytes on; a missing operand stays missing.
static inline void *further(const void *p, size_t bytes) { return p == NULL ? NULL : (char *)(uintptr_t)p + bytes; }

static void softmax_piece(void *context, intptr_t begin, intptr_t end) {
  const softmax_call *const call = context;
  if (call->dtype == GB_BFLOAT16) {
    softmax_rows_of_bfloat16(call, begin, end);
    return;
  }
  _Alignas(64) char buffer[STREAMED_ROW * 8];
  const size_t size = gb_size_of(call->dtype), bytes = (size_t)call->n * size;
  for (intptr_t row = begin; row < end; row++) {
    const size_t before = (size_t)row * bytes, number = (size_t)row * size;
    const void *const x = further(call->x, before), *const y = further(call->y, before);
    void *const out = call->streamed ? buffer : further(call->out, before);
    void *const loss = further(call->losses, number), *const log_sum_exp = further(call->log_sum_exp, number);
    if (call->dtype == GB_FLOAT32) {
      const float g = call->g != NULL ? ((const float *)call->g)[row] : 0;
      softmax_row_of_float32(call, row, x, y, out, loss, log_sum_exp, g);
    } else {
      const double g = call->g != NULL ? ((const double *)call->g)[row] : 0;
      softmax_row_of_float64(call, row, x, y, out, loss, log_sum_exp, g);
    }
    if (call->streamed) stream(bytes, buffer, (char *)call->out + before);
  }
  if (call->streamed) end_stream();
}

static void softmax_rows(intptr_t rows, softmax_call *call) {
  if (call->dtype > GB_BFLOAT16) gb_unsupported("softmax", call->kind, call->dtype);
  call->streamed = call->n <= STREAMED_ROW
                   && is_streamed((size_t)(rows * call->n) * gb_size_of(call->dtype), call->out, call->x, call->y);
  if (call->n > 0) gb_split(rows, gb_rows_per_piece(4 * call->n), softmax_piece, call);
}

static void softmax(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, void *out) {
  softmax_rows(rows, &(softmax_call){.kind = SOFTMAX, .dtype = dtype, .n = n, .x = x, .out = out});
}

static void log_softmax(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, void *out) {
  softmax_rows(rows, &(softmax_call){.kind = LOG_SOFTMAX, .dtype = dtype, .n = n, .x = x, .out = out});
}

static void softmax_gradient(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *y, void *out) {
  softmax_rows(rows, &(softmax_call){.kind = SOFTMAX_GRADIENT, .dtype = dtype, .n = n, .x = g, .y = y, .out = out});
}

static void log_softmax_gradient(gb_dtype dtype, intptr_t rows, intptr_t n, const void *g, const void *y, void *out) {
  softmax_rows(rows, &(softmax_call){.kind = LOG_SOFTMAX_GRADIENT, .dtype = dtype, .n = n, .x = g, .y = y, .out = out});
}

static void cross_entropy(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, const int64_t *labels, void *losses,
                          void *log_sum_exp) {
  softmax_rows(rows, &(softmax_call){.kind = CROSS_ENTROPY, .dtype = dtype, .n = n, .x = x, .labels = labels,
                                     .losses = losses, .log_sum_exp = log_sum_exp});
}

static void cross_entropy_gradient(gb_dtype dtype, intptr_t rows, intptr_t n, const void *x, const int64_t *labels,
                                   const void *log_sum_exp, const void *g, void *out) {
  // The row functions of the forward pass write the log-sum-exp, so it is not const in the record; here it is only read.
  softmax_rows(rows, &(softmax_call){.kind = CROSS_ENTROPY_GRADIENT, .dtype = dtype, .n = n, .x = x, .labels = labels,
                                     .log_sum_exp = (void *)(uintptr_t)log_sum_exp, .g = g, .out = out});
}
