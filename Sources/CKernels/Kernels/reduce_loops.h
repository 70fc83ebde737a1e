// The reductions of one dtype (included by each_number.h).

#if IS_FLOAT
#define NAME(part) N(sum_##part)
#define BLOCK C
#define TOTAL double
#define RESULT T
#define START 0
#define STEP(a, x) ((a) + (x))
#define MERGE(a, b) ((a) + (b))
#define FINISH(a) OF_DOUBLE(a)
#define ROW N(sum_of_row)
#include "one_reduction.h"

#define NAME(part) N(product_##part)
#define BLOCK double
#define TOTAL double
#define RESULT T
#define START 1
#define STEP(a, x) ((a) * (double)(x))
#define MERGE(a, b) ((a) * (b))
#define FINISH(a) OF_DOUBLE(a)
#include "one_reduction.h"
#else
#define NAME(part) N(sum_##part)
#define BLOCK uint64_t
#define TOTAL uint64_t
#define RESULT int64_t
#define START 0
#define STEP(a, x) ((a) + (uint64_t)(x))
#define MERGE(a, b) ((a) + (b))
#define FINISH(a) (a)
#include "one_reduction.h"

#define NAME(part) N(product_##part)
#define BLOCK uint64_t
#define TOTAL uint64_t
#define RESULT int64_t
#define START 1
#define STEP(a, x) ((a) * (uint64_t)(x))
#define MERGE(a, b) ((a) * (b))
#define FINISH(a) (a)
#include "one_reduction.h"
#endif

// The accumulator is first: once NaN it stays, since NaN fails every comparison.
#define NAME(part) N(max_##part)
#define BLOCK C
#define TOTAL C
#define RESULT T
#define START LEAST
#define STEP(a, x) ((x) > (a) || IS_NAN(x) ? (x) : (a))
#define MERGE(a, b) STEP(a, b)
#define FINISH(a) STORE(a)
#if IS_FLOAT
#define ROW N(max_of_row)
#endif
#include "one_reduction.h"

#define NAME(part) N(min_##part)
#define BLOCK C
#define TOTAL C
#define RESULT T
#define START GREATEST
#define STEP(a, x) ((x) < (a) || IS_NAN(x) ? (x) : (a))
#define MERGE(a, b) STEP(a, b)
#define FINISH(a) STORE(a)
#if IS_FLOAT
#define ROW N(min_of_row)
#endif
#include "one_reduction.h"

// ARGMAX and ARGMIN. NaN counts as the extreme, and the first of equals wins.

/// Along a contiguous row: the extreme first, at the speed of a reduction, then where it is.
static int64_t N(position)(intptr_t n, const T *x, C extreme) {
  const bool wants_nan = IS_NAN(extreme);
  intptr_t i = 0;
  for (; i + 64 <= n; i += 64) {
    uint8_t found = 0;
    for (int k = 0; k < 64; k++) {
      const C value = LOAD(x[i + k]);
      found |= (uint8_t)((value == extreme) | (wants_nan & IS_NAN(value)));
    }
    if (found) break;
  }
  for (; i < n; i++) {
    const C value = LOAD(x[i]);
    if (value == extreme || (wants_nan && IS_NAN(value))) return i;
  }
  return 0;
}

#define ARG(name, extreme_rows, better)                                                                     \
  static void N(name##_row)(intptr_t n, const void *x, int64_t *out) {                                      \
    T extreme;                                                                                              \
    extreme_rows(1, n, x, &extreme);                                                                        \
    *out = N(position)(n, x, LOAD(extreme));                                                                \
  }                                                                                                         \
  static void N(name##_columns)(intptr_t n, intptr_t width, intptr_t step, const void *x_, int64_t *out) {  \
    const T *x = x_;                                                                                        \
    C extremes[COLUMNS];                                                                                    \
    for (intptr_t c = 0; c < width; c++) extremes[c] = LOAD(x[c]), out[c] = 0;                              \
    for (intptr_t r = 1; r < n; r++) {                                                                      \
      x += step;                                                                                            \
      INDEPENDENT                                                                                           \
      for (intptr_t c = 0; c < width; c++) {                                                                \
        const C value = LOAD(x[c]), extreme = extremes[c];                                                  \
        const bool wins = value better extreme || (IS_NAN(value) && !IS_NAN(extreme));                   \
        extremes[c] = wins ? value : extreme;                                                               \
        out[c] = wins ? r : out[c];                                                                         \
      }                                                                                                     \
    }                                                                                                       \
  }
ARG(argmax, N(max_rows), >)
ARG(argmin, N(min_rows), <)
#undef ARG
