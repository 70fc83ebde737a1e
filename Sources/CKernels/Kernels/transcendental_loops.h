// The loops of the transcendental operations, for one floating dtype (included by each_float.h): a whole vector at a time,
// the last one padded, so that an element's bits do not depend on where it stands.

#define LOOP(name, expression)                                                          \
  static void N(name)(intptr_t n, const void *x_, void *out_) {                         \
    const T *in = x_;                                                                   \
    T *out = out_;                                                                      \
    for (; n >= LANES; n -= LANES, in += LANES, out += LANES) {                         \
      const V x = VLOAD(in);                                                            \
      VSTORE(out, (expression));                                                        \
    }                                                                                   \
    if (n == 0) return;                                                                 \
    const V x = load_part(n, in, 1);                                                    \
    store_part(n, out, (expression));                                                   \
  }

LOOP(exponential, vexp(x))
LOOP(logarithm, vlog(x))
LOOP(tanh, vtanh(x))
LOOP(sigmoid, vsigmoid(x))
LOOP(sine, vsin(x))
LOOP(cosine, vcos(x))
LOOP(exponential_minus_1, vexpm1(x))
LOOP(logarithm_of_1_plus, vlog1p(x))
LOOP(error_function, verf(x))

#undef LOOP

static void N(power)(intptr_t n, const void *a_, const void *b_, void *out_) {
  const T *a = a_, *b = b_;
  T *out = out_;
  for (; n >= LANES; n -= LANES, a += LANES, b += LANES, out += LANES) VSTORE(out, vpow(VLOAD(a), VLOAD(b)));
  if (n > 0) store_part(n, out, vpow(load_part(n, a, 1), load_part(n, b, 1)));
}
