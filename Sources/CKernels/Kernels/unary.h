// y = f(x), element by element.

#define FILE "unary_loops.h"
#include "each_number.h"
#define FILE "transcendental_loops.h"
#include "each_float.h"
#define FILE "library_loops.h"
#include "each_float.h"

static void negate_bool(intptr_t n, const void *x_, void *out_) {
  const uint8_t *const in = x_;
  uint8_t *const out = out_;
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) out[i] = in[i] == 0;
}

static void all_true(intptr_t n, const void *x, void *out) {
  (void)x;
  memset(out, 1, (size_t)n);
}

static void all_false(intptr_t n, const void *x, void *out) {
  (void)x;
  memset(out, 0, (size_t)n);
}

typedef void unary_loop(intptr_t n, const void *x, void *out);

// In the order of gb_dtype. A bool is its own absolute value, square, and so on.
#define FLOATS(name) name##_f32, name##_f64, name##_bf16
#define NUMBERS(name) FLOATS(name), name##_i32, name##_i64, name##_u8

static unary_loop *const unary_loops[GB_NOT + 1][GB_BOOL + 1] = {
  [GB_NEGATE] = {NUMBERS(negate)},
  [GB_ABS] = {NUMBERS(absolute), identity_u8},
  [GB_SIGN] = {NUMBERS(sign), identity_u8},
  [GB_SQUARE] = {NUMBERS(square), identity_u8},
  [GB_RECIPROCAL] = {FLOATS(reciprocal)},
  [GB_EXP] = {FLOATS(exponential)},
  [GB_LOG] = {FLOATS(logarithm)},
  [GB_SQRT] = {FLOATS(square_root)},
  [GB_RSQRT] = {FLOATS(reciprocal_root)},
  [GB_TANH] = {FLOATS(tanh)},
  [GB_SIGMOID] = {FLOATS(sigmoid)},
  [GB_RELU] = {NUMBERS(relu), identity_u8},
  [GB_FLOOR] = {FLOATS(floor), identity_i32, identity_i64, identity_u8, identity_u8},
  [GB_CEIL] = {FLOATS(ceiling), identity_i32, identity_i64, identity_u8, identity_u8},
  [GB_ROUND] = {FLOATS(round), identity_i32, identity_i64, identity_u8, identity_u8},
  [GB_SIN] = {FLOATS(sine)},
  [GB_COS] = {FLOATS(cosine)},
  [GB_EXPM1] = {FLOATS(exponential_minus_1)},
  [GB_LOG1P] = {FLOATS(logarithm_of_1_plus)},
  [GB_ERF] = {FLOATS(error_function)},
  [GB_TAN] = {FLOATS(tangent)},
  [GB_ASIN] = {FLOATS(arcsine)},
  [GB_ACOS] = {FLOATS(arccosine)},
  [GB_ATAN] = {FLOATS(arctangent)},
  [GB_SINH] = {FLOATS(hyperbolic_sine)},
  [GB_COSH] = {FLOATS(hyperbolic_cosine)},
  [GB_ASINH] = {FLOATS(inverse_hyperbolic_sine)},
  [GB_ACOSH] = {FLOATS(inverse_hyperbolic_cosine)},
  [GB_ATANH] = {FLOATS(inverse_hyperbolic_tangent)},
  [GB_EXP2] = {FLOATS(power_of_2)},
  [GB_LOG2] = {FLOATS(logarithm_to_base_2)},
  [GB_LOG10] = {FLOATS(logarithm_to_base_10)},
  [GB_ERFC] = {FLOATS(complementary_error_function)},
  [GB_ERF_INVERSE] = {FLOATS(inverse_error_function)},
  [GB_LOG_GAMMA] = {FLOATS(log_gamma)},
  [GB_DIGAMMA] = {FLOATS(digamma)},
  [GB_TRUNCATE] = {FLOATS(truncated), identity_i32, identity_i64, identity_u8, identity_u8},
  [GB_IS_NAN] = {FLOATS(is_nan), all_false, all_false, all_false, all_false},
  [GB_IS_FINITE] = {FLOATS(is_finite), all_true, all_true, all_true, all_true},
  [GB_NOT] = {[GB_BOOL] = negate_bool},
};

/// How much longer than a copy an operation takes, roughly: the pieces of dear ones are smaller.
static inline intptr_t unary_cost(gb_unary_op op) {
  if (op >= GB_TAN && op <= GB_DIGAMMA) return 16;
  return op == GB_EXP || op == GB_LOG || op == GB_TANH || op == GB_SIGMOID || (op >= GB_SIN && op <= GB_ERF) ? 4 : 1;
}

typedef struct {
  unary_loop *loop;
  const char *x;
  char *out;
  size_t size, out_size;
  bool streamed;
} unary_call;

static void unary_piece(void *context, intptr_t begin, intptr_t end) {
  const unary_call *const call = context;
  if (call->streamed) {
    _Alignas(64) char buffer[STREAM_BUFFER];
    const intptr_t most = STREAM_BUFFER / (intptr_t)call->out_size;
    for (intptr_t i = begin; i < end; i += most) {
      const intptr_t n = end - i < most ? end - i : most;
      call->loop(n, call->x + (size_t)i * call->size, buffer);
      stream((size_t)n * call->out_size, buffer, call->out + (size_t)i * call->out_size);
    }
    end_stream();
    return;
  }
  call->loop(end - begin, call->x + (size_t)begin * call->size, call->out + (size_t)begin * call->out_size);
}

static void unary(gb_unary_op op, gb_dtype dtype, intptr_t n, const void *x, void *out) {
  unary_loop *const loop = unary_loops[op][dtype];
  if (loop == NULL) gb_unsupported("unary", op, dtype);
  const intptr_t grain = GB_GRAIN / unary_cost(op);
  if (n <= grain) {
    loop(n, x, out);
    return;
  }
  const size_t size = gb_size_of(dtype), out_size = op == GB_IS_NAN || op == GB_IS_FINITE ? 1 : size;
  unary_call call = {loop, x, out, size, out_size, is_streamed((size_t)n * out_size, out, x, NULL)};
  gb_split(n, grain, unary_piece, &call);
}

typedef void clamp_loop(intptr_t n, const void *x, double low, double high, void *out);
static clamp_loop *const clamp_loops[GB_BOOL + 1] = {NUMBERS(clamp)};

typedef struct {
  clamp_loop *loop;
  const char *x;
  char *out;
  size_t size;
  double low, high;
} clamp_call;

static void clamp_piece(void *context, intptr_t begin, intptr_t end) {
  const clamp_call *const call = context;
  const size_t offset = (size_t)begin * call->size;
  call->loop(end - begin, call->x + offset, call->low, call->high, call->out + offset);
}

static void clamp(gb_dtype dtype, intptr_t n, const void *x, double low, double high, void *out) {
  if (clamp_loops[dtype] == NULL) gb_unsupported("clamp", 0, dtype);
  clamp_call call = {clamp_loops[dtype], x, out, gb_size_of(dtype), low, high};
  gb_split(n, GB_GRAIN, clamp_piece, &call);
}
