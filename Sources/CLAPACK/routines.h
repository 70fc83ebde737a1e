// The pieces of every function for one type of number: included with REAL, LAPACK(name), BLAS(name) and NAMED(name) defined.

#include <cblas.h>
#include <lapack.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "pieces.h"

static inline intptr_t NAMED(smaller)(intptr_t a, intptr_t b) { return a < b ? a : b; }

void NAMED(cholesky)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows;
  for (intptr_t i = begin; i < end; i++) {
    REAL *a = (REAL *)job->a + i * n * n;
    lapack_int order = (lapack_int)n, leading = order > 0 ? order : 1, info = 0;
    // The upper triangle by columns is the lower one by rows.
    LAPACK(potrf)("U", &order, a, &leading, &info);
    for (intptr_t row = 0; row < n; row++) {
      for (intptr_t column = row + 1; column < n; column++) a[row * n + column] = 0;
    }
    job->info[i] = info;
  }
}

void NAMED(qr)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t m = job->shape.rows, n = job->shape.columns;
  lapack_int rows = (lapack_int)m, columns = (lapack_int)n, leading = columns > 0 ? columns : 1, info = 0, ask = -1;
  REAL sizes[2] = {1, 1};
  LAPACK(gelqf)(&columns, &rows, NULL, &leading, NULL, &sizes[0], &ask, &info);
  LAPACK(orglq)(&columns, &rows, &columns, NULL, &leading, NULL, &sizes[1], &ask, &info);
  lapack_int room = (lapack_int)(sizes[0] > sizes[1] ? sizes[0] : sizes[1]);
  REAL *work = gb_workspace((size_t)(room + n) * sizeof(REAL)), *factors = work + room;
  for (intptr_t i = begin; i < end; i++) {
    REAL *a = (REAL *)job->a + i * m * n, *r = (REAL *)job->first + i * n * n;
    // Aᵀ = L·Q, so A = Qᵀ·Lᵀ.
    LAPACK(gelqf)(&columns, &rows, a, &leading, factors, work, &room, &info);
    for (intptr_t row = 0; row < n; row++) {
      for (intptr_t column = 0; column < n; column++) r[row * n + column] = column < row ? 0 : a[row * n + column];
    }
    LAPACK(orglq)(&columns, &rows, &columns, a, &leading, factors, work, &room, &info);
    job->info[i] = info;
  }
  free(work);
}

void NAMED(svd)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t m = job->shape.rows, n = job->shape.columns, k = NAMED(smaller)(m, n);
  const char *which = job->first ? "S" : "N";
  lapack_int rows = (lapack_int)m, columns = (lapack_int)n, least = (lapack_int)k, info = 0, ask = -1;
  lapack_int leading = columns > 0 ? columns : 1, thin = least > 0 ? least : 1;
  REAL size = 1;
  lapack_int *integers = gb_workspace((size_t)(8 * k) * sizeof(lapack_int));
  LAPACK(gesdd)(which, &columns, &rows, NULL, &leading, NULL, NULL, &leading, NULL, &thin, &size, &ask, integers, &info);
  // The size comes back as a REAL, which float32 rounds from 2²⁴ up.
  lapack_int room = (lapack_int)((double)size * 1.0000002) + 1;
  REAL *work = gb_workspace((size_t)room * sizeof(REAL));
  for (intptr_t i = begin; i < end; i++) {
    REAL *u = job->first ? (REAL *)job->first + i * m * k : NULL;
    REAL *vt = job->third ? (REAL *)job->third + i * k * n : NULL;
    info = 0;
    // Aᵀ = V·diag(s)·Uᵀ: LAPACK's left vectors by columns are Vᵀ by rows, and its right ones U.
    LAPACK(gesdd)(which, &columns, &rows, (REAL *)job->a + i * m * n, &leading, (REAL *)job->second + i * k, vt, &leading,
                  u, &thin, work, &room, integers, &info);
    job->info[i] = info;
  }
  free(work);
  free(integers);
}

void NAMED(eigh)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows;
  const char *which = job->vectors ? "V" : "N";
  lapack_int order = (lapack_int)n, leading = order > 0 ? order : 1, info = 0, ask = -1, integer_room = 1;
  REAL size = 1;
  LAPACK(syevd)(which, "U", &order, NULL, &leading, NULL, &size, &ask, &integer_room, &ask, &info);
  lapack_int room = (lapack_int)((double)size * 1.0000002) + 1;
  REAL *work = gb_workspace((size_t)room * sizeof(REAL));
  lapack_int *integers = gb_workspace((size_t)integer_room * sizeof(lapack_int));
  for (intptr_t i = begin; i < end; i++) {
    info = 0;
    LAPACK(syevd)(which, "U", &order, (REAL *)job->a + i * n * n, &leading, (REAL *)job->first + i * n, work, &room,
                  integers, &integer_room, &info);
    job->info[i] = info;
  }
  free(work);
  free(integers);
}

void NAMED(solve)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows, count = job->count;
  lapack_int order = (lapack_int)n, leading = order > 0 ? order : 1, sides = (lapack_int)count, info = 0;
  lapack_int *pivots = gb_workspace((size_t)n * sizeof(lapack_int));
  for (intptr_t i = begin; i < end; i++) {
    REAL *a = (REAL *)job->a + i * n * n, *b = (REAL *)job->first + i * count * n;
    LAPACK(getrf)(&order, &order, a, &leading, pivots, &info);
    job->info[i] = info;
    if (info == 0) {
      LAPACK(getrs)(job->transposed ? "N" : "T", &order, &sides, a, &leading, pivots, b, &leading, &info);
    } else {
      for (intptr_t j = 0; j < count * n; j++) b[j] = NAN;
    }
  }
  free(pivots);
}

void NAMED(inverse)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows;
  lapack_int order = (lapack_int)n, leading = order > 0 ? order : 1, info = 0, ask = -1;
  REAL size = 1;
  LAPACK(getri)(&order, NULL, &leading, NULL, &size, &ask, &info);
  lapack_int room = size < 1 ? 1 : (lapack_int)size;  // at least 1, even where there are no rows
  REAL *work = gb_workspace((size_t)room * sizeof(REAL));
  lapack_int *pivots = gb_workspace((size_t)n * sizeof(lapack_int));
  for (intptr_t i = begin; i < end; i++) {
    REAL *a = (REAL *)job->a + i * n * n;
    LAPACK(getrf)(&order, &order, a, &leading, pivots, &info);
    job->info[i] = info;
    if (info == 0) {
      LAPACK(getri)(&order, a, &leading, pivots, work, &room, &info);
    } else {
      for (intptr_t j = 0; j < n * n; j++) a[j] = NAN;
    }
  }
  free(work);
  free(pivots);
}

void NAMED(determinant)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows;
  lapack_int order = (lapack_int)n, leading = order > 0 ? order : 1, info = 0;
  lapack_int *pivots = gb_workspace((size_t)n * sizeof(lapack_int));
  for (intptr_t i = begin; i < end; i++) {
    REAL *a = (REAL *)job->a + i * n * n;
    LAPACK(getrf)(&order, &order, a, &leading, pivots, &info);
    REAL value = 1, sign = 1, log_magnitude = 0;
    for (intptr_t j = 0; j < n; j++) {
      REAL pivot = a[j * n + j];
      if (pivots[j] != j + 1) value = -value, sign = -sign;
      value *= pivot;
      sign = pivot > 0 ? sign : pivot < 0 ? -sign : pivot == 0 ? 0 : NAN;
      log_magnitude += (REAL)log(fabs((double)pivot));
    }
    ((REAL *)job->first)[i] = value;
    ((REAL *)job->second)[i] = sign;
    ((REAL *)job->third)[i] = log_magnitude;
  }
  free(pivots);
}

void NAMED(triangular_solve)(const gb_job *job, intptr_t begin, intptr_t end) {
  intptr_t n = job->shape.rows, count = job->count;
  for (intptr_t i = begin; i < end; i++) {
    BLAS(trsm)(CblasRowMajor, CblasLeft, job->triangle.upper ? CblasUpper : CblasLower,
               job->triangle.transposed ? CblasTrans : CblasNoTrans,
               job->triangle.unit_diagonal ? CblasUnit : CblasNonUnit, (int)n, (int)count, 1,
               (const REAL *)job->a + i * n * n, (int)n, (REAL *)job->first + i * n * count, (int)count);
  }
}
