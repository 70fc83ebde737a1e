// Sums and maxima over the lanes of a vector, by halves; and vectors that are only partly filled.

#ifndef GB_VECTOR_LANES_H
#define GB_VECTOR_LANES_H

typedef float f32x2 __attribute__((vector_size(8)));
typedef float f32x4 __attribute__((vector_size(16)));
typedef double f64x2 __attribute__((vector_size(16)));
typedef int32_t i32x4 __attribute__((vector_size(16)));
#if VECTOR_BYTES >= 32
typedef float f32x8 __attribute__((vector_size(32)));
typedef double f64x4 __attribute__((vector_size(32)));
#endif
#if VECTOR_BYTES >= 64
typedef float f32x16 __attribute__((vector_size(64)));
typedef double f64x8 __attribute__((vector_size(64)));
#endif

VECTOR_OVERLOAD float sum_lanes(f32x2 v) { return v[0] + v[1]; }
VECTOR_OVERLOAD double sum_lanes(f64x2 v) { return v[0] + v[1]; }
VECTOR_OVERLOAD float largest_lane(f32x2 v) { return v[0] > v[1] ? v[0] : v[1]; }
VECTOR_OVERLOAD double largest_lane(f64x2 v) { return v[0] > v[1] ? v[0] : v[1]; }

#define BY_HALVES(S, WIDE, HALF)                                          \
  VECTOR_OVERLOAD S sum_lanes(WIDE v) {                                   \
    HALF halves[2];                                                       \
    memcpy(halves, &v, sizeof v);                                         \
    return sum_lanes(halves[0] + halves[1]);                              \
  }                                                                       \
  VECTOR_OVERLOAD S largest_lane(WIDE v) {                                \
    S a[sizeof v / sizeof(S) / 2], b[sizeof v / sizeof(S) / 2];           \
    HALF larger;                                                          \
    memcpy(a, &v, sizeof a);                                              \
    memcpy(b, (const char *)&v + sizeof a, sizeof b);                     \
    for (size_t i = 0; i < sizeof a / sizeof(S); i++) a[i] = a[i] > b[i] ? a[i] : b[i]; \
    memcpy(&larger, a, sizeof a);                                         \
    return largest_lane(larger);                                          \
  }
BY_HALVES(float, f32x4, f32x2)
#if VECTOR_BYTES >= 32
BY_HALVES(float, f32x8, f32x4)
BY_HALVES(double, f64x4, f64x2)
#endif
#if VECTOR_BYTES >= 64
BY_HALVES(float, f32x16, f32x8)
BY_HALVES(double, f64x8, f64x4)
#endif
#undef BY_HALVES

/// The largest and the smallest lane; NaN if any lane is.
VECTOR_OVERLOAD float max_lanes(vf32 v) { return any_lane((vi32)(v != v)) ? NAN : largest_lane(v); }
VECTOR_OVERLOAD double max_lanes(vf64 v) { return any_lane((vi64)(v != v)) ? (double)NAN : largest_lane(v); }
VECTOR_OVERLOAD float min_lanes(vf32 v) { return -max_lanes(-v); }
VECTOR_OVERLOAD double min_lanes(vf64 v) { return -max_lanes(-v); }

// The lanes of two vectors in turn: those of the front halves, and those of the back halves.
#define ZIP_FRONT(LANES, a, b) ZIP_FRONT_(LANES, a, b)
#define ZIP_BACK(LANES, a, b) ZIP_BACK_(LANES, a, b)
#define ZIP_FRONT_(LANES, a, b) ZIP_FRONT_##LANES(a, b)
#define ZIP_BACK_(LANES, a, b) ZIP_BACK_##LANES(a, b)
#define ZIP_FRONT_2(a, b) __builtin_shufflevector(a, b, 0, 2)
#define ZIP_BACK_2(a, b) __builtin_shufflevector(a, b, 1, 3)
#define ZIP_FRONT_4(a, b) __builtin_shufflevector(a, b, 0, 4, 1, 5)
#define ZIP_BACK_4(a, b) __builtin_shufflevector(a, b, 2, 6, 3, 7)
#define ZIP_FRONT_8(a, b) __builtin_shufflevector(a, b, 0, 8, 1, 9, 2, 10, 3, 11)
#define ZIP_BACK_8(a, b) __builtin_shufflevector(a, b, 4, 12, 5, 13, 6, 14, 7, 15)
#define ZIP_FRONT_16(a, b) __builtin_shufflevector(a, b, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23)
#define ZIP_BACK_16(a, b) __builtin_shufflevector(a, b, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31)

// The first n elements of a vector, and `pad` in the lanes beyond; storing the first n lanes. AVX-512 and AVX2 have
// instructions for it, which touch no memory outside.

#if VECTOR_BYTES == 64
VECTOR_OVERLOAD vf32 load_part(intptr_t n, const float *p, float pad) {
  return _mm512_mask_loadu_ps(SPLAT(vf32, pad), (__mmask16)((1u << n) - 1), p);
}
VECTOR_OVERLOAD vf64 load_part(intptr_t n, const double *p, double pad) {
  return _mm512_mask_loadu_pd(SPLAT(vf64, pad), (__mmask8)((1u << n) - 1), p);
}
VECTOR_OVERLOAD void store_part(intptr_t n, float *p, vf32 v) { _mm512_mask_storeu_ps(p, (__mmask16)((1u << n) - 1), v); }
VECTOR_OVERLOAD void store_part(intptr_t n, double *p, vf64 v) { _mm512_mask_storeu_pd(p, (__mmask8)((1u << n) - 1), v); }
#elif VECTOR_BYTES == 32
VECTOR_OVERLOAD vf32 load_part(intptr_t n, const float *p, float pad) {
  const vi32 mask = (int32_t)n > (vi32){0, 1, 2, 3, 4, 5, 6, 7};
  return vselect(mask, _mm256_maskload_ps(p, (__m256i)mask), SPLAT(vf32, pad));
}
VECTOR_OVERLOAD vf64 load_part(intptr_t n, const double *p, double pad) {
  const vi64 mask = (int64_t)n > (vi64){0, 1, 2, 3};
  return vselect(mask, _mm256_maskload_pd(p, (__m256i)mask), SPLAT(vf64, pad));
}
VECTOR_OVERLOAD void store_part(intptr_t n, float *p, vf32 v) {
  _mm256_maskstore_ps(p, (__m256i)((int32_t)n > (vi32){0, 1, 2, 3, 4, 5, 6, 7}), v);
}
VECTOR_OVERLOAD void store_part(intptr_t n, double *p, vf64 v) {
  _mm256_maskstore_pd(p, (__m256i)((int64_t)n > (vi64){0, 1, 2, 3}), v);
}
#else
VECTOR_OVERLOAD vf32 load_part(intptr_t n, const float *p, float pad) {
  vf32 v = SPLAT(vf32, pad);
  for (intptr_t i = 0; i < n; i++) v[i] = p[i];
  return v;
}
VECTOR_OVERLOAD vf64 load_part(intptr_t n, const double *p, double pad) {
  vf64 v = SPLAT(vf64, pad);
  for (intptr_t i = 0; i < n; i++) v[i] = p[i];
  return v;
}
VECTOR_OVERLOAD void store_part(intptr_t n, float *p, vf32 v) {
  for (intptr_t i = 0; i < n; i++) p[i] = v[i];
}
VECTOR_OVERLOAD void store_part(intptr_t n, double *p, vf64 v) {
  for (intptr_t i = 0; i < n; i++) p[i] = v[i];
}
#endif

// bfloat16 passes through a buffer of its own elements.
VECTOR_OVERLOAD vf32 load_part(intptr_t n, const bf16 *p, float pad) {
  bf16 part[F32_LANES];
  const bf16 filling = bf16_of_float(pad);
  for (intptr_t i = 0; i < F32_LANES; i++) part[i] = i < n ? p[i] : filling;
  return load_bf16(part);
}
VECTOR_OVERLOAD void store_part(intptr_t n, bf16 *p, vf32 v) {
  bf16 part[F32_LANES];
  store_bf16(part, v);
  for (intptr_t i = 0; i < n; i++) p[i] = part[i];
}

#endif
