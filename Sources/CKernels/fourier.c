// Fourier transforms: plans kept for later, and rows cut into pieces.

#include "fourier.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

// ---- plans ---------------------------------------------------------------------------------------------------

// Making a plan takes longer than the transform of a row. Plans that are kept are never changed and never freed.
enum { KEPT = 32, LONGEST_KEPT = 1 << 16 };

typedef struct {
  bool is_double;
  intptr_t n;
  void *plan;
} kept_plan;

static kept_plan kept[KEPT];
static int kept_count;
static pthread_mutex_t kept_lock = PTHREAD_MUTEX_INITIALIZER;

/// The plan for a length; `*owned`: it was made for the caller, who frees it.
static void *find_plan(bool is_double, intptr_t n, bool *owned) {
  *owned = false;
  pthread_mutex_lock(&kept_lock);
  for (int i = 0; i < kept_count; i++) {
    if (kept[i].n == n && kept[i].is_double == is_double) {
      void *plan = kept[i].plan;
      pthread_mutex_unlock(&kept_lock);
      return plan;
    }
  }
  void *plan = is_double ? gb_fourier_plan_f64(n) : gb_fourier_plan_f32(n);
  if (kept_count < KEPT && (n < 0 ? -n : n) <= LONGEST_KEPT) {
    kept[kept_count++] = (kept_plan){is_double, n, plan};
  } else {
    *owned = true;
  }
  pthread_mutex_unlock(&kept_lock);
  return plan;
}

// ---- rows ----------------------------------------------------------------------------------------------------

typedef struct {
  gb_fourier_kind kind;
  const gb_fourier_shape *shape;
  const void *plan, *x;
  void *y;
} call;

static void run_rows(void *context, intptr_t begin, intptr_t end) {
  const call *c = context;
  (c->shape->is_double ? gb_fourier_rows_f64 : gb_fourier_rows_f32)(c->kind, c->shape, c->plan, c->x, c->y, begin, end);
}

static void run(gb_fourier_kind kind, gb_fourier_shape shape, const void *x, void *y) {
  if (shape.rows == 0 || shape.n == 0) return;
  // Real rows of even length are transformed as complex ones of half the length.
  bool halved = (kind == GB_REAL || kind == GB_HERMITIAN) && shape.n % 2 == 0;
  bool owned;
  void *plan = find_plan(shape.is_double, halved ? -shape.n : shape.n, &owned);
  call c = {kind, &shape, plan, x, y};
  // A row costs about log n passes over it.
  intptr_t passes = 1;
  while ((intptr_t)1 << passes < shape.n) passes++;
  gb_split(shape.rows, gb_rows_per_piece(shape.n * passes), run_rows, &c);
  if (owned) (shape.is_double ? gb_fourier_free_f64 : gb_fourier_free_f32)(plan);
}

void gb_fourier(gb_fourier_shape shape, bool inverse, const void *x, void *y) {
  run(inverse ? GB_INVERSE : GB_FORWARD, shape, x, y);
}

void gb_fourier_real(gb_fourier_shape shape, const void *x, void *y) { run(GB_REAL, shape, x, y); }

void gb_fourier_hermitian(gb_fourier_shape shape, const void *x, void *y) { run(GB_HERMITIAN, shape, x, y); }

void *gb_fourier_memory(size_t bytes) {
  void *block = malloc(bytes > 0 ? bytes : 1);
  if (!block) {
    fprintf(stderr, "Glassbox: a Fourier transform needs %zu bytes, more than there is.\n", bytes);
    abort();
  }
  return block;
}
