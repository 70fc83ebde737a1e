// Matrix products: C is cut into a fixed grid of panels, and each is filled on one thread (product.h).

#include <cblas.h>
#include <dnnl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "COneDNN.h"
#include "pieces.h"
#include "product.h"

typedef enum { F32, F64, BF16 } element;

typedef struct {
  const gb_matmul *shape;
  element element;
  /// Bytes an element.
  intptr_t size;
  bool is_small;
  const void *a, *b, *bias;
  void *c;
  /// A unit is one panel of one batch.
  intptr_t row_panels, column_panels, units, pieces;
} product;

static void multiply_f64(const gb_product *p, const double *a, const double *b, const double *bias, double *c) {
  for (intptr_t i = 0; i < p->m; i++) {
    for (intptr_t j = 0; j < p->n; j++) c[i * p->c_row + j] = bias ? bias[j] : 0;
  }
  gb_blas_matrix a_matrix, b_matrix;
  if (p->k == 0) return;
  if (!gb_describe_for_blas(p->m, p->k, p->a_row, p->a_column, &a_matrix) ||
      !gb_describe_for_blas(p->k, p->n, p->b_row, p->b_column, &b_matrix)) {
    gb_library_failure("gb_describe_for_blas", 0);
  }
  cblas_dgemm(CblasRowMajor, a_matrix.transposed ? CblasTrans : CblasNoTrans,
              b_matrix.transposed ? CblasTrans : CblasNoTrans, (int)p->m, (int)p->n, (int)p->k, 1, a,
              (int)a_matrix.leading, b, (int)b_matrix.leading, 1, c, (int)p->c_row);
}

/// Panel `index` of `count` begins at this column; all begin at whole cache lines of a row.
static intptr_t column_start(intptr_t n, intptr_t count, intptr_t index) {
  enum { LINE = 16 };
  intptr_t start = gb_piece_start((n + LINE - 1) / LINE, count, index) * LINE;
  return start < n ? start : n;
}

static void run_unit(const product *p, intptr_t unit) {
  const gb_matmul *s = p->shape;
  intptr_t panels = p->row_panels * p->column_panels;
  intptr_t batch = unit / panels, row_panel = unit % panels / p->column_panels, column_panel = unit % p->column_panels;
  intptr_t top = gb_piece_start(s->m, p->row_panels, row_panel);
  intptr_t m = gb_piece_start(s->m, p->row_panels, row_panel + 1) - top;
  intptr_t left = column_start(s->n, p->column_panels, column_panel);
  intptr_t n = column_start(s->n, p->column_panels, column_panel + 1) - left;

  intptr_t a = (s->a_offsets ? s->a_offsets[batch] : 0) + top * s->a_row;
  intptr_t b = (s->b_offsets ? s->b_offsets[batch] : 0) + left * s->b_column, c = (batch * s->m + top) * s->n + left;
  gb_product product = {m, n, s->k, s->a_row, s->a_column, s->b_row, s->b_column, s->n, false};
  const void *a_start = (const char *)p->a + a * p->size, *b_start = (const char *)p->b + b * p->size;
  const void *bias = p->bias ? (const char *)p->bias + left * p->size : NULL;
  void *c_start = (char *)p->c + c * p->size;
  switch (p->element) {
    case F64: return multiply_f64(&product, a_start, b_start, bias, c_start);
    case BF16: return gb_multiply_bf16(&product, a_start, b_start, bias, c_start);
    // The whole product's size decides which way to go, not the panel's.
    case F32: return (p->is_small ? gb_multiply_small : gb_multiply_large)(&product, a_start, b_start, bias, c_start);
  }
}

static void run_piece(void *context, intptr_t index) {
  const product *p = context;
  intptr_t end = gb_piece_start(p->units, p->pieces, index + 1);
  for (intptr_t unit = gb_piece_start(p->units, p->pieces, index); unit < end; unit++) run_unit(p, unit);
}

/// The grid and the pieces depend on the size and the machine alone, never on the number of threads. Less than about 1 MFLOP is
/// not worth waking a thread for.
static void choose_panels(product *p) {
  const gb_matmul *s = p->shape;
  double flops = 2.0 * (double)s->m * (double)s->n * (double)s->k;
  // A vector times a matrix waits for the matrix, and reading an element takes as long as the work of about eight rows with it.
  if (s->m == 1 || s->n == 1) flops *= 8;
  // Our own product loses nothing by being cut into small panels of columns. The libraries lay both operands out anew
  // for each panel, so they get few and large ones, of rows first.
  intptr_t wanted, least_rows, least_columns;
  if (p->is_small) {
    wanted = flops < 2e6 ? 1 : flops > 16e6 ? 16 : (intptr_t)(flops / 1e6);
    least_rows = 24, least_columns = 64;
  } else {
    // The least that keeps the cores busy (measured for 1024³: four panels instead of two, 4 %).
    wanted = flops < 4e6 ? 1 : gb_pieces_for_cores();
    least_rows = least_columns = 48;
  }
  p->row_panels = p->column_panels = 1;
  while (p->row_panels * p->column_panels < wanted) {
    intptr_t rows = s->m / p->row_panels, columns = s->n / p->column_panels;
    bool can_cut_rows = rows >= 2 * least_rows, can_cut_columns = columns >= 2 * least_columns;
    if (!can_cut_rows && !can_cut_columns) break;
    bool prefers_rows = p->is_small ? rows > 4 * columns : 4 * rows > columns;
    if (can_cut_rows && (prefers_rows || !can_cut_columns)) {
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
static void *copy_operand(const char *from, const intptr_t *offsets, intptr_t batch, intptr_t rows, intptr_t columns,
                          intptr_t row, intptr_t column, intptr_t size, intptr_t *new_offsets) {
  char *copy = malloc((size_t)(batch * rows * columns * size)), *to = copy;
  if (!copy) gb_library_failure("malloc", 0);
  for (intptr_t b = 0; b < batch; b++) {
    new_offsets[b] = b * rows * columns;
    const char *base = from + (offsets ? offsets[b] : 0) * size;
    for (intptr_t i = 0; i < rows; i++) {
      for (intptr_t j = 0; j < columns; j++, to += size) {
        memcpy(to, base + (i * row + j * column) * size, (size_t)size);
      }
    }
  }
  return copy;
}

static void multiply(const gb_matmul *shape, element element, const void *a, const void *b, const void *bias, void *c) {
  if (shape->m <= 0 || shape->n <= 0 || shape->batch <= 0) return;
  gb_matmul s = *shape;
  static const intptr_t sizes[] = {[F32] = sizeof(float), [F64] = sizeof(double), [BF16] = sizeof(uint16_t)};
  product p = {.shape = &s, .element = element, .size = sizes[element], .a = a, .b = b, .bias = bias, .c = c};
  gb_product whole = {s.m, s.n, s.k, s.a_row, s.a_column, s.b_row, s.b_column, s.n, false};
  p.is_small = element == F32 && gb_is_small_product(&whole);

  // Views that neither BLAS nor our loops can read: rows that overlap or repeat, or no stride of 1 at all.
  void *copies[4] = {NULL, NULL, NULL, NULL};
  gb_blas_matrix ignored;
  bool reads_a = p.is_small || gb_describe_for_blas(s.m, s.k, s.a_row, s.a_column, &ignored);
  bool reads_b = p.is_small ? s.b_row == 1 || s.b_column == 1 || s.k == 1 || s.n == 1
                            : gb_describe_for_blas(s.k, s.n, s.b_row, s.b_column, &ignored);
  if (!reads_a && s.k > 0) {
    intptr_t *offsets = copies[0] = malloc((size_t)s.batch * sizeof(intptr_t));
    p.a = copies[1] = copy_operand(a, s.a_offsets, s.batch, s.m, s.k, s.a_row, s.a_column, p.size, offsets);
    s.a_offsets = offsets, s.a_row = s.k, s.a_column = 1;
  }
  if (!reads_b && s.k > 0) {
    intptr_t *offsets = copies[2] = malloc((size_t)s.batch * sizeof(intptr_t));
    p.b = copies[3] = copy_operand(b, s.b_offsets, s.batch, s.k, s.n, s.b_row, s.b_column, p.size, offsets);
    s.b_offsets = offsets, s.b_row = s.n, s.b_column = 1;
  }

  choose_panels(&p);
  if (p.is_small && p.pieces == 1) {
    run_piece(&p, 0);
  } else {
    gb_run_pieces(p.pieces, run_piece, &p);
  }
  for (int i = 0; i < 4; i++) free(copies[i]);
}

void gb_matmul_f32(const gb_matmul *shape, const float *a, const float *b, const float *bias, float *c) {
  multiply(shape, F32, a, b, bias, c);
}

void gb_matmul_f64(const gb_matmul *shape, const double *a, const double *b, const double *bias, double *c) {
  multiply(shape, F64, a, b, bias, c);
}

void gb_matmul_bf16(const gb_matmul *shape, const uint16_t *a, const uint16_t *b, const uint16_t *bias, uint16_t *c) {
  multiply(shape, BF16, a, b, bias, c);
}
