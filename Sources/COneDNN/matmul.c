// Matrix products: C is cut into a fixed grid of panels, and a library's single-threaded product fills each.

#include <cblas.h>
#include <dnnl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "pieces.h"
#include "small_matmul.h"

/// A matrix as BLAS takes it: rows of `leading` elements, possibly of the transpose.
typedef struct {
  bool transposed;
  intptr_t leading;
} blas_matrix;

typedef struct {
  const gb_matmul *shape;
  bool is_double, is_small;
  const char *a, *b, *bias;
  char *c;
  size_t element;
  blas_matrix a_matrix, b_matrix;
  /// A unit is one panel of one batch.
  intptr_t row_panels, column_panels, units, pieces;
} product;

/// Says how BLAS sees a rows × columns matrix of these strides; false where it can't (overlapping or repeated rows).
static bool describe(intptr_t rows, intptr_t columns, intptr_t row, intptr_t column, blas_matrix *matrix) {
  // The stride of an axis of length 1 means nothing.
  if ((column == 1 || columns == 1) && (row >= columns || rows == 1)) {
    *matrix = (blas_matrix){false, rows == 1 ? columns : row};
    return true;
  }
  if ((row == 1 || rows == 1) && (column >= rows || columns == 1)) {
    *matrix = (blas_matrix){true, columns == 1 ? rows : column};
    return true;
  }
  return false;
}

static void library_product(const product *p, intptr_t m, intptr_t n, const char *a, const char *b, char *c) {
  const gb_matmul *s = p->shape;
  if (p->is_double) {
    cblas_dgemm(CblasRowMajor, p->a_matrix.transposed ? CblasTrans : CblasNoTrans,
                p->b_matrix.transposed ? CblasTrans : CblasNoTrans, (int)m, (int)n, (int)s->k, 1, (const double *)a,
                (int)p->a_matrix.leading, (const double *)b, (int)p->b_matrix.leading, 0, (double *)c, (int)s->n);
    return;
  }
  dnnl_status_t status =
      dnnl_sgemm(p->a_matrix.transposed ? 'T' : 'N', p->b_matrix.transposed ? 'T' : 'N', m, n, s->k, 1, (const float *)a,
                 p->a_matrix.leading, (const float *)b, p->b_matrix.leading, 0, (float *)c, s->n);
  if (status != dnnl_success) gb_library_failure("dnnl_sgemm", status);
}

static void add_bias(const product *p, intptr_t m, intptr_t n, const char *bias, char *c) {
  intptr_t row = p->shape->n;
  for (intptr_t i = 0; i < m; i++) {
    if (p->is_double) {
      for (intptr_t j = 0; j < n; j++) ((double *)c)[i * row + j] += ((const double *)bias)[j];
    } else {
      for (intptr_t j = 0; j < n; j++) ((float *)c)[i * row + j] += ((const float *)bias)[j];
    }
  }
}

static void run_unit(const product *p, intptr_t unit) {
  const gb_matmul *s = p->shape;
  intptr_t panels = p->row_panels * p->column_panels;
  intptr_t batch = unit / panels, row_panel = unit % panels / p->column_panels, column_panel = unit % p->column_panels;
  intptr_t top = gb_piece_start(s->m, p->row_panels, row_panel);
  intptr_t m = gb_piece_start(s->m, p->row_panels, row_panel + 1) - top;
  intptr_t left = gb_piece_start(s->n, p->column_panels, column_panel);
  intptr_t n = gb_piece_start(s->n, p->column_panels, column_panel + 1) - left;

  intptr_t element = (intptr_t)p->element;
  const char *a = p->a + ((s->a_offsets ? s->a_offsets[batch] : 0) + top * s->a_row) * element;
  const char *b = p->b + ((s->b_offsets ? s->b_offsets[batch] : 0) + left * s->b_column) * element;
  const char *bias = p->bias ? p->bias + left * element : NULL;
  char *c = p->c + ((batch * s->m + top) * s->n + left) * element;
  if (p->is_small) {
    gb_small_product small = {m, n, s->k, s->a_row, s->a_column, s->b_row, s->b_column, s->n, false};
    gb_multiply_small(&small, (const float *)a, (const float *)b, (const float *)bias, (float *)c);
    return;
  }
  if (s->k == 0) {
    for (intptr_t i = 0; i < m; i++) memset(c + i * s->n * element, 0, (size_t)n * p->element);
  } else {
    library_product(p, m, n, a, b, c);
  }
  if (bias) add_bias(p, m, n, bias, c);
}

static void run_piece(void *context, intptr_t index) {
  const product *p = context;
  intptr_t end = gb_piece_start(p->units, p->pieces, index + 1);
  for (intptr_t unit = gb_piece_start(p->units, p->pieces, index); unit < end; unit++) run_unit(p, unit);
}

/// The grid and the pieces depend on the size alone. Less than about 1 MFLOP is not worth waking a thread for.
static void choose_panels(product *p) {
  const gb_matmul *s = p->shape;
  double flops = 2.0 * (double)s->m * (double)s->n * (double)s->k;
  intptr_t wanted = flops < 2e6 ? 1 : flops > 16e6 ? 16 : (intptr_t)(flops / 1e6);
  p->row_panels = p->column_panels = 1;
  while (p->row_panels * p->column_panels < wanted) {
    intptr_t rows = s->m / p->row_panels, columns = s->n / p->column_panels;
    if (rows < 32 && columns < 32) break;
    if (rows >= columns) {
      p->row_panels *= 2;
    } else {
      p->column_panels *= 2;
    }
  }
  p->units = s->batch * p->row_panels * p->column_panels;
  double pieces = flops * (double)s->batch / 1e6;
  p->pieces = pieces < 2 ? 1 : pieces < 64 ? (intptr_t)pieces : 64;
  if (p->pieces > p->units) p->pieces = p->units;
}

/// A copy of every batch of an operand that BLAS has no name for (a broadcast view with stride 0, say), row by row.
static char *copy_operand(const char *from, const intptr_t *offsets, intptr_t batch, intptr_t rows, intptr_t columns,
                          intptr_t row, intptr_t column, size_t element, intptr_t *new_offsets) {
  char *copy = malloc((size_t)(batch * rows * columns) * element), *to = copy;
  if (!copy) gb_library_failure("malloc", 0);
  for (intptr_t b = 0; b < batch; b++) {
    new_offsets[b] = b * rows * columns;
    const char *base = from + (offsets ? offsets[b] : 0) * (intptr_t)element;
    for (intptr_t i = 0; i < rows; i++) {
      for (intptr_t j = 0; j < columns; j++, to += element) {
        memcpy(to, base + (i * row + j * column) * (intptr_t)element, element);
      }
    }
  }
  return copy;
}

static void multiply(const gb_matmul *shape, bool is_double, const void *a, const void *b, const void *bias, void *c) {
  if (shape->m <= 0 || shape->n <= 0 || shape->batch <= 0) return;
  gb_matmul s = *shape;
  size_t element = is_double ? sizeof(double) : sizeof(float);
  product p = {.shape = &s, .is_double = is_double, .a = a, .b = b, .bias = bias, .c = c, .element = element};

  p.is_small = !is_double && gb_is_small_product(&(gb_small_product){.m = s.m, .n = s.n, .k = s.k});

  char *copies[2] = {NULL, NULL};
  intptr_t *offsets[2] = {NULL, NULL};
  if (!p.is_small && s.k > 0 && !describe(s.m, s.k, s.a_row, s.a_column, &p.a_matrix)) {
    offsets[0] = malloc((size_t)s.batch * sizeof(intptr_t));
    p.a = copies[0] = copy_operand(a, s.a_offsets, s.batch, s.m, s.k, s.a_row, s.a_column, element, offsets[0]);
    s.a_offsets = offsets[0], s.a_row = s.k, s.a_column = 1;
    describe(s.m, s.k, s.a_row, s.a_column, &p.a_matrix);
  }
  if (!p.is_small && s.k > 0 && !describe(s.k, s.n, s.b_row, s.b_column, &p.b_matrix)) {
    offsets[1] = malloc((size_t)s.batch * sizeof(intptr_t));
    p.b = copies[1] = copy_operand(b, s.b_offsets, s.batch, s.k, s.n, s.b_row, s.b_column, element, offsets[1]);
    s.b_offsets = offsets[1], s.b_row = s.n, s.b_column = 1;
    describe(s.k, s.n, s.b_row, s.b_column, &p.b_matrix);
  }

  choose_panels(&p);
  gb_run_pieces(p.pieces, run_piece, &p);
  for (int i = 0; i < 2; i++) free(copies[i]), free(offsets[i]);
}

void gb_matmul_f32(const gb_matmul *shape, const float *a, const float *b, const float *bias, float *c) {
  multiply(shape, false, a, b, bias, c);
}

void gb_matmul_f64(const gb_matmul *shape, const double *a, const double *b, const double *bias, double *c) {
  multiply(shape, true, a, b, bias, c);
}

void gb_onednn_sgemm(intptr_t m, intptr_t n, intptr_t k, const float *a, const float *b, float *c) {
  dnnl_status_t status = dnnl_sgemm('N', 'N', m, n, k, 1, a, k, b, n, 0, c, n);
  if (status != dnnl_success) gb_library_failure("dnnl_sgemm", status);
}
