// Decompositions and triangular solves for batches of matrices, in float32 and float64, by the LAPACK and BLAS in OpenBLAS.
//
// Matrices are row-major and stand one after another. LAPACK's are column-major, so that it sees each of ours transposed; every
// function here asks for the decomposition of the transpose whose factors, read row by row, are the wanted ones. Nothing is copied
// for that.
//
// The library runs on one thread each time. A batch is cut into pieces whose number depends on its size alone, and the pieces run on
// the pool given to gb_lapack_set_parallel: the bits do not depend on the number of threads.
//
// `info` has one element for each matrix: 0, or what LAPACK found (see each function). A matrix in trouble stops no other.

#ifndef CLAPACK_H
#define CLAPACK_H

#include <stdbool.h>
#include <stdint.h>

/// A batch of row-major matrices, rows × columns.
typedef struct gb_matrices {
  bool is_double;
  intptr_t batch, rows, columns;
} gb_matrices;

/// A = L·Lᵀ: reads the lower triangle of each square A and writes L over it, zeros above the diagonal.
/// info: the order of the first leading minor that is not positive.
void gb_cholesky(gb_matrices shape, void *a, int32_t *info);

/// A = Q·R for rows ≥ columns, by Householder reflections: writes Q [rows, columns] over A, and R [columns, columns].
void gb_qr(gb_matrices shape, void *a, void *r, int32_t *info);

/// A = U·diag(s)·Vᵀ by divide and conquer, k = min(rows, columns): u [rows, k], s [k] descending, vt [k, columns]. Without `u` and `vt`
/// (both null) only s. A is overwritten. info: more than 0 where the iteration has not converged.
void gb_svd(gb_matrices shape, void *a, void *u, void *s, void *vt, int32_t *info);

/// A = V·diag(w)·Vᵀ of symmetric matrices, of which the lower triangle is read: w [n] ascending; if `vectors`, row i of A becomes the
/// eigenvector of wᵢ; else A is overwritten. info: more than 0 where the iteration has not converged.
void gb_eigh(gb_matrices shape, void *a, void *w, bool vectors, int32_t *info);

/// Solves A·x = b, or Aᵀ·x = b, for `count` right-hand sides each, by LU with partial pivoting. b [batch, count, n] holds a right-hand
/// side in each row and gets the solution; NaN where A is singular. A is overwritten. info: the first pivot that is zero, from 1.
void gb_solve(gb_matrices shape, bool transposed, intptr_t count, void *a, void *b, int32_t *info);

/// Writes A⁻¹ over A; NaN where it is singular. info: the first pivot that is zero, from 1.
void gb_inverse(gb_matrices shape, void *a, int32_t *info);

/// The determinant's value, sign and ln|det| of each square matrix; 0, 0 and −∞ where it is singular. A is overwritten.
void gb_determinant(gb_matrices shape, void *a, void *value, void *sign, void *log_magnitude);

typedef struct gb_triangle {
  bool upper, transposed, unit_diagonal;
} gb_triangle;

/// Solves A·X = B, or Aᵀ·X = B, for triangular A [n, n], reading one triangle: X is written over the row-major b [batch, n, count].
void gb_triangular_solve(gb_matrices shape, gb_triangle triangle, intptr_t count, const void *a, void *b);

/// The pool that pieces run on: runs body(context, i) for i in 0..<n. Until it is set, pieces run one after another on the caller.
typedef void (*gb_lapack_parallel)(intptr_t n, void (*body)(void *context, intptr_t i), void *context);
void gb_lapack_set_parallel(gb_lapack_parallel parallel);

#endif
