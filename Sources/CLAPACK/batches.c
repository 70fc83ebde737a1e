// The functions of CLAPACK.h: what one matrix costs, and which type of number.

#include "pieces.h"

// Defined by routines.h in float32.c and float64.c.
#define DECLARED(name) extern gb_matrices_body gb_##name##_f32, gb_##name##_f64
DECLARED(cholesky);
DECLARED(qr);
DECLARED(svd);
DECLARED(eigh);
DECLARED(solve);
DECLARED(inverse);
DECLARED(determinant);
DECLARED(triangular_solve);

static double cubed(gb_matrices shape) {
  double n = (double)(shape.rows < shape.columns ? shape.rows : shape.columns);
  return (double)shape.rows * (double)shape.columns * n + 1000;
}

void gb_cholesky(gb_matrices shape, void *a, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .info = info};
  gb_over_batch(&job, cubed(shape) / 3, gb_cholesky_f32, gb_cholesky_f64);
}

void gb_qr(gb_matrices shape, void *a, void *r, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .first = r, .info = info};
  gb_over_batch(&job, 4 * cubed(shape), gb_qr_f32, gb_qr_f64);
}

void gb_svd(gb_matrices shape, void *a, void *u, void *s, void *vt, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .first = u, .second = s, .third = vt, .info = info};
  gb_over_batch(&job, 20 * cubed(shape), gb_svd_f32, gb_svd_f64);
}

void gb_eigh(gb_matrices shape, void *a, void *w, bool vectors, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .first = w, .vectors = vectors, .info = info};
  gb_over_batch(&job, 10 * cubed(shape), gb_eigh_f32, gb_eigh_f64);
}

void gb_solve(gb_matrices shape, bool transposed, intptr_t count, void *a, void *b, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .first = b, .transposed = transposed, .count = count, .info = info};
  gb_over_batch(&job, cubed(shape) + 2.0 * (double)shape.rows * (double)shape.rows * (double)count, gb_solve_f32,
                gb_solve_f64);
}

void gb_inverse(gb_matrices shape, void *a, int32_t *info) {
  gb_job job = {.shape = shape, .a = a, .info = info};
  gb_over_batch(&job, 2 * cubed(shape), gb_inverse_f32, gb_inverse_f64);
}

void gb_determinant(gb_matrices shape, void *a, void *value, void *sign, void *log_magnitude) {
  gb_job job = {.shape = shape, .a = a, .first = value, .second = sign, .third = log_magnitude};
  gb_over_batch(&job, cubed(shape), gb_determinant_f32, gb_determinant_f64);
}

void gb_triangular_solve(gb_matrices shape, gb_triangle triangle, intptr_t count, const void *a, void *b) {
  if (shape.rows == 0 || count == 0) return;
  gb_job job = {.shape = shape, .a = (void *)a, .first = b, .triangle = triangle, .count = count};
  gb_over_batch(&job, (double)shape.rows * (double)shape.rows * (double)count + 1000, gb_triangular_solve_f32,
                gb_triangular_solve_f64);
}
