// The loops of the element-wise operations on two operands, for one dtype (included by each_number.h).
//
// Both operands are contiguous. INDEPENDENT: `out` may be an operand itself, never half of one.

#define LOOP(name, R, expression)                                                              \
  static void N(name)(intptr_t n, const void *a_, const void *b_, void *out_) {                \
    const T *const a = a_, *const b = b_;                                                      \
    R *const out = out_;                                                                       \
    INDEPENDENT                                                                                \
    for (intptr_t i = 0; i < n; i++) {                                                         \
      const C x = LOAD(a[i]), y = LOAD(b[i]);                                                  \
      out[i] = (R)(expression);                                                                \
    }                                                                                          \
  }

LOOP(add, T, STORE((W)x + (W)y))
LOOP(subtract, T, STORE((W)x - (W)y))
LOOP(multiply, T, STORE((W)x * (W)y))
// NaN fails every comparison, so each of these gives a NaN operand back.
LOOP(minimum, T, STORE(x < y || IS_NAN(x) ? x : y))
LOOP(maximum, T, STORE(x > y || IS_NAN(x) ? x : y))
LOOP(equal, uint8_t, x == y)
LOOP(not_equal, uint8_t, x != y)
LOOP(less, uint8_t, x < y)
LOOP(less_equal, uint8_t, x <= y)
LOOP(greater, uint8_t, x > y)
LOOP(greater_equal, uint8_t, x >= y)

#if IS_FLOAT
LOOP(divide, T, STORE(x / y))
LOOP(tanh_gradient, T, STORE(x * (1 - y * y)))
LOOP(sigmoid_gradient, T, STORE(x * (y * (1 - y))))
LOOP(relu_gradient, T, STORE(y <= 0 ? (C)0 : x))
#else
static inline C N(remainder_of)(C x, C y) { return y == 0 || (W)y == (W)-1 ? 0 : x % y; }
static inline C N(floored_remainder)(C x, C y) {
  const C r = N(remainder_of)(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

// Dividing the least integer by −1 overflows, so −1 negates instead.
LOOP(divide, T, y == 0 ? 0 : (W)y == (W)-1 ? (T)(0 - (W)x) : (T)(x / y))
LOOP(truncated_remainder, T, N(remainder_of)(x, y))
LOOP(remainder, T, N(floored_remainder)(x, y))
LOOP(floored_quotient, T, y == 0 ? 0 : (W)y == (W)-1 ? (T)(0 - (W)x) : (T)((x - N(floored_remainder)(x, y)) / y))
LOOP(bits_and, T, x & y)
LOOP(bits_or, T, x | y)
LOOP(bits_xor, T, x ^ y)

static inline C N(power_of)(C base, C exponent) {
  if (exponent < 0) return base == 1 ? 1 : (W)base == (W)-1 ? (exponent % 2 != 0 ? base : 1) : 0;
  W result = 1, square = (W)base;
  for (uint64_t left = (uint64_t)exponent; left > 0; left >>= 1) {
    if (left & 1) result *= square;
    square *= square;
  }
  return (C)result;
}
static void N(power)(intptr_t n, const void *a_, const void *b_, void *out_) {
  const T *const a = a_, *const b = b_;
  T *const out = out_;
  for (intptr_t i = 0; i < n; i++) out[i] = N(power_of)(a[i], b[i]);
}
#endif

#undef LOOP
