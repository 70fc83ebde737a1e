// The lookup of segments.h. Such a function takes a third of the steps of a series with an exponential in it.

#if VECTOR_BYTES == 64
#define HAS_SEGMENTS true

/// Whether all lanes are; NaN is not.
VECTOR_FUNCTION bool all_below(vf32 t, float end) {
  return __builtin_expect(_mm512_cmp_ps_mask(t, SPLAT(vf32, end), _CMP_NLT_UQ) == 0, true);
}

/// f(t) for t ≥ 0 that lies in its segments, NaN for NaN.
VECTOR_FUNCTION vf32 in_segments(const gb_segments *f, vf32 t) {
  // Adding 1.5·2²³ rounds to a whole number, which then stands in the low bits: the instruction looks at the lowest five.
  const vf32 place = t * f->per_unit, rounded = place + 0x1.8p23f, u = place - (rounded - 0x1.8p23f);
#define TERM(i) _mm512_permutex2var_ps(load_f32(f->coefficient[i]), (__m512i)rounded, load_f32(f->coefficient[i] + F32_LANES))
  return ((((TERM(5) * u + TERM(4)) * u + TERM(3)) * u + TERM(2)) * u + TERM(1)) * u + TERM(0);
#undef TERM
}

/// log x = k·log 2 + log m, with 0.75 ≤ m < 1.5 and log m = log(1 + r) − log(inverse), r = m·inverse − 1. What is special about 0, ∞ and
/// negative numbers is in the two instructions that take x apart.
VECTOR_FUNCTION vf32 log_in_segments(vf32 x) {
  const vf32 m = _mm512_getmant_ps(x, _MM_MANT_NORM_p75_1p5, _MM_MANT_SIGN_nan);
  const vf32 k = _mm512_getexp_ps(x) + vselect(m < 1, SPLAT(vf32, 1), (vf32){0});
  const __m512i place = (__m512i)((vu32)m >> 18);
#define LOOKUP(table) _mm512_permutex2var_ps(load_f32(table), place, load_f32((table) + F32_LANES))
  const vf32 r = m * LOOKUP(gb_logarithm_table.inverse) - 1;
  const vf32 high = k * 0x1.62e3p-1f + LOOKUP(gb_logarithm_table.logarithm);
#undef LOOKUP
  vf32 series = SPLAT(vf32, -1 / 6.f);
  series = series * r + 0.2f;
  series = series * r - 0.25f;
  series = series * r + 1 / 3.f;
  series = series * r - 0.5f;
  return high + (k * 0x1.2fefa2p-17f + (series * r * r + r));
}
#else
#define HAS_SEGMENTS false
VECTOR_FUNCTION vf32 log_in_segments(vf32 x) { return x; }
VECTOR_FUNCTION bool all_below(vf32 t, float end) { return (void)t, (void)end, false; }
VECTOR_FUNCTION vf32 in_segments(const gb_segments *f, vf32 t) { return (void)f, t; }
#endif

/// An odd function that has come to ±1 where |x| = end, from its value over x.
VECTOR_FUNCTION vf32 saturating(vf32 x, const gb_segments *slope, float end) {
  const vf32 size = __builtin_elementwise_abs(x), y = x * in_segments(slope, vselect(size > end, SPLAT(vf32, end), size));
  const vf32 below = vselect(y > 1, SPLAT(vf32, 1), y);
  return vselect(below < -1, SPLAT(vf32, -1), below);
}
