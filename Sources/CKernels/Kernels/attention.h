// Attention a block of the scores at a time, so that memory grows with the length and not with its square (Dao, Fu, Ermon,
// Rudra & Ré, "FlashAttention", 2022; the backward pass as in Dao, "FlashAttention-2", 2023).

/// A block of the scores: so many queries and keys. Both passes use the same blocks, so that they see the same dropout.
#define QUERY_BLOCK 64
#define KEY_BLOCK 128

typedef struct {
  gb_dtype dtype;
  const gb_attention *shape;
  const void *q, *k, *v, *g;
  const void *out_in;  // what the forward pass computed
  void *out, *log_sum_exp, *dq, *dk, *dv;
} attention_call;

#define FILE "attention_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

static void attention_piece(void *context, intptr_t begin, intptr_t end) {
  const attention_call *const call = context;
  if (call->dtype == GB_FLOAT32) attention_f32(call, begin, end);
  else attention_f64(call, begin, end);
}

static void attention_gradient_piece(void *context, intptr_t begin, intptr_t end) {
  const attention_call *const call = context;
  if (call->dtype == GB_FLOAT32) attention_gradient_f32(call, begin, end);
  else attention_gradient_f64(call, begin, end);
}

/// How many units of so many multiplications make a piece: some tens of microseconds.
static intptr_t attention_grain(const gb_attention *s, double multiplications) {
  const double grain = (double)(1 << 20) / (multiplications * (s->causal ? 0.5 : 1) + 1);
  return grain < 1 ? 1 : grain > 1 << 20 ? 1 << 20 : (intptr_t)grain;
}

static void attention(gb_dtype dtype, const gb_attention *shape, const void *q, const void *k, const void *v, void *out,
                      void *log_sum_exp) {
  if (dtype > GB_FLOAT64) gb_unsupported("attention", 0, dtype);
  attention_call call = {.dtype = dtype, .shape = shape, .q = q, .k = k, .v = v, .out = out, .log_sum_exp = log_sum_exp};
  const intptr_t blocks = (shape->length + QUERY_BLOCK - 1) / QUERY_BLOCK;
  const double work = (double)QUERY_BLOCK * (double)shape->keys * (double)(shape->width + shape->value_width);
  gb_split(shape->batch * shape->heads * blocks, attention_grain(shape, work), attention_piece, &call);
}

static void attention_gradient(gb_dtype dtype, const gb_attention *shape, const void *g, const void *q, const void *k,
                               const void *v, const void *out, const void *log_sum_exp, void *dq, void *dk, void *dv) {
  if (dtype > GB_FLOAT64) gb_unsupported("attention_gradient", 0, dtype);
  attention_call call = {.dtype = dtype, .shape = shape, .q = q, .k = k, .v = v, .g = g, .out_in = out,
                         .log_sum_exp = (void *)(uintptr_t)log_sum_exp, .dq = dq, .dk = dk, .dv = dv};
  const double work = (double)shape->length * (double)shape->keys * (double)(3 * shape->width + 2 * shape->value_width)
                      * (double)(shape->heads / shape->key_heads);
  gb_split(shape->batch * shape->key_heads, attention_grain(shape, work), attention_gradient_piece, &call);
}
