// The loops of the element-wise operations on one operand that plain C expresses, for one dtype (included by
// each_number.h). INDEPENDENT: `out` may be x itself.

#define LOOP(name, R, expression)                                   \
  static void N(name)(intptr_t n, const void *x_, void *out_) {     \
    const T *const in = x_;                                         \
    R *const out = out_;                                            \
    INDEPENDENT                                                     \
    for (intptr_t i = 0; i < n; i++) {                              \
      const C x = LOAD(in[i]);                                      \
      out[i] = (R)(expression);                                     \
    }                                                               \
  }

LOOP(negate, T, STORE(-(W)x))
LOOP(square, T, STORE((W)x * (W)x))
// NaN stays; so does −0.
LOOP(relu, T, STORE(x < 0 ? (C)0 : x))

#if IS_FLOAT
LOOP(absolute, T, STORE(__builtin_elementwise_abs(x)))
LOOP(sign, T, STORE((C)(x > 0) - (C)(x < 0)))
LOOP(reciprocal, T, STORE(1 / x))
LOOP(square_root, T, STORE(__builtin_elementwise_sqrt(x)))
LOOP(reciprocal_root, T, STORE(1 / __builtin_elementwise_sqrt(x)))
LOOP(floor, T, STORE(__builtin_elementwise_floor(x)))
LOOP(ceiling, T, STORE(__builtin_elementwise_ceil(x)))
LOOP(round, T, STORE(__builtin_elementwise_roundeven(x)))
LOOP(is_nan, uint8_t, x != x)
LOOP(is_finite, uint8_t, x - x == 0)  // ∞ − ∞ is NaN
#else
LOOP(absolute, T, x < 0 ? -(W)x : (W)x)
LOOP(sign, T, (x > 0) - (x < 0))
LOOP(identity, T, x)
#endif

#undef LOOP

static void N(clamp)(intptr_t n, const void *x_, double low_, double high_, void *out_) {
  const T *const in = x_;
  T *const out = out_;
#if IS_FLOAT
  const C low = (C)low_, high = (C)high_;
#else
  const C low = OF_DOUBLE(low_), high = OF_DOUBLE(high_);
#endif
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) {
    const C x = LOAD(in[i]), raised = x < low ? low : x;
    out[i] = STORE(raised > high ? high : raised);
  }
}
