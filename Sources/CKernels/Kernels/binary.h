// y = f(a, b), element by element.
//
// Every loop takes two contiguous operands. Whatever is not contiguous (a scalar, a broadcast or transposed operand) is
// first spread out in a small buffer that stays in the nearest cache: one loop for each operation instead of four.

#define FILE "binary_loops.h"
#include "each_number.h"

#define LOOP(name, expression)                                                          \
  static void name(intptr_t n, const void *a_, const void *b_, void *out_) {            \
    const uint8_t *const a = a_, *const b = b_;                                         \
    uint8_t *const out = out_;                                                          \
    _Pragma("clang loop vectorize(assume_safety)")                                      \
    for (intptr_t i = 0; i < n; i++) {                                                  \
      const uint8_t x = a[i], y = b[i];                                                 \
      out[i] = expression;                                                              \
    }                                                                                   \
  }
LOOP(and_bool, x & y)
LOOP(or_bool, x | y)
LOOP(xor_bool, x ^ y)
LOOP(power_bool, x | (y ^ 1))  // 0⁰ = 1
#undef LOOP

typedef void binary_loop(intptr_t n, const void *a, const void *b, void *out);

static binary_loop *const binary_loops[GB_RELU_GRADIENT + 1][GB_BOOL + 1] = {
  [GB_ADD] = {NUMBERS(add), or_bool},
  [GB_SUBTRACT] = {NUMBERS(subtract), xor_bool},
  [GB_MULTIPLY] = {NUMBERS(multiply), and_bool},
  [GB_DIVIDE] = {NUMBERS(divide), and_bool},
  [GB_POWER] = {NUMBERS(power), power_bool},
  [GB_MINIMUM] = {NUMBERS(minimum), and_bool},
  [GB_MAXIMUM] = {NUMBERS(maximum), or_bool},
  [GB_EQUAL] = {NUMBERS(equal), equal_u8},
  [GB_NOT_EQUAL] = {NUMBERS(not_equal), not_equal_u8},
  [GB_LESS] = {NUMBERS(less), less_u8},
  [GB_LESS_EQUAL] = {NUMBERS(less_equal), less_equal_u8},
  [GB_GREATER] = {NUMBERS(greater), greater_u8},
  [GB_GREATER_EQUAL] = {NUMBERS(greater_equal), greater_equal_u8},
  [GB_AND] = {[GB_BOOL] = and_bool},
  [GB_OR] = {[GB_BOOL] = or_bool},
  [GB_XOR] = {[GB_BOOL] = xor_bool},
  [GB_TANH_GRADIENT] = {FLOATS(tanh_gradient)},
  [GB_SIGMOID_GRADIENT] = {FLOATS(sigmoid_gradient)},
  [GB_RELU_GRADIENT] = {FLOATS(relu_gradient)},
};

static inline binary_loop *binary_loop_of(gb_binary_op op, gb_dtype dtype) {
  binary_loop *const loop = binary_loops[op][dtype];
  if (loop == NULL) gb_unsupported("binary", op, dtype);
  return loop;
}

static inline bool is_comparison(gb_binary_op op) { return op >= GB_EQUAL && op <= GB_GREATER_EQUAL; }

typedef struct {
  binary_loop *loop;
  const char *a, *b;
  char *out;
  size_t size, out_size;
  bool a_is_scalar, b_is_scalar;
  const gb_walk *walk;
} binary_call;

static void binary_flat_piece(void *context, intptr_t begin, intptr_t end) {
  const binary_call *const call = context;
  if (!call->a_is_scalar && !call->b_is_scalar) {
    call->loop(end - begin, call->a + (size_t)begin * call->size, call->b + (size_t)begin * call->size,
               call->out + (size_t)begin * call->out_size);
    return;
  }
  _Alignas(64) char a_buffer[SPREAD * 8], b_buffer[SPREAD * 8];
  const intptr_t spread = end - begin < SPREAD ? end - begin : SPREAD;
  if (call->a_is_scalar) splat(call->size, call->a, spread, a_buffer);
  if (call->b_is_scalar) splat(call->size, call->b, spread, b_buffer);
  for (intptr_t i = begin; i < end; i += SPREAD) {
    const intptr_t n = end - i < SPREAD ? end - i : SPREAD;
    call->loop(n, call->a_is_scalar ? a_buffer : call->a + (size_t)i * call->size,
               call->b_is_scalar ? b_buffer : call->b + (size_t)i * call->size, call->out + (size_t)i * call->out_size);
  }
}

static void binary_flat(gb_binary_op op, gb_dtype dtype, intptr_t n, intptr_t a_stride, const void *a, intptr_t b_stride,
                        const void *b, void *out) {
  binary_loop *const loop = binary_loop_of(op, dtype);
  const intptr_t grain = op == GB_POWER ? GB_GRAIN / 8 : GB_GRAIN;
  if (n <= grain && a_stride == 1 && b_stride == 1) {
    loop(n, a, b, out);
    return;
  }
  const size_t size = gb_size_of(dtype);
  binary_call call = {.loop = loop, .a = a, .b = b, .out = out, .size = size, .out_size = is_comparison(op) ? 1 : size,
                      .a_is_scalar = a_stride == 0, .b_is_scalar = b_stride == 0};
  gb_split(n, grain, binary_flat_piece, &call);
}

// The operands of the walks below: 0 is the output, 1 is a, 2 is b.

static void binary_row(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n) {
  const binary_call *const all = context;
  binary_call call = *all;
  const intptr_t last = walk->rank - 1;
  call.out += (size_t)offsets[0] * call.out_size;
  call.a += offsets[1] * (intptr_t)call.size;
  call.b += offsets[2] * (intptr_t)call.size;
  call.a_is_scalar = walk->strides[1][last] == 0;
  call.b_is_scalar = walk->strides[2][last] == 0;
  binary_flat_piece(&call, 0, n);
}

static void binary_gathered_piece(void *context, intptr_t begin, intptr_t end) {
  const binary_call *const call = context;
  const gb_walk *const walk = call->walk;
  const bool gather_a = !gb_walk_is_contiguous(walk, 1), gather_b = !gb_walk_is_contiguous(walk, 2);
  _Alignas(64) char a_buffer[SPREAD * 8], b_buffer[SPREAD * 8];
  for (intptr_t i = begin; i < end; i += SPREAD) {
    const intptr_t n = end - i < SPREAD ? end - i : SPREAD;
    if (gather_a) gb_walk_gather(walk, 1, call->size, call->a, i, n, a_buffer);
    if (gather_b) gb_walk_gather(walk, 2, call->size, call->b, i, n, b_buffer);
    call->loop(n, gather_a ? a_buffer : call->a + (size_t)i * call->size,
               gather_b ? b_buffer : call->b + (size_t)i * call->size, call->out + (size_t)i * call->out_size);
  }
}

static void binary(gb_binary_op op, gb_dtype dtype, intptr_t rank, const intptr_t *sizes, const intptr_t *a_strides,
                   const void *a, const intptr_t *b_strides, const void *b, void *out) {
  intptr_t out_strides[GB_MAX_RANK];
  gb_row_major(rank, sizes, out_strides);
  const gb_walk walk = gb_walk_make(rank, sizes, 3, (const intptr_t *const[]){out_strides, a_strides, b_strides});
  const size_t size = gb_size_of(dtype);
  binary_call call = {.loop = binary_loop_of(op, dtype), .a = a, .b = b, .out = out, .size = size,
                      .out_size = is_comparison(op) ? 1 : size, .walk = &walk};
  const intptr_t last = walk.rank - 1, a_step = walk.strides[1][last], b_step = walk.strides[2][last];
  // A row of a few elements costs less to gather with its neighbours than a call of its own.
  const bool by_rows = (a_step == 0 || a_step == 1) && (b_step == 0 || b_step == 1) && (walk.rank == 1 || walk.sizes[last] >= 16);
  if (by_rows) gb_walk_rows(&walk, binary_row, &call);
  else gb_split(walk.count, GB_GRAIN, binary_gathered_piece, &call);
}
