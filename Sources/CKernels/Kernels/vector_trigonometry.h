// Sine and cosine of vectors, within 2 units in the last place.
//
// x = n·π/2 + r with |r| ≤ π/4; n mod 4 says which of ±sin r, ±cos r it is. For |x| beyond FAR, n needs more of π than is
// at hand, and the lane is left to the C library.

#define FAR 0x1p20

// π/2 as a sum of parts; the first ones are short enough (33 bits) that n times them is exact.
#define HALF_PI_1 1.57079632673412561417e+00
#define HALF_PI_2 6.07710050630396597660e-11
#define HALF_PI_3 2.02226624879595063154e-21

/// Puts libm's values in the lanes beyond FAR.
#define FAR_LANES(VMASK, LANES, x, y, function)                                                           \
  if (__builtin_expect(any_lane((VMASK)(__builtin_elementwise_abs(x) >= FAR)), false)) {                  \
    for (int i = 0; i < LANES; i++) {                                                                     \
      if (__builtin_elementwise_abs(x[i]) >= FAR) y[i] = function(x[i]);                                  \
    }                                                                                                     \
  }

/// sin (x + quarter·π/2) in float32: reduced in float64, since near a multiple of π all of r lies in x's last bits.
VECTOR_FUNCTION vf32 sine_from_quarter(vf32 x, int quarter) {
  const vf64_pair wide = widened(x);
  const vf64 low_sum = wide.low * 0x1.45f306dc9c883p-1 + ROUNDER_F64, low = low_sum - ROUNDER_F64;
  const vf64 high_sum = wide.high * 0x1.45f306dc9c883p-1 + ROUNDER_F64, high = high_sum - ROUNDER_F64;
  const vf32 r = narrowed((vf64_pair){(wide.low - low * HALF_PI_1) - low * HALF_PI_2,
                                      (wide.high - high * HALF_PI_1) - high * HALF_PI_2});
  // |n| < 2²⁰ is exact in float32; rounding there once more only moves it to where the low bits can be read.
  const vu32 turns = (vu32)(narrowed((vf64_pair){low, high}) + ROUNDER_F32) + (uint32_t)quarter;
  const vf32 z = r * r;
  const vf32 sine = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
  const vf32 cosine = ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1;
  const vf32 y = vselect((turns & 1) != 0, cosine, sine);
  return (vf32)((vu32)y ^ ((turns & 2) << 30));
}

VECTOR_OVERLOAD vf32 vsin(vf32 x) {
  vf32 y = sine_from_quarter(x, 0);
  y = vselect(x == 0, x, y);  // keeps −0
  FAR_LANES(vi32, F32_LANES, x, y, sinf)
  return y;
}

VECTOR_OVERLOAD vf32 vcos(vf32 x) {
  vf32 y = sine_from_quarter(x, 1);
  FAR_LANES(vi32, F32_LANES, x, y, cosf)
  return y;
}

/// The same in float64, where r takes two numbers. The polynomials are those of fdlibm (Sun Microsystems, 1993).
VECTOR_FUNCTION vf64 sine_from_quarter_f64(vf64 x, int quarter) {
  const vf64 sum = x * 0x1.45f306dc9c883p-1 + ROUNDER_F64, n = sum - ROUNDER_F64;
  const vf64 first = x - n * HALF_PI_1, part = n * HALF_PI_2;
  const vf64 second = first - part, lost = (first - second) - part;
  const vf64 rest = lost - n * HALF_PI_3;
  const vf64 r = second + rest, tail = rest - (r - second);
  const vu64 turns = (vu64)sum + (uint64_t)quarter;

  const vf64 z = r * r, w = z * z, v = z * r;
  const vf64 s = 8.33333333332248946124e-03 + z * (-1.98412698298579493134e-04 + z * 2.75573137070700676789e-06)
                 + z * w * (-2.50507602534068634195e-08 + z * 1.58969099521155010221e-10);
  const vf64 sine = r - ((z * (0.5 * tail - v * s) - tail) - v * -1.66666666666666324348e-01);
  const vf64 c = z * (4.16666666666666019037e-02 + z * (-1.38888888888741095749e-03 + z * 2.48015872894767294178e-05))
                 + w * w * (-2.75573143513906633035e-07 + z * (2.08757232129817482790e-09 + z * -1.13596475577881948265e-11));
  const vf64 half = 0.5 * z, near = 1 - half;
  const vf64 cosine = near + (((1 - near) - half) + (z * c - r * tail));
  const vf64 y = vselect((turns & 1) != 0, cosine, sine);
  return (vf64)((vu64)y ^ ((turns & 2) << 62));
}

VECTOR_OVERLOAD vf64 vsin(vf64 x) {
  vf64 y = sine_from_quarter_f64(x, 0);
  y = vselect(x == 0, x, y);
  FAR_LANES(vi64, F64_LANES, x, y, sin)
  return y;
}

VECTOR_OVERLOAD vf64 vcos(vf64 x) {
  vf64 y = sine_from_quarter_f64(x, 1);
  FAR_LANES(vi64, F64_LANES, x, y, cos)
  return y;
}
