// Vectors of VECTOR_BYTES bytes in clang's own notation, which serves every ISA alike.

#ifndef GB_VECTORS_H
#define GB_VECTORS_H

typedef float vf32 __attribute__((vector_size(VECTOR_BYTES)));
typedef int32_t vi32 __attribute__((vector_size(VECTOR_BYTES)));
typedef uint32_t vu32 __attribute__((vector_size(VECTOR_BYTES)));
typedef double vf64 __attribute__((vector_size(VECTOR_BYTES)));
typedef int64_t vi64 __attribute__((vector_size(VECTOR_BYTES)));
typedef uint64_t vu64 __attribute__((vector_size(VECTOR_BYTES)));
typedef uint16_t vhalf_u16 __attribute__((vector_size(VECTOR_BYTES / 2)));  // as many as a vu32 has

typedef float vhalf_f32 __attribute__((vector_size(VECTOR_BYTES / 2)));  // as many as a vf64 has

// Numbers, not expressions, since they also choose macros by name.
#if VECTOR_BYTES == 64
#define F32_LANES 16
#define F64_LANES 8
#elif VECTOR_BYTES == 32
#define F32_LANES 8
#define F64_LANES 4
#else
#define F32_LANES 4
#define F64_LANES 2
#endif

// Before a loop whose iterations do not depend on each other, though its output may be an input itself: the compiler then
// needs no check for overlap, which would send it to its scalar version in place. (Sanitizers do not vectorise, and
// would complain of it at each loop.)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) || __has_feature(undefined_behavior_sanitizer)
#define INDEPENDENT
#else
#define INDEPENDENT _Pragma("clang loop vectorize(assume_safety)")
#endif

// Always inlined: without the ISA in the whole file's flags, clang would pass wide vectors through memory.
#define VECTOR_FUNCTION static inline __attribute__((always_inline))

VECTOR_FUNCTION vf32 load_f32(const float *p) {
  vf32 v;
  memcpy(&v, p, sizeof v);
  return v;
}
VECTOR_FUNCTION void store_f32(float *p, vf32 v) { memcpy(p, &v, sizeof v); }

VECTOR_FUNCTION vf64 load_f64(const double *p) {
  vf64 v;
  memcpy(&v, p, sizeof v);
  return v;
}
VECTOR_FUNCTION void store_f64(double *p, vf64 v) { memcpy(p, &v, sizeof v); }

VECTOR_FUNCTION vf32 load_bf16(const bf16 *p) {
  vhalf_u16 bits;
  memcpy(&bits, p, sizeof bits);
  return (vf32)(__builtin_convertvector(bits, vu32) << 16);
}
VECTOR_FUNCTION void store_bf16(bf16 *p, vf32 v) {
  const vu32 bits = (vu32)v, is_nan = (vu32)(v != v);
  const vu32 rounded = (bits + 0x7fff + ((bits >> 16) & 1)) >> 16, quiet = (bits >> 16) | 0x40;
  const vhalf_u16 stored = __builtin_convertvector((is_nan & quiet) | (~is_nan & rounded), vhalf_u16);
  memcpy(p, &stored, sizeof stored);
}

// A scalar in every lane. (Subtracting, since −0 + 0 would be +0.)
#define SPLAT(V, x) ((x) - (V){0})

// The functions on vectors are overloaded by type, so that code written for each floating dtype can call them.
#define VECTOR_OVERLOAD __attribute__((overloadable)) VECTOR_FUNCTION

VECTOR_OVERLOAD vf32 vselect(vi32 mask, vf32 a, vf32 b) { return (vf32)((mask & (vi32)a) | (~mask & (vi32)b)); }
VECTOR_OVERLOAD vf64 vselect(vi64 mask, vf64 a, vf64 b) { return (vf64)((mask & (vi64)a) | (~mask & (vi64)b)); }

/// Whether any lane of a comparison holds.
VECTOR_OVERLOAD bool any_lane(vi32 mask) { return __builtin_reduce_or(mask) != 0; }
VECTOR_OVERLOAD bool any_lane(vi64 mask) { return __builtin_reduce_or(mask) != 0; }

// A vector of float32 as two of float64, and back.
typedef struct {
  vf64 low, high;
} vf64_pair;

VECTOR_FUNCTION vf64_pair widened(vf32 x) {
  vhalf_f32 halves[2];
  memcpy(halves, &x, sizeof x);
  return (vf64_pair){__builtin_convertvector(halves[0], vf64), __builtin_convertvector(halves[1], vf64)};
}
VECTOR_FUNCTION vf32 narrowed(vf64_pair x) {
  const vhalf_f32 halves[2] = {__builtin_convertvector(x.low, vhalf_f32), __builtin_convertvector(x.high, vhalf_f32)};
  vf32 v;
  memcpy(&v, halves, sizeof v);
  return v;
}

/// The larger and the smaller of two, passing NaN on.
VECTOR_OVERLOAD vf32 vmax(vf32 a, vf32 b) { return vselect((a > b) | (a != a), a, b); }
VECTOR_OVERLOAD vf64 vmax(vf64 a, vf64 b) { return vselect((a > b) | (a != a), a, b); }
VECTOR_OVERLOAD vf32 vmin(vf32 a, vf32 b) { return vselect((a < b) | (a != a), a, b); }
VECTOR_OVERLOAD vf64 vmin(vf64 a, vf64 b) { return vselect((a < b) | (a != a), a, b); }

#endif
