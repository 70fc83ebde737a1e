// float64 convolutions: patches and OpenBLAS. They are there for gradient checks, so plain rather than fast.

#include <cblas.h>

static void gemm(int a_transposed, int b_transposed, long m, long n, long k, const double *a, long a_leading,
                 const double *b, long b_leading, double beta, double *c, long c_leading) {
  cblas_dgemm(CblasRowMajor, a_transposed ? CblasTrans : CblasNoTrans, b_transposed ? CblasTrans : CblasNoTrans, (int)m,
              (int)n, (int)k, 1, a, (int)a_leading, b, (int)b_leading, beta, c, (int)c_leading);
}

#define SCALAR double
#define GEMM gemm
#include "patches.h"

void gb_conv2d_f64(const gb_conv2d *shape, const double *x, const double *w, const double *bias, double *y) {
  if (is_degenerate(shape)) return degenerate_forward(shape, bias, y);
  patch_forward(shape, x, w, bias, y);
}

void gb_conv2d_input_f64(const gb_conv2d *shape, const double *g, const double *w, double *dx) {
  if (is_degenerate(shape)) return degenerate_input(shape, dx);
  patch_input(shape, g, w, dx);
}

void gb_conv2d_weight_f64(const gb_conv2d *shape, const double *x, const double *g, double *dw) {
  if (is_degenerate(shape)) return degenerate_weight(shape, dw);
  patch_weight(shape, x, g, dw);
}
