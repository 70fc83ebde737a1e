// The error function and the normal distribution's cumulative function of vectors. In float32 by polynomials, within 4 units in
// the last place where the result is not small against 1, 2e-6 of it in the tail to Φ(−5) and 2e-5 beyond; in float64 by the C library.

/// ½·erfc t for t ≥ 0, as ½·e^−t²·u·Q(u) with u = 2/(2 + t); Q was fitted at Chebyshev's points of t in 0…10.2, beyond which
/// the result is 0.
VECTOR_FUNCTION vf32 half_erfc(vf32 t) {
  const vf32 u = 2 / (2 + t);
  vf32 q = SPLAT(vf32, 0.0168865805f);
  q = q * u - 0.146865314f;
  q = q * u + 0.480932827f;
  q = q * u - 0.734347684f;
  q = q * u + 0.470328849f;
  q = q * u - 0.122141302f;
  q = q * u + 0.232881304f;
  q = q * u + 0.237266661f;
  q = q * u + 0.282999776f;
  q = q * u + 0.282058295f;
  return 0.5f * u * q * vexp(-t * t);
}

VECTOR_OVERLOAD vf32 verf(vf32 x) {
  if (HAS_SEGMENTS) return saturating(x, &gb_erf_slope, 5);
  const vf32 size = __builtin_elementwise_abs(x), s = x * x;
  // x·P(x²), fitted in the same way on 0…1.
  vf32 p = SPLAT(vf32, 7.88249712e-5f);
  p = p * s - 8.01885499e-4f;
  p = p * s + 5.18931194e-3f;
  p = p * s - 2.68543288e-2f;
  p = p * s + 0.112835975f;
  p = p * s - 0.376126269f;
  p = p * s + 1.12837917f;
  return vselect(size < 1, x * p, __builtin_elementwise_copysign(1 - 2 * half_erfc(size), x));
}

/// Φ(x) = ½·erfc(−x/√2), without the cancellation of ½(1 + erf) for x < 0.
VECTOR_OVERLOAD vf32 vnormal_cumulative(vf32 x) {
  const vf32 t = __builtin_elementwise_abs(x);
  const vf32 tail = HAS_SEGMENTS && all_below(t, 5.25f) ? in_segments(&gb_normal_tail, t) : half_erfc(t * 0x1.6a09e6p-1f);
  return vselect(x < 0, tail, 1 - tail);
}

/// φ(x), the normal density.
VECTOR_OVERLOAD vf32 vnormal_density(vf32 x) { return 0.398942280f * vexp(-0.5f * x * x); }
VECTOR_OVERLOAD vf64 vnormal_density(vf64 x) { return 0.3989422804014327 * vexp(-0.5 * x * x); }

VECTOR_OVERLOAD vf64 verf(vf64 x) {
  for (int i = 0; i < F64_LANES; i++) x[i] = erf(x[i]);
  return x;
}
VECTOR_OVERLOAD vf64 vnormal_cumulative(vf64 x) {
  for (int i = 0; i < F64_LANES; i++) x[i] = 0.5 * erfc(-x[i] * 0x1.6a09e667f3bcdp-1);
  return x;
}

/// The derivative of x·Φ(x): Φ(x) + x·φ(x).
VECTOR_OVERLOAD vf32 vgelu_slope(vf32 x) {
  const vf32 t = __builtin_elementwise_abs(x);
  if (!HAS_SEGMENTS || !all_below(t, 5.25f)) return vnormal_cumulative(x) + x * vnormal_density(x);
  const vf32 slope = in_segments(&gb_gelu_slope, t);
  return vselect(x < 0, slope, 1 - slope);
}
VECTOR_OVERLOAD vf64 vgelu_slope(vf64 x) { return vnormal_cumulative(x) + x * vnormal_density(x); }
