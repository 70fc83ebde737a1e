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
    INDEPENDENT                                                                         \
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

#define INTEGERS(name) [GB_INT32] = name##_i32, [GB_INT64] = name##_i64, [GB_UINT8] = name##_u8

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
  [GB_AND] = {INTEGERS(bits_and), [GB_BOOL] = and_bool},
  [GB_OR] = {INTEGERS(bits_or), [GB_BOOL] = or_bool},
  [GB_XOR] = {INTEGERS(bits_xor), [GB_BOOL] = xor_bool},
  [GB_ATAN2] = {FLOATS(arctangent_of_quotient)},
  [GB_HYPOT] = {FLOATS(hypotenuse)},
  [GB_REMAINDER] = {NUMBERS(remainder)},
  [GB_TRUNCATED_REMAINDER] = {NUMBERS(truncated_remainder)},
  [GB_FLOOR_DIVIDE] = {NUMBERS(floored_quotient)},
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
  bool a_is_scalar, b_is_scalar, streamed;
  const gb_walk *walk;
  intptr_t block;
} binary_call;

/// The loop, by way of a buffer if the output is streamed; n is at most SPREAD then.
static inline void run_loop(const binary_call *call, intptr_t n, const void *a, const void *b, char *out) {
  if (!call->streamed) {
    call->loop(n, a, b, out);
    return;
  }
  _Alignas(64) char buffer[SPREAD * 8];
  call->loop(n, a, b, buffer);
  stream((size_t)n * call->out_size, buffer, out);
}

static void binary_flat_piece(void *context, intptr_t begin, intptr_t end) {
  const binary_call *const call = context;
  if (!call->a_is_scalar && !call->b_is_scalar && !call->streamed) {
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
    run_loop(call, n, call->a_is_scalar ? a_buffer : call->a + (size_t)i * call->size,
             call->b_is_scalar ? b_buffer : call->b + (size_t)i * call->size, call->out + (size_t)i * call->out_size);
  }
  if (call->streamed) end_stream();
}

static void binary_flat(gb_binary_op op, gb_dtype dtype, intptr_t n, intptr_t a_stride, const void *a, intptr_t b_stride,
                        const void *b, void *out) {
  binary_loop *const loop = binary_loop_of(op, dtype);
  const bool dear = op == GB_POWER || (op >= GB_ATAN2 && op <= GB_FLOOR_DIVIDE);
  const intptr_t grain = dear ? GB_GRAIN / 8 : GB_GRAIN;
  if (n <= grain && a_stride == 1 && b_stride == 1) {
    loop(n, a, b, out);
    return;
  }
  const size_t size = gb_size_of(dtype);
  binary_call call = {.loop = loop, .a = a, .b = b, .out = out, .size = size, .out_size = is_comparison(op) ? 1 : size,
                      .a_is_scalar = a_stride == 0, .b_is_scalar = b_stride == 0};
  call.streamed = is_streamed((size_t)n * call.out_size, out, a, b);
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

/// Whether an operand is one row, over and over, that fits the buffers.
static bool repeats_a_row(const gb_walk *walk, intptr_t operand) {
  if (walk->sizes[walk->rank - 1] > SPREAD) return false;
  for (intptr_t d = 0; d < walk->rank - 1; d++) {
    if (walk->strides[operand][d] != 0) return false;
  }
  return true;
}

/// Blocks of as many whole rows as the buffers hold. A repeated row (a bias) then is the same in each block: it is spread
/// out once.
static void binary_gathered_blocks(void *context, intptr_t begin, intptr_t end) {
  const binary_call *const call = context;
  const gb_walk *const walk = call->walk;
  const bool gather_a = !gb_walk_is_contiguous(walk, 1), gather_b = !gb_walk_is_contiguous(walk, 2);
  const bool once_a = repeats_a_row(walk, 1), once_b = repeats_a_row(walk, 2);
  _Alignas(64) char a_buffer[SPREAD * 8], b_buffer[SPREAD * 8];
  for (intptr_t block = begin; block < end; block++) {
    const intptr_t i = block * call->block, n = walk->count - i < call->block ? walk->count - i : call->block;
    if (gather_a && (block == begin || !once_a)) gb_walk_gather(walk, 1, call->size, call->a, i, n, a_buffer);
    if (gather_b && (block == begin || !once_b)) gb_walk_gather(walk, 2, call->size, call->b, i, n, b_buffer);
    run_loop(call, n, gather_a ? a_buffer : call->a + (size_t)i * call->size,
             gather_b ? b_buffer : call->b + (size_t)i * call->size, call->out + (size_t)i * call->out_size);
  }
  if (call->streamed) end_stream();
}

static void binary(gb_binary_op op, gb_dtype dtype, intptr_t rank, const intptr_t *sizes, const intptr_t *a_strides,
                   const void *a, const intptr_t *b_strides, const void *b, void *out) {
  intptr_t out_strides[GB_MAX_RANK];
  gb_row_major(rank, sizes, out_strides);
  const gb_walk walk = gb_walk_make(rank, sizes, 3, (const intptr_t *const[]){out_strides, a_strides, b_strides});
  const size_t size = gb_size_of(dtype);
  binary_call call = {.loop = binary_loop_of(op, dtype), .a = a, .b = b, .out = out, .size = size,
                      .out_size = is_comparison(op) ? 1 : size, .walk = &walk};
  call.streamed = is_streamed((size_t)walk.count * call.out_size, out, a, b);
  if (walk.count == 0) return;
  const intptr_t last = walk.rank - 1, length = walk.sizes[last];
  const intptr_t a_step = walk.strides[1][last], b_step = walk.strides[2][last];
  // Going down the columns of a large operand would read a cache line for each element.
  if (is_transposed(&walk, 1) || is_transposed(&walk, 2)) {
    const intptr_t operand = is_transposed(&walk, 1) ? 1 : 2;
    const size_t bytes = (size_t)walk.count * size;
    void *const turned = gb_allocate(bytes);
    copy(rank, sizes, dtype, operand == 1 ? a_strides : b_strides, operand == 1 ? a : b, dtype, out_strides, turned);
    if (operand == 1) binary(op, dtype, rank, sizes, out_strides, turned, b_strides, b, out);
    else binary(op, dtype, rank, sizes, a_strides, a, out_strides, turned, out);
    gb_free(turned, bytes);
    return;
  }
  // A short row costs less to gather with its neighbours than a call of its own.
  if ((a_step == 0 || a_step == 1) && (b_step == 0 || b_step == 1) && (walk.rank == 1 || length >= SHORT_ROW)) {
    gb_walk_rows(&walk, binary_row, &call);
    return;
  }
  call.block = length < SPREAD ? SPREAD / length * length : SPREAD;
  gb_split((walk.count + call.block - 1) / call.block, GB_GRAIN / SPREAD, binary_gathered_blocks, &call);
}
