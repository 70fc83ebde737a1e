// Fourier transforms in one type of number: included with REAL and NAMED(name) defined.
//
// Stockham's form of the Cooley–Tukey algorithm (Cochran et al., "What is the fast Fourier transform?", 1967), which needs no reordering:
// a stage of radix r takes x[q + s·(p + m·k)] to y[q + s·(r·p + j)], m = n/r, where s is the product of the radices so far. Radices are
// 4, 2, 3, 5, and small primes; a length with a prime factor above LARGEST_RADIX becomes a convolution (Bluestein, "A linear filtering
// approach to the computation of the discrete Fourier transform", 1970). Real and imaginary parts stand apart while they are worked on,
// so that the loops over q are plain vector arithmetic.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "../fourier.h"

enum { MOST_STAGES = 64, LARGEST_RADIX = 31 };

/// Compiled for three instruction sets, of which the machine chooses when the program starts.
#if defined(__x86_64__)
#define EACH_INSTRUCTION_SET __attribute__((target_clones("arch=skylake-avx512", "arch=haswell", "default")))
#else
#define EACH_INSTRUCTION_SET
#endif

/// Numbers with their real and imaginary parts apart.
typedef struct {
  REAL *re, *im;
} NAMED(parts);

typedef struct NAMED(plan) {
  intptr_t n;
  int stages, radices[MOST_STAGES];
  /// e^(−2πik/n).
  NAMED(parts) roots;
  /// For real rows of length 2n: e^(−πik/n), k ≤ n/2 and further; else null.
  NAMED(parts) half_roots;
  /// Bluestein's: a plan of at least 2n − 1, e^(−πik²/n), and the transform of its conjugate.
  struct NAMED(plan) * convolution;
  NAMED(parts) chirp, filter;
} NAMED(plan);

static NAMED(parts) NAMED(room)(intptr_t n) {
  REAL *block = gb_fourier_memory((size_t)(2 * n) * sizeof(REAL));
  return (NAMED(parts)){block, block + n};
}

/// e^(−2πi·k/n), exact where sine or cosine is 0 or ±1.
static void NAMED(root)(intptr_t k, intptr_t n, REAL *re, REAL *im) {
  // The angle is brought into one eighth of the circle, where both functions are most exact.
  k %= n;
  intptr_t eighth = 8 * k / n;
  double angle = 2 * M_PI / (double)n;
  double near, c, s;
  switch ((eighth + 1) / 2) {
    case 0: near = angle * (double)k, c = cos(near), s = sin(near); break;
    case 1: near = angle * ((double)k - (double)n / 4), c = -sin(near), s = cos(near); break;
    case 2: near = angle * ((double)k - (double)n / 2), c = -cos(near), s = -sin(near); break;
    case 3: near = angle * ((double)k - 3 * (double)n / 4), c = sin(near), s = -cos(near); break;
    default: near = angle * (double)(k - n), c = cos(near), s = sin(near); break;
  }
  *re = (REAL)c, *im = (REAL)-s;
}

static void NAMED(transform)(const NAMED(plan) * plan, NAMED(parts) * x, NAMED(parts) * y);

static NAMED(plan) * NAMED(make)(intptr_t n) {
  NAMED(plan) *plan = gb_fourier_memory(sizeof *plan);
  *plan = (NAMED(plan)){.n = n};
  intptr_t rest = n;
  while (rest % 4 == 0) plan->radices[plan->stages++] = 4, rest /= 4;
  for (intptr_t radix = 2; radix <= LARGEST_RADIX; radix++) {
    while (rest % radix == 0) plan->radices[plan->stages++] = (int)radix, rest /= radix;
  }
  if (rest == 1) {
    plan->roots = NAMED(room)(n);
    for (intptr_t k = 0; k < n; k++) NAMED(root)(k, n, &plan->roots.re[k], &plan->roots.im[k]);
    return plan;
  }
  intptr_t m = 1;
  while (m < 2 * n - 1) m *= 2;
  plan->convolution = NAMED(make)(m);
  plan->chirp = NAMED(room)(n);
  NAMED(parts) x = NAMED(room)(m), y = NAMED(room)(m);
  memset(x.re, 0, (size_t)(2 * m) * sizeof(REAL));
  for (intptr_t k = 0; k < n; k++) {
    intptr_t square = (intptr_t)((unsigned __int128)k * (unsigned __int128)k % (unsigned __int128)(2 * n));
    NAMED(root)(square, 2 * n, &plan->chirp.re[k], &plan->chirp.im[k]);
    x.re[k] = x.re[(m - k) % m] = plan->chirp.re[k];
    x.im[k] = x.im[(m - k) % m] = -plan->chirp.im[k];
  }
  REAL *blocks[2] = {x.re, y.re};
  NAMED(transform)(plan->convolution, &x, &y);
  plan->filter = NAMED(room)(m);
  for (intptr_t k = 0; k < m; k++) {
    plan->filter.re[k] = x.re[k] / (REAL)m;
    plan->filter.im[k] = x.im[k] / (REAL)m;
  }
  free(blocks[0]);
  free(blocks[1]);
  return plan;
}

/// A negative length asks for real rows of that even length: a plan of half the length and the roots that take it apart.
void *NAMED(gb_fourier_plan)(intptr_t n) {
  if (n > 0) return NAMED(make)(n);
  NAMED(plan) *plan = NAMED(make)(-n / 2);
  plan->half_roots = NAMED(room)(-n / 2 + 1);
  for (intptr_t k = 0; k <= -n / 2; k++) NAMED(root)(k, -n, &plan->half_roots.re[k], &plan->half_roots.im[k]);
  return plan;
}

void NAMED(gb_fourier_free)(void *pointer) {
  NAMED(plan) *plan = pointer;
  if (!plan) return;
  NAMED(gb_fourier_free)(plan->convolution);
  free(plan->roots.re);
  free(plan->half_roots.re);
  free(plan->chirp.re);
  free(plan->filter.re);
  free(plan);
}

// ---- stages --------------------------------------------------------------------------------------------------

#define TURN(re_out, im_out, a, b, c, d) re_out = (a) * (c) - (b) * (d), im_out = (a) * (d) + (b) * (c)

/// The first stage by fours, whose loop over q has one step: the loop over p is the one to run in vectors.
static inline __attribute__((always_inline)) void NAMED(first_stage)(intptr_t m, const REAL *restrict cosines,
                                                                     const REAL *restrict sines, NAMED(parts) x,
                                                                     NAMED(parts) y) {
  const REAL *restrict a = x.re, *restrict b = x.im;
  REAL *restrict c = y.re, *restrict d = y.im;
  for (intptr_t p = 0; p < m; p++) {
    REAL even_re = a[p] + a[p + 2 * m], even_im = b[p] + b[p + 2 * m];
    REAL less_re = a[p] - a[p + 2 * m], less_im = b[p] - b[p + 2 * m];
    REAL odd_re = a[p + m] + a[p + 3 * m], odd_im = b[p + m] + b[p + 3 * m];
    REAL turn_re = b[p + m] - b[p + 3 * m], turn_im = a[p + 3 * m] - a[p + m];
    c[4 * p] = even_re + odd_re, d[4 * p] = even_im + odd_im;
    TURN(c[4 * p + 1], d[4 * p + 1], less_re + turn_re, less_im + turn_im, cosines[p], sines[p]);
    TURN(c[4 * p + 2], d[4 * p + 2], even_re - odd_re, even_im - odd_im, cosines[2 * p], sines[2 * p]);
    TURN(c[4 * p + 3], d[4 * p + 3], less_re - turn_re, less_im - turn_im, cosines[3 * p], sines[3 * p]);
  }
}

/// One stage: m = n/(s·r).
static inline __attribute__((always_inline)) void NAMED(any_stage)(const NAMED(plan) * plan, int radix, intptr_t s,
                                                                   NAMED(parts) x, NAMED(parts) y) {
  const intptr_t n = plan->n, m = n / (s * radix), far = s * m;
  const REAL *cosines = plan->roots.re, *sines = plan->roots.im;
  for (intptr_t p = 0; p < m; p++) {
    const REAL *restrict a = x.re + s * p, *restrict b = x.im + s * p;
    REAL *restrict c = y.re + s * radix * p, *restrict d = y.im + s * radix * p;
    const REAL u1 = cosines[p * s], v1 = sines[p * s];
    if (radix == 2) {
      for (intptr_t q = 0; q < s; q++) {
        REAL re = a[q] - a[q + far], im = b[q] - b[q + far];
        c[q] = a[q] + a[q + far], d[q] = b[q] + b[q + far];
        TURN(c[q + s], d[q + s], re, im, u1, v1);
      }
      continue;
    }
    const REAL u2 = cosines[2 * p * s], v2 = sines[2 * p * s];
    if (radix == 3) {
      const REAL half_root = (REAL)0.86602540378443864676;
      for (intptr_t q = 0; q < s; q++) {
        REAL sum_re = a[q + far] + a[q + 2 * far], sum_im = b[q + far] + b[q + 2 * far];
        REAL mean_re = a[q] - sum_re / 2, mean_im = b[q] - sum_im / 2;
        REAL turn_re = half_root * (b[q + far] - b[q + 2 * far]), turn_im = half_root * (a[q + 2 * far] - a[q + far]);
        c[q] = a[q] + sum_re, d[q] = b[q] + sum_im;
        TURN(c[q + s], d[q + s], mean_re + turn_re, mean_im + turn_im, u1, v1);
        TURN(c[q + 2 * s], d[q + 2 * s], mean_re - turn_re, mean_im - turn_im, u2, v2);
      }
      continue;
    }
    if (radix == 4) {
      const REAL u3 = cosines[3 * p * s], v3 = sines[3 * p * s];
      for (intptr_t q = 0; q < s; q++) {
        REAL even_re = a[q] + a[q + 2 * far], even_im = b[q] + b[q + 2 * far];
        REAL less_re = a[q] - a[q + 2 * far], less_im = b[q] - b[q + 2 * far];
        REAL odd_re = a[q + far] + a[q + 3 * far], odd_im = b[q + far] + b[q + 3 * far];
        // −i times the difference.
        REAL turn_re = b[q + far] - b[q + 3 * far], turn_im = a[q + 3 * far] - a[q + far];
        c[q] = even_re + odd_re, d[q] = even_im + odd_im;
        TURN(c[q + s], d[q + s], less_re + turn_re, less_im + turn_im, u1, v1);
        TURN(c[q + 2 * s], d[q + 2 * s], even_re - odd_re, even_im - odd_im, u2, v2);
        TURN(c[q + 3 * s], d[q + 3 * s], less_re - turn_re, less_im - turn_im, u3, v3);
      }
      continue;
    }
    if (radix == 5) {
      const REAL u3 = cosines[3 * p * s], v3 = sines[3 * p * s], u4 = cosines[4 * p * s], v4 = sines[4 * p * s];
      // Cosines and sines of one and two fifths of a turn.
      const REAL c1 = (REAL)0.30901699437494742410, c2 = (REAL)-0.80901699437494742410;
      const REAL s1 = (REAL)0.95105651629515357212, s2 = (REAL)0.58778525229247312917;
      for (intptr_t q = 0; q < s; q++) {
        REAL outer_re = a[q + far] + a[q + 4 * far], outer_im = b[q + far] + b[q + 4 * far];
        REAL inner_re = a[q + 2 * far] + a[q + 3 * far], inner_im = b[q + 2 * far] + b[q + 3 * far];
        REAL outer_less_re = a[q + far] - a[q + 4 * far], outer_less_im = b[q + far] - b[q + 4 * far];
        REAL inner_less_re = a[q + 2 * far] - a[q + 3 * far], inner_less_im = b[q + 2 * far] - b[q + 3 * far];
        REAL first_re = a[q] + c1 * outer_re + c2 * inner_re, first_im = b[q] + c1 * outer_im + c2 * inner_im;
        REAL second_re = a[q] + c2 * outer_re + c1 * inner_re, second_im = b[q] + c2 * outer_im + c1 * inner_im;
        REAL turn1_re = s1 * outer_less_im + s2 * inner_less_im, turn1_im = -s1 * outer_less_re - s2 * inner_less_re;
        REAL turn2_re = s2 * outer_less_im - s1 * inner_less_im, turn2_im = s1 * inner_less_re - s2 * outer_less_re;
        c[q] = a[q] + outer_re + inner_re, d[q] = b[q] + outer_im + inner_im;
        TURN(c[q + s], d[q + s], first_re + turn1_re, first_im + turn1_im, u1, v1);
        TURN(c[q + 2 * s], d[q + 2 * s], second_re + turn2_re, second_im + turn2_im, u2, v2);
        TURN(c[q + 3 * s], d[q + 3 * s], second_re - turn2_re, second_im - turn2_im, u3, v3);
        TURN(c[q + 4 * s], d[q + 4 * s], first_re - turn1_re, first_im - turn1_im, u4, v4);
      }
      continue;
    }
    for (intptr_t j = 0; j < radix; j++) {
      for (intptr_t k = 0; k < radix; k++) {
        // Both turns in one: e^(−2πi·(jk/r + jps/n)).
        const intptr_t place = (j * k % radix * (n / radix) + j * p * s) % n;
        const REAL u = cosines[place], v = sines[place];
        const REAL *restrict from_re = a + k * far, *restrict from_im = b + k * far;
        REAL *restrict to_re = c + j * s, *restrict to_im = d + j * s;
        for (intptr_t q = 0; q < s; q++) {
          REAL re = from_re[q] * u - from_im[q] * v, im = from_re[q] * v + from_im[q] * u;
          to_re[q] = k == 0 ? re : to_re[q] + re;
          to_im[q] = k == 0 ? im : to_im[q] + im;
        }
      }
    }
  }
}

EACH_INSTRUCTION_SET
void NAMED(gb_fourier_stage)(const NAMED(plan) * plan, int radix, intptr_t s, NAMED(parts) x, NAMED(parts) y) {
  // Loops of known and small length become straight vector code.
  if (s == 1 && radix == 4) {
    NAMED(first_stage)(plan->n / 4, plan->roots.re, plan->roots.im, x, y);
  } else if (s == 4 && radix == 4) {
    NAMED(any_stage)(plan, 4, 4, x, y);
  } else if (s == 16 && radix == 4) {
    NAMED(any_stage)(plan, 4, 16, x, y);
  } else if (radix == 4) {
    NAMED(any_stage)(plan, 4, s, x, y);
  } else if (radix == 5) {
    NAMED(any_stage)(plan, 5, s, x, y);
  } else {
    NAMED(any_stage)(plan, radix, s, x, y);
  }
}

static void NAMED(convolve)(const NAMED(plan) * plan, NAMED(parts) * x) {
  const NAMED(plan) *inner = plan->convolution;
  intptr_t n = plan->n, m = inner->n;
  NAMED(parts) a = NAMED(room)(m), b = NAMED(room)(m);
  REAL *blocks[2] = {a.re, b.re};
  memset(a.re, 0, (size_t)(2 * m) * sizeof(REAL));
  for (intptr_t k = 0; k < n; k++) {
    TURN(a.re[k], a.im[k], x->re[k], x->im[k], plan->chirp.re[k], plan->chirp.im[k]);
  }
  NAMED(transform)(inner, &a, &b);
  for (intptr_t k = 0; k < m; k++) {
    REAL re = a.re[k], im = a.im[k];
    TURN(a.re[k], a.im[k], re, im, plan->filter.re[k], plan->filter.im[k]);
  }
  // The inverse transform is the transform with real and imaginary parts exchanged.
  NAMED(parts) c = {a.im, a.re}, d = {b.im, b.re};
  NAMED(transform)(inner, &c, &d);
  for (intptr_t k = 0; k < n; k++) {
    TURN(x->re[k], x->im[k], c.im[k], c.re[k], plan->chirp.re[k], plan->chirp.im[k]);
  }
  free(blocks[0]);
  free(blocks[1]);
}

/// Transforms x; y is scratch. The two may be exchanged on the way: the result is in x.
static void NAMED(transform)(const NAMED(plan) * plan, NAMED(parts) * x, NAMED(parts) * y) {
  if (plan->convolution) {
    NAMED(convolve)(plan, x);
    return;
  }
  intptr_t s = 1;
  for (int stage = 0; stage < plan->stages; stage++) {
    NAMED(gb_fourier_stage)(plan, plan->radices[stage], s, *x, *y);
    s *= plan->radices[stage];
    NAMED(parts) exchanged = *x;
    *x = *y;
    *y = exchanged;
  }
}

// ---- rows ----------------------------------------------------------------------------------------------------

static void NAMED(complex_row)(const NAMED(plan) * plan, bool inverse, REAL scale, const REAL *from, REAL *to,
                               NAMED(parts) x, NAMED(parts) y) {
  intptr_t n = plan->n;
  for (intptr_t k = 0; k < n; k++) x.re[k] = from[2 * k + inverse], x.im[k] = from[2 * k + !inverse];
  NAMED(transform)(plan, &x, &y);
  for (intptr_t k = 0; k < n; k++) to[2 * k + inverse] = scale * x.re[k], to[2 * k + !inverse] = scale * x.im[k];
}

/// E and O from the transform of E + i·O, and their sum E + e^(−πik/n)·O, for 0 < k < n.
EACH_INSTRUCTION_SET
void NAMED(gb_fourier_part)(intptr_t n, REAL half, NAMED(parts) x, NAMED(parts) roots, REAL *restrict to) {
  const REAL *restrict a = x.re, *restrict b = x.im, *restrict cosines = roots.re, *restrict sines = roots.im;
  for (intptr_t k = 1; k < n; k++) {
    REAL even_re = a[k] + a[n - k], even_im = b[k] - b[n - k];
    REAL odd_re = b[k] + b[n - k], odd_im = a[n - k] - a[k];
    REAL re, im;
    TURN(re, im, odd_re, odd_im, cosines[k], sines[k]);
    to[2 * k] = half * (even_re + re), to[2 * k + 1] = half * (even_im + im);
  }
}

static void NAMED(real_row)(const NAMED(plan) * plan, REAL scale, const REAL *from, REAL *to, NAMED(parts) x,
                            NAMED(parts) y) {
  intptr_t n = plan->n;
  if (!plan->half_roots.re) {
    memcpy(x.re, from, (size_t)n * sizeof(REAL));
    memset(x.im, 0, (size_t)n * sizeof(REAL));
    NAMED(transform)(plan, &x, &y);
    for (intptr_t k = 0; k <= n / 2; k++) to[2 * k] = scale * x.re[k], to[2 * k + 1] = scale * x.im[k];
    to[1] = 0;
    return;
  }
  // Even elements as real parts, odd ones as imaginary: with E and O their transforms, X = E + e^(−πik/n)·O.
  for (intptr_t k = 0; k < n; k++) x.re[k] = from[2 * k], x.im[k] = from[2 * k + 1];
  NAMED(transform)(plan, &x, &y);
  NAMED(gb_fourier_part)(n, scale / 2, x, plan->half_roots, to);
  to[0] = scale * (x.re[0] + x.im[0]), to[1] = 0;
  to[2 * n] = scale * (x.re[0] - x.im[0]), to[2 * n + 1] = 0;
}

static void NAMED(hermitian_row)(const NAMED(plan) * plan, REAL scale, const REAL *from, REAL *to, NAMED(parts) x,
                                 NAMED(parts) y) {
  intptr_t n = plan->n;
  // Real and imaginary parts are exchanged, which inverts the transform.
  if (!plan->half_roots.re) {
    for (intptr_t k = 0; k <= n / 2; k++) {
      intptr_t mirror = k == 0 ? 0 : n - k;
      x.im[k] = x.im[mirror] = from[2 * k];
      x.re[mirror] = -from[2 * k + 1];
      x.re[k] = k == 0 ? 0 : from[2 * k + 1];
    }
    NAMED(transform)(plan, &x, &y);
    for (intptr_t k = 0; k < n; k++) to[k] = scale * x.im[k];
    return;
  }
  for (intptr_t k = 0; k < n; k++) {
    intptr_t j = n - k;
    REAL re = from[2 * k], im = k == 0 ? 0 : from[2 * k + 1];
    REAL other_re = from[2 * j], other_im = k == 0 ? 0 : -from[2 * j + 1];
    REAL odd_re, odd_im;
    TURN(odd_re, odd_im, re - other_re, im - other_im, plan->half_roots.re[k], -plan->half_roots.im[k]);
    x.im[k] = re + other_re - odd_im, x.re[k] = im + other_im + odd_re;
  }
  NAMED(transform)(plan, &x, &y);
  for (intptr_t k = 0; k < n; k++) to[2 * k] = scale * x.im[k], to[2 * k + 1] = scale * x.re[k];
}

void NAMED(gb_fourier_rows)(gb_fourier_kind kind, const gb_fourier_shape *shape, const void *plan, const void *x, void *y,
                            intptr_t begin, intptr_t end) {
  const NAMED(plan) *p = plan;
  intptr_t n = shape->n, half = 2 * (n / 2 + 1);
  REAL scale = (REAL)shape->scale;
  NAMED(parts) first = NAMED(room)(p->n), second = NAMED(room)(p->n);
  for (intptr_t row = begin; row < end; row++) {
    switch (kind) {
      case GB_FORWARD:
      case GB_INVERSE:
        NAMED(complex_row)(p, kind == GB_INVERSE, scale, (const REAL *)x + 2 * n * row, (REAL *)y + 2 * n * row, first,
                           second);
        break;
      case GB_REAL:
        NAMED(real_row)(p, scale, (const REAL *)x + n * row, (REAL *)y + half * row, first, second);
        break;
      case GB_HERMITIAN:
        NAMED(hermitian_row)(p, scale, (const REAL *)x + half * row, (REAL *)y + n * row, first, second);
        break;
    }
  }
  free(first.re);
  free(second.re);
}
