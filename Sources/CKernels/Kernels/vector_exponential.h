// exp, log, tanh, the logistic function and powers of vectors, within 3 units in the last place.
//
// Written here rather than taken from glibc's libmvec, because clang passes wide vectors to a function through memory unless
// the whole file is compiled for the ISA; and inlined, they cost half as much.
//
// Adding 1.5·2²³ (2⁵²) to a number rounds it to an integer, which then stands in the low bits of the sum.

#define ROUNDER_F32 0x1.8p23f
#define ROUNDER_F64 0x1.8p52

/// y·2^n for a whole n, with overflow to ∞ and gradual underflow.
#if VECTOR_BYTES == 64
VECTOR_OVERLOAD vf32 scaled(vf32 y, vf32 n) { return _mm512_scalef_ps(y, n); }
VECTOR_OVERLOAD vf64 scaled(vf64 y, vf64 n) { return _mm512_scalef_pd(y, n); }
#else
// By two factors, since 2^n alone may overflow or be subnormal where the product is not. |n| is at most 2000.
VECTOR_OVERLOAD vf32 scaled(vf32 y, vf32 n) {
  const vi32 exponent = (vi32)(n + ROUNDER_F32) - (vi32)SPLAT(vf32, ROUNDER_F32), half = exponent >> 1;
  return y * (vf32)((half + 127) << 23) * (vf32)((exponent - half + 127) << 23);
}
VECTOR_OVERLOAD vf64 scaled(vf64 y, vf64 n) {
  // Shifted as an unsigned number: AVX2 has no arithmetic shift of 64 bits.
  const vu64 exponent = (vu64)(n + ROUNDER_F64) - (vu64)SPLAT(vf64, ROUNDER_F64), half = ((exponent + 2048) >> 1) - 1024;
  return y * (vf64)((half + 1023) << 52) * (vf64)((exponent - half + 1023) << 52);
}
#endif

/// e^x = 2^n·e^r with |r| ≤ ln 2 / 2, where seven terms of Taylor's series reach float32's precision.
VECTOR_OVERLOAD vf32 vexp(vf32 x) {
  // Beyond these ends lie 0 and ∞. NaN fails both comparisons. The 0 is chosen, not computed: an underflow costs 150
  // cycles, and the masked half of an attention matrix would be full of them.
  const vi32 vanishes = x < -103.98f;
  const vf32 high = SPLAT(vf32, 89), a = vselect(vanishes, (vf32){0}, vselect(x > high, high, x));
  const vf32 n = (a * 0x1.715476p0f + ROUNDER_F32) - ROUNDER_F32;
  // ln 2 in two parts, the first short enough that n times it is exact.
  const vf32 r = (a - n * 0x1.63p-1f) + n * 0x1.bd0106p-13f;
  vf32 series = SPLAT(vf32, 1 / 5040.f);
  series = series * r + 1 / 720.f;
  series = series * r + 1 / 120.f;
  series = series * r + 1 / 24.f;
  series = series * r + 1 / 6.f;
  series = series * r + 0.5f;
  series = (series * r) * r + r + 1;
  return vselect(vanishes, (vf32){0}, scaled(series, n));
}

/// The same in float64, with thirteen terms.
VECTOR_OVERLOAD vf64 vexp(vf64 x) {
  const vi64 vanishes = x < -745.14;
  const vf64 high = SPLAT(vf64, 710), a = vselect(vanishes, (vf64){0}, vselect(x > high, high, x));
  const vf64 n = (a * 0x1.71547652b82fep0 + ROUNDER_F64) - ROUNDER_F64;
  const vf64 r = (a - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  vf64 series = SPLAT(vf64, 1 / 6227020800.0);
  series = series * r + 1 / 479001600.0;
  series = series * r + 1 / 39916800.0;
  series = series * r + 1 / 3628800.0;
  series = series * r + 1 / 362880.0;
  series = series * r + 1 / 40320.0;
  series = series * r + 1 / 5040.0;
  series = series * r + 1 / 720.0;
  series = series * r + 1 / 120.0;
  series = series * r + 1 / 24.0;
  series = series * r + 1 / 6.0;
  series = series * r + 0.5;
  series = (series * r) * r + r + 1;
  return vselect(vanishes, (vf64){0}, scaled(series, n));
}

/// x = 2^k·(1 + f) with √½ ≤ 1 + f < √2, and log(1 + f) = 2·artanh(s) with s = f/(2 + f): a series in s². The polynomials
/// are those of fdlibm (Sun Microsystems, 1993).
VECTOR_OVERLOAD vf32 vlog(vf32 x) {
  if (HAS_SEGMENTS) return log_in_segments(x);
  const vi32 tiny = x < 0x1p-126f;
  const vu32 bits = (vu32)vselect(tiny, x * 0x1p25f, x) + (0x3f800000 - 0x3f3504f3);
  const vf32 k = __builtin_convertvector((vi32)(bits >> 23) - 127 - (tiny & 25), vf32);
  const vf32 f = (vf32)((bits & 0x007fffff) + 0x3f3504f3) - 1;
  const vf32 s = f / (2 + f), z = s * s, w = z * z, half_square = 0.5f * f * f;
  const vf32 odd = z * (0xaaaaaa.0p-24f + w * 0x91e9ee.0p-25f), even = w * (0xccce13.0p-25f + w * 0xf89e26.0p-26f);
  vf32 y = s * (half_square + (odd + even)) + k * 0x1.2fefa2p-17f - half_square + f + k * 0x1.62e3p-1f;
  y = vselect(x == 0, SPLAT(vf32, -INFINITY), y);
  y = vselect(x == INFINITY, x, y);
  return vselect(x >= 0, y, SPLAT(vf32, NAN));
}

VECTOR_OVERLOAD vf64 vlog(vf64 x) {
  const vi64 tiny = x < 0x1p-1022;
  const vu64 offset = (vu64)SPLAT(vf64, 1.0) - (vu64)SPLAT(vf64, 0x1.6a09ep-1);
  const vu64 bits = (vu64)vselect(tiny, x * 0x1p54, x) + offset;
  // The exponent's bits placed in a float64's low bits: AVX2 has no conversion from 64-bit integers.
  const vf64 biased = (vf64)((bits >> 52) | (vu64)SPLAT(vf64, 0x1p52)) - (0x1p52 + 1023);
  const vf64 k = biased - vselect(tiny, SPLAT(vf64, 54), (vf64){0});
  const vf64 f = (vf64)((bits & 0x000fffffffffffff) + (vu64)SPLAT(vf64, 0x1.6a09ep-1)) - 1;
  const vf64 s = f / (2 + f), z = s * s, w = z * z, half_square = 0.5 * f * f;
  const vf64 even = w * (3.999999999940941908e-01 + w * (2.222219843214978396e-01 + w * 1.531383769920937332e-01));
  const vf64 odd = z * (6.666666666666735130e-01
                        + w * (2.857142874366239149e-01 + w * (1.818357216161805012e-01 + w * 1.479819860511658591e-01)));
  vf64 y = s * (half_square + (odd + even)) + k * 1.90821492927058770002e-10 - half_square + f + k * 6.93147180369123816490e-01;
  y = vselect(x == 0, SPLAT(vf64, -INFINITY), y);
  y = vselect(x == INFINITY, x, y);
  return vselect(x >= 0, y, SPLAT(vf64, NAN));
}

/// Near 0 a polynomial (from Cephes, Stephen L. Moshier, 1989), since 1 − 2/(e^2|x| + 1) would cancel there.
VECTOR_OVERLOAD vf32 vtanh(vf32 x) {
  if (HAS_SEGMENTS) return saturating(x, &gb_tanh_slope, 9.1f);
  const vf32 size = __builtin_elementwise_abs(x), z = x * x;
  vf32 series = SPLAT(vf32, -5.70498872745e-3f);
  series = series * z + 2.06390887954e-2f;
  series = series * z - 5.37397155531e-2f;
  series = series * z + 1.33314422036e-1f;
  series = series * z - 3.33332819422e-1f;
  const vf32 near = (series * z) * size + size, far = 1 - 2 / (vexp(2 * size) + 1);
  return __builtin_elementwise_copysign(vselect(size < 0.625f, near, far), x);
}

VECTOR_OVERLOAD vf64 vtanh(vf64 x) {
  const vf64 size = __builtin_elementwise_abs(x), z = x * x;
  const vf64 top = (-9.64399179425052238628e-1 * z - 9.92877231001918586564e1) * z - 1.61468768441708447952e3;
  const vf64 bottom = ((z + 1.12811678491632931402e2) * z + 2.23548839060100448583e3) * z + 4.84406305325125486048e3;
  const vf64 near = (top / bottom * z) * size + size, far = 1 - 2 / (vexp(2 * size) + 1);
  return __builtin_elementwise_copysign(vselect(size < 0.625, near, far), x);
}

// With t = e^−|x|: 1/(1 + t) for x ≥ 0, else t/(1 + t). Nothing overflows, so both ends are exact.
VECTOR_OVERLOAD vf32 vsigmoid(vf32 x) {
  const vf32 size = __builtin_elementwise_abs(x);
  if (HAS_SEGMENTS && all_below(size, 15.75f)) {
    const vf32 tail = in_segments(&gb_sigmoid_tail, size);
    return vselect(x < 0, tail, 1 - tail);
  }
  const vf32 t = vexp(-size);
  return vselect(x < 0, t, SPLAT(vf32, 1)) / (1 + t);
}
VECTOR_OVERLOAD vf64 vsigmoid(vf64 x) {
  const vf64 t = vexp(-__builtin_elementwise_abs(x));
  return vselect(x < 0, t, SPLAT(vf64, 1)) / (1 + t);
}

/// x^y of float32 values, in float64: e^(y·log |x|), and the sign and the special cases of C's pow.
VECTOR_FUNCTION vf64 power_of_float32(vf64 x, vf64 y) {
  const vf64 size = __builtin_elementwise_abs(x), magnitude = __builtin_elementwise_abs(y);
  const vf64 rounded = (magnitude + ROUNDER_F64) - ROUNDER_F64, halved = magnitude * 0.5;
  const vi64 huge = magnitude >= 0x1p31, whole = huge | (rounded == magnitude);  // float32 has only even numbers there
  const vi64 even = huge | ((halved + ROUNDER_F64) - ROUNDER_F64 == halved);
  vf64 power = vexp(y * vlog(size));
  power = vselect((size == 1) & (y == y), SPLAT(vf64, 1), power);
  const vi64 negative = (vi64)((vu64)x >> 63) != 0;
  power = vselect(negative & whole & ~even, -power, power);
  power = vselect((x < 0) & (size < INFINITY) & ~whole, SPLAT(vf64, NAN), power);
  return vselect((x == 1) | (y == 0), SPLAT(vf64, 1), power);
}

VECTOR_OVERLOAD vf32 vpow(vf32 x, vf32 y) {
  const vf64_pair a = widened(x), b = widened(y);
  return narrowed((vf64_pair){power_of_float32(a.low, b.low), power_of_float32(a.high, b.high)});
}

/// In float64 the logarithm would need more than 64 bits; the C library has the tables for it.
VECTOR_OVERLOAD vf64 vpow(vf64 x, vf64 y) {
  for (int i = 0; i < F64_LANES; i++) x[i] = pow(x[i], y[i]);
  return x;
}

/// e^x − 1 = 2^n·(e^r − 1) + (2^n − 1): near 0, n is 0 and the series for e^r − 1 has no 1 to lose digits against.
VECTOR_OVERLOAD vf32 vexpm1(vf32 x) {
  const vf32 a = vselect(x > 40, SPLAT(vf32, 40), vselect(x < -30, SPLAT(vf32, -30), x));
  const vf32 n = (a * 0x1.715476p0f + ROUNDER_F32) - ROUNDER_F32;
  const vf32 r = (a - n * 0x1.63p-1f) + n * 0x1.bd0106p-13f;
  vf32 series = SPLAT(vf32, 1 / 5040.f);
  series = series * r + 1 / 720.f;
  series = series * r + 1 / 120.f;
  series = series * r + 1 / 24.f;
  series = series * r + 1 / 6.f;
  series = series * r + 0.5f;
  series = (series * r) * r + r;
  const vf32 power = scaled(SPLAT(vf32, 1), n);
  const vf32 y = vselect(x > 40, vexp(x), series * power + (power - 1));
  return vselect(x == 0, x, y);  // keeps −0
}

VECTOR_OVERLOAD vf64 vexpm1(vf64 x) {
  const vf64 a = vselect(x > 60, SPLAT(vf64, 60), vselect(x < -60, SPLAT(vf64, -60), x));
  const vf64 n = (a * 0x1.71547652b82fep0 + ROUNDER_F64) - ROUNDER_F64;
  const vf64 r = (a - n * 0x1.62e42feep-1) - n * 0x1.a39ef35793c76p-33;
  vf64 series = SPLAT(vf64, 1 / 6227020800.0);
  series = series * r + 1 / 479001600.0;
  series = series * r + 1 / 39916800.0;
  series = series * r + 1 / 3628800.0;
  series = series * r + 1 / 362880.0;
  series = series * r + 1 / 40320.0;
  series = series * r + 1 / 5040.0;
  series = series * r + 1 / 720.0;
  series = series * r + 1 / 120.0;
  series = series * r + 1 / 24.0;
  series = series * r + 1 / 6.0;
  series = series * r + 0.5;
  series = (series * r) * r + r;
  const vf64 power = scaled(SPLAT(vf64, 1), n);
  const vf64 y = vselect(x > 60, vexp(x), series * power + (power - 1));
  return vselect(x == 0, x, y);
}

// log(1 + x) as log u + (x − (u − 1))/u, where u is 1 + x as it was rounded: the second term gives back what rounding took.
VECTOR_OVERLOAD vf32 vlog1p(vf32 x) {
  const vf32 u = 1 + x, y = vlog(u) + (x - (u - 1)) / u;
  return vselect((x == 0) | (x == INFINITY), x, vselect(x == -1, SPLAT(vf32, -INFINITY), y));
}
VECTOR_OVERLOAD vf64 vlog1p(vf64 x) {
  const vf64 u = 1 + x, y = vlog(u) + (x - (u - 1)) / u;
  return vselect((x == 0) | (x == INFINITY), x, vselect(x == -1, SPLAT(vf64, -INFINITY), y));
}
