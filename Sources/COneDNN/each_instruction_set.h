// Includes KERNELS (a file's name) once for each instruction set, with these defined:
//
//   LANES          floats a vector              REGISTERS   of that size
//   TARGET         attribute for every function  SET(name)   name for this set
//   SET(vector)    the type, of any alignment; clang's and gcc's vector arithmetic applies to it
//   SET(load_some)(from, count), SET(store_some)(to, count, vector)    the first `count` ≤ LANES lanes, the others zero
//   SET(add_lanes)(v)    four vectors' sums
//   EVEN_LANES, ODD_LANES, LOW_LANES, HIGH_LANES    shuffles of two vectors: every second element from the first or the second on,
//                                        their first halves interleaved, their last halves interleaved
//
// UNROLLED marks a loop whose bounds are constants once its function is inlined, so that arrays of vectors become
// registers.

#include <stdint.h>
#ifdef __x86_64__
#include <immintrin.h>
#endif

#ifdef __clang__
#define UNROLLED _Pragma("clang loop unroll(full)")
#else
#define UNROLLED _Pragma("GCC unroll 32")
#endif

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

#ifdef __x86_64__

#define LANES 16
#define REGISTERS 32
#define TARGET __attribute__((target("avx512f")))
#define SET(name) name##_avx512
#define EVEN_LANES 0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30
#define ODD_LANES 1, 3, 5, 7, 9, 11, 13, 15, 17, 19, 21, 23, 25, 27, 29, 31
#define LOW_LANES 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23
#define HIGH_LANES 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31
#define LOW_SINGLES 0, 16, 1, 17, 4, 20, 5, 21, 8, 24, 9, 25, 12, 28, 13, 29
#define HIGH_SINGLES 2, 18, 3, 19, 6, 22, 7, 23, 10, 26, 11, 27, 14, 30, 15, 31
#define LOW_PAIRS 0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29
#define HIGH_PAIRS 2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31
#include "vector_operations.h"
static inline TARGET vector_avx512 load_some_avx512(const float *from, intptr_t count) {
  return _mm512_maskz_loadu_ps((__mmask16)((1u << count) - 1), from);
}
static inline TARGET void store_some_avx512(float *to, intptr_t count, vector_avx512 value) {
  _mm512_mask_storeu_ps(to, (__mmask16)((1u << count) - 1), value);
}
#include KERNELS
#include "vector_operations_end.h"

#define LANES 8
#define REGISTERS 16
#define TARGET __attribute__((target("avx2,fma")))
#define SET(name) name##_avx2
#define EVEN_LANES 0, 2, 4, 6, 8, 10, 12, 14
#define ODD_LANES 1, 3, 5, 7, 9, 11, 13, 15
#define LOW_LANES 0, 8, 1, 9, 2, 10, 3, 11
#define HIGH_LANES 4, 12, 5, 13, 6, 14, 7, 15
#define LOW_SINGLES 0, 8, 1, 9, 4, 12, 5, 13
#define HIGH_SINGLES 2, 10, 3, 11, 6, 14, 7, 15
#define LOW_PAIRS 0, 1, 8, 9, 4, 5, 12, 13
#define HIGH_PAIRS 2, 3, 10, 11, 6, 7, 14, 15
#include "vector_operations.h"
static inline TARGET __m256i some_avx2(intptr_t count) {
  return _mm256_cmpgt_epi32(_mm256_set1_epi32((int)count), _mm256_setr_epi32(0, 1, 2, 3, 4, 5, 6, 7));
}
static inline TARGET vector_avx2 load_some_avx2(const float *from, intptr_t count) {
  return _mm256_maskload_ps(from, some_avx2(count));
}
static inline TARGET void store_some_avx2(float *to, intptr_t count, vector_avx2 value) {
  _mm256_maskstore_ps(to, some_avx2(count), value);
}
#include KERNELS
#include "vector_operations_end.h"

#endif

// SSE2, NEON or whatever else there is.
#define LANES 4
#ifdef __aarch64__
#define REGISTERS 32
#else
#define REGISTERS 16
#endif
#define TARGET
#define SET(name) name##_portable
#define EVEN_LANES 0, 2, 4, 6
#define ODD_LANES 1, 3, 5, 7
#define LOW_LANES 0, 4, 1, 5
#define HIGH_LANES 2, 6, 3, 7
#define LOW_SINGLES 0, 4, 1, 5
#define HIGH_SINGLES 2, 6, 3, 7
#define LOW_PAIRS 0, 1, 4, 5
#define HIGH_PAIRS 2, 3, 6, 7
#include "vector_operations.h"
static inline vector_portable load_some_portable(const float *from, intptr_t count) {
  vector_portable some = {0, 0, 0, 0};
  for (intptr_t i = 0; i < count; i++) some[i] = from[i];
  return some;
}
static inline void store_some_portable(float *to, intptr_t count, vector_portable value) {
  for (intptr_t i = 0; i < count; i++) to[i] = value[i];
}
#include KERNELS
#include "vector_operations_end.h"

/// The version for this machine of a constant that every set has.
#ifdef __x86_64__
#define FOR_THIS_MACHINE(name)                                                        \
  (__builtin_cpu_supports("avx512f")                                 ? &name##_avx512 \
   : __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? &name##_avx2   \
                                                                     : &name##_portable)
#else
#define FOR_THIS_MACHINE(name) (&name##_portable)
#endif
