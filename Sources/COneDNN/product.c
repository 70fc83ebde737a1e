#include "product.h"

#include <dnnl.h>

#include "pieces.h"

bool gb_describe_for_blas(intptr_t rows, intptr_t columns, intptr_t row, intptr_t column, gb_blas_matrix *matrix) {
  // The stride of an axis of length 1 means nothing.
  if ((column == 1 || columns == 1) && (row >= columns || rows == 1)) {
    *matrix = (gb_blas_matrix){false, rows == 1 ? columns : row};
    return true;
  }
  if ((row == 1 || rows == 1) && (column >= rows || columns == 1)) {
    *matrix = (gb_blas_matrix){true, columns == 1 ? rows : column};
    return true;
  }
  return false;
}

void gb_multiply(const gb_product *p, const float *a, const float *b, const float *bias, float *c) {
  (gb_is_small_product(p) ? gb_multiply_small : gb_multiply_large)(p, a, b, bias, c);
}

void gb_multiply_large(const gb_product *p, const float *a, const float *b, const float *bias, float *c) {
  gb_blas_matrix a_matrix, b_matrix;
  if (!gb_describe_for_blas(p->m, p->k, p->a_row, p->a_column, &a_matrix) ||
      !gb_describe_for_blas(p->k, p->n, p->b_row, p->b_column, &b_matrix)) {
    gb_library_failure("gb_describe_for_blas", 0);
  }
  dnnl_status_t status = dnnl_sgemm(a_matrix.transposed ? 'T' : 'N', b_matrix.transposed ? 'T' : 'N', p->m, p->n, p->k,
                                    1, a, a_matrix.leading, b, b_matrix.leading, p->adds ? 1 : 0, c, p->c_row);
  if (status != dnnl_success) gb_library_failure("dnnl_sgemm", status);
  if (!bias) return;
  for (intptr_t i = 0; i < p->m; i++) {
    for (intptr_t j = 0; j < p->n; j++) c[i * p->c_row + j] += bias[j];
  }
}
