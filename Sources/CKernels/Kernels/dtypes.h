// Element types: bfloat16, and conversions that C leaves undefined.

#ifndef GB_DTYPES_H
#define GB_DTYPES_H

/// The upper half of a float32. Arithmetic happens in float32.
typedef uint16_t bf16;

static inline float float_of_bf16(bf16 x) {
  const uint32_t bits = (uint32_t)x << 16;
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

/// Rounds to nearest, ties to even.
static inline bf16 bf16_of_float(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  // Rounding a NaN's bits could carry into the sign; keep its upper bits and make it quiet.
  const uint32_t rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16, quiet = (bits >> 16) | 0x40;
  return (bf16)(x == x ? rounded : quiet);
}

// Float to integer: towards zero, saturating, NaN to 0. (Out of range, C's own conversion is undefined.)
#define SATURATING(T)                                                                                             \
  static inline int32_t i32_of_##T(T x) {                                                                         \
    return x >= (T)0x1p31 ? INT32_MAX : x >= (T)-0x1p31 ? (int32_t)x : x == x ? INT32_MIN : 0;                    \
  }                                                                                                               \
  static inline int64_t i64_of_##T(T x) {                                                                         \
    return x >= (T)0x1p63 ? INT64_MAX : x >= (T)-0x1p63 ? (int64_t)x : x == x ? INT64_MIN : 0;                    \
  }                                                                                                               \
  static inline uint8_t u8_of_##T(T x) { return x >= (T)255 ? 255 : x > (T)0 ? (uint8_t)(int32_t)x : 0; }
SATURATING(float)
SATURATING(double)
#undef SATURATING

// The other conversions under the same pattern of names; integers wrap.
static inline int32_t i32_of_int64_t(int64_t x) { return (int32_t)x; }
static inline int64_t i64_of_int64_t(int64_t x) { return x; }
static inline uint8_t u8_of_int64_t(int64_t x) { return (uint8_t)x; }

static inline float f32_of_float(float x) { return x; }
static inline float f32_of_double(double x) { return (float)x; }
static inline float f32_of_int64_t(int64_t x) { return (float)x; }
static inline double f64_of_float(float x) { return x; }
static inline double f64_of_double(double x) { return x; }
static inline double f64_of_int64_t(int64_t x) { return (double)x; }
static inline bf16 bf16_of_double(double x) { return bf16_of_float((float)x); }
static inline bf16 bf16_of_int64_t(int64_t x) { return bf16_of_float((float)x); }

// Of bool, whose name is taken.
static inline uint8_t truth_of_float(float x) { return x != 0; }
static inline uint8_t truth_of_double(double x) { return x != 0; }
static inline uint8_t truth_of_int64_t(int64_t x) { return x != 0; }

#endif
