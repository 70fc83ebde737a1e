// The loops of the functions that the C library or `special_functions.h` computes one number at a time, for one floating dtype
// (included by each_float.h). INDEPENDENT: `out` may be x itself.

#define LIBRARY(function, x) _Generic((x), float: function##f, double: function)(x)
#define LOOP(name, expression)                                      \
  static void N(name)(intptr_t n, const void *x_, void *out_) {     \
    const T *const in = x_;                                         \
    T *const out = out_;                                            \
    for (intptr_t i = 0; i < n; i++) {                              \
      const C x = LOAD(in[i]);                                      \
      out[i] = STORE((C)(expression));                              \
    }                                                               \
  }

#define IS_INFINITE(x) (__builtin_elementwise_abs(x) == INFINITY)

LOOP(tangent, LIBRARY(tan, x))
LOOP(arcsine, LIBRARY(asin, x))
LOOP(arccosine, LIBRARY(acos, x))
LOOP(arctangent, LIBRARY(atan, x))
LOOP(hyperbolic_sine, LIBRARY(sinh, x))
LOOP(hyperbolic_cosine, LIBRARY(cosh, x))
LOOP(inverse_hyperbolic_sine, LIBRARY(asinh, x))
LOOP(inverse_hyperbolic_cosine, LIBRARY(acosh, x))
LOOP(inverse_hyperbolic_tangent, LIBRARY(atanh, x))
LOOP(power_of_2, LIBRARY(exp2, x))
LOOP(logarithm_to_base_2, LIBRARY(log2, x))
LOOP(logarithm_to_base_10, LIBRARY(log10, x))
LOOP(complementary_error_function, LIBRARY(erfc, x))
LOOP(inverse_error_function, gb_inverse_erf(x))
LOOP(log_gamma, gb_log_gamma(x))
LOOP(digamma, gb_digamma(x))
LOOP(truncated, LIBRARY(trunc, x))

#undef LOOP

#define LOOP(name, expression)                                                       \
  static void N(name)(intptr_t n, const void *a_, const void *b_, void *out_) {      \
    const T *const a = a_, *const b = b_;                                            \
    T *const out = out_;                                                             \
    for (intptr_t i = 0; i < n; i++) {                                               \
      const C x = LOAD(a[i]), y = LOAD(b[i]);                                        \
      out[i] = STORE((C)(expression));                                               \
    }                                                                                \
  }

/// x − y·⌊x/y⌋, which has the sign of y.
static inline C N(floored_remainder)(C x, C y) {
  const C r = _Generic(x, float: fmodf, double: fmod)(x, y);
  return r != 0 && (r < 0) != (y < 0) ? r + y : r;
}

/// ⌊x/y⌋, from the exact remainder: the quotient itself may round up to the next whole number.
static inline C N(floored_quotient_of)(C x, C y) {
  const C r = N(floored_remainder)(x, y), quotient = (x - r) / y;
  if (y == 0 || IS_INFINITE(y)) return y == 0 || !(__builtin_elementwise_abs(x) < INFINITY) ? x / y : x != 0 && (x < 0) != (y < 0) ? -1 : x / y;
  return quotient == 0 ? LIBRARY(trunc, x / y) : LIBRARY(round, quotient);
}

LOOP(arctangent_of_quotient, _Generic(x, float: atan2f, double: atan2)(x, y))
LOOP(hypotenuse, _Generic(x, float: hypotf, double: hypot)(x, y))
LOOP(truncated_remainder, _Generic(x, float: fmodf, double: fmod)(x, y))
LOOP(remainder, N(floored_remainder)(x, y))
LOOP(floored_quotient, N(floored_quotient_of)(x, y))

#undef LOOP
#undef LIBRARY
#undef IS_INFINITE
