// The loops of the activations and their derivatives, for one floating dtype (included by each_float.h): a whole vector at a time,
// the last one padded.

#define LOOP(name, value, derivative)                                                                              \
  static void N(name)(intptr_t n, const void *x_, double p_, double q_, void *out_) {                              \
    const T *in = x_;                                                                                              \
    T *out = out_;                                                                                                 \
    const C p = (C)p_, q = (C)q_;                                                                                  \
    (void)p, (void)q;                                                                                              \
    for (; n > 0; n -= LANES, in += LANES, out += LANES) {                                                         \
      const V x = n >= LANES ? VLOAD(in) : load_part(n, in, 1);                                                    \
      const V y = (value);                                                                                         \
      if (n >= LANES) {                                                                                            \
        VSTORE(out, y);                                                                                            \
      } else {                                                                                                     \
        store_part(n, out, y);                                                                                     \
      }                                                                                                            \
    }                                                                                                              \
  }                                                                                                                \
  static void N(name##_gradient)(intptr_t n, const void *g_, const void *x_, double p_, double q_, void *out_) {   \
    const T *in = x_, *gradient = g_;                                                                              \
    T *out = out_;                                                                                                 \
    const C p = (C)p_, q = (C)q_;                                                                                  \
    (void)p, (void)q;                                                                                              \
    for (; n > 0; n -= LANES, in += LANES, gradient += LANES, out += LANES) {                                      \
      const V x = n >= LANES ? VLOAD(in) : load_part(n, in, 1);                                                    \
      const V g = n >= LANES ? VLOAD(gradient) : load_part(n, gradient, 1);                                        \
      const V dx = g * (derivative);                                                                               \
      if (n >= LANES) {                                                                                            \
        VSTORE(out, dx);                                                                                           \
      } else {                                                                                                     \
        store_part(n, out, dx);                                                                                    \
      }                                                                                                            \
    }                                                                                                              \
  }

/// tanh(softplus x) = e(e + 2)/(e(e + 2) + 2) with e = e^x; 1 from 20 on in either precision.
VECTOR_FUNCTION V N(tanh_of_softplus)(V x) {
  const V e = vexp(vmin(x, SPLAT(V, 20))), product = e * (e + 2);
  return vselect(x > 20, SPLAT(V, 1), product / (product + 2));
}
/// The logistic function of twice GELU's inner cubic: ½(1 + tanh u) = σ(2u).
VECTOR_FUNCTION V N(gelu_gate)(V x) { return vsigmoid((C)1.5957691216057308 * (x + (C)0.044715 * x * x * x)); }
VECTOR_FUNCTION V N(gelu_gate_derivative)(V x, V gate) {
  const V slope = (C)1.5957691216057308 * (1 + (C)0.134145 * x * x);
  return gate + x * gate * (1 - gate) * slope;
}
/// σ(x)·(1 + x·(1 − σ(x))).
VECTOR_FUNCTION V N(silu_derivative)(V x, V gate) { return gate * (1 + x * (1 - gate)); }
VECTOR_FUNCTION V N(mish_derivative)(V x, V gate) { return gate + x * (1 - gate * gate) * vsigmoid(x); }
VECTOR_FUNCTION V N(between)(V x, C low, C high) { return vmin(vmax(x, SPLAT(V, low)), SPLAT(V, high)); }

LOOP(gelu, x *vnormal_cumulative(x), vgelu_slope(x))
LOOP(gelu_tanh, x *N(gelu_gate)(x), N(gelu_gate_derivative)(x, N(gelu_gate)(x)))
LOOP(silu, x *vsigmoid(x), N(silu_derivative)(x, vsigmoid(x)))
LOOP(mish, x *N(tanh_of_softplus)(x), N(mish_derivative)(x, N(tanh_of_softplus)(x)))
LOOP(softplus, vselect(x * p > q, x, vlog1p(vexp(x * p)) / p), vselect(x * p > q, SPLAT(V, 1), vsigmoid(x * p)))
LOOP(elu, vselect(x > 0, q * x, q * p * vexpm1(x)), vselect(x > 0, SPLAT(V, q), q * p * vexp(x)))
LOOP(leaky_relu, vselect(x > 0, x, p * x), vselect(x > 0, SPLAT(V, 1), SPLAT(V, p)))
LOOP(hard_swish, x *N(between)(x + 3, 0, 6) / 6,
     vselect(x <= -3, (V){0}, vselect(x >= 3, SPLAT(V, 1), x / 3 + (C)0.5)))
LOOP(hard_sigmoid, N(between)(x / 6 + (C)0.5, 0, 1), vselect((x > -3) & (x < 3), SPLAT(V, (C)1 / 6), (V){0}))

#undef LOOP

static void N(polygamma)(intptr_t n, const void *x_, double p, double q, void *out_) {
  const T *const in = x_;
  T *const out = out_;
  (void)q;
  for (intptr_t i = 0; i < n; i++) out[i] = STORE((C)gb_polygamma((int)p, LOAD(in[i])));
}
