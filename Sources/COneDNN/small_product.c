#include "product.h"

#include "pieces.h"

enum { MOST_ROWS = 12, MOST_VECTORS = 4, MOST_DOT_ROWS = 4, FAR_ROWS = 4096 };

typedef void (*row_tile)(const gb_product *s, const float *a, const float *b, const float *bias, intptr_t last,
                         float *c);

typedef struct {
  intptr_t lanes, accumulators;
  /// [rows − 1][vectors − 1], where the product is at most `accumulators`.
  row_tile tile[MOST_ROWS][MOST_VECTORS];
  /// For A's rows and B's columns contiguous.
  void (*dot_products)(const gb_product *s, const float *a, const float *b, const float *bias, float *c);
  /// to[p·to_row + j] = b[p + j·column], with room for whole vectors of columns.
  void (*turn_columns)(intptr_t k, intptr_t columns, const float *b, intptr_t column, float *to, intptr_t to_row);
} small_kernels;

#define EACH_SMALL_TILE(DO)                                                                            \
  DO(1, 1) DO(1, 2) DO(1, 3) DO(1, 4) DO(2, 1) DO(2, 2) DO(2, 3) DO(2, 4) DO(3, 1) DO(3, 2) DO(3, 3)   \
  DO(3, 4) DO(4, 1) DO(4, 2) DO(4, 3) DO(5, 1) DO(5, 2) DO(6, 1) DO(6, 2) DO(7, 1) DO(8, 1)            \
  DO(9, 1) DO(10, 1) DO(11, 1) DO(12, 1)
#define EACH_LARGE_TILE(DO)                                                                                     \
  EACH_SMALL_TILE(DO) DO(4, 4) DO(5, 3) DO(5, 4) DO(6, 3) DO(6, 4) DO(7, 2) DO(7, 3) DO(8, 2) DO(8, 3) DO(9, 2) \
  DO(10, 2) DO(11, 2) DO(12, 2)

#define KERNELS "product_tiles.h"
#include "each_instruction_set.h"

static void pack_rows(intptr_t k, intptr_t n, const float *b, intptr_t b_row, float *to, intptr_t width) {
  for (intptr_t p = 0; p < k; p++) {
    for (intptr_t j = 0; j < n; j++) to[p * width + j] = b[p * b_row + j];
  }
}

bool gb_is_small_product(const gb_product *s) {
  double products = (double)s->m * (double)s->n * (double)s->k;
  // oneDNN turns B's columns into rows once more for every panel of C's rows, and we are not at our best with A's.
  bool b_in_columns = s->b_column != 1 && s->n > 1, a_in_columns = s->a_column != 1 && s->k > 1;
  // A short k leaves little to gain from laying A out anew, and a bias added later costs a pass over C.
  if (s->k <= (a_in_columns ? 16 : 64)) return true;
  // A row times rows that lie one after another waits for memory, and oneDNN has the better order of reading.
  if (s->m == 1 && s->n >= 128 && !b_in_columns && products > 1 << 15) return false;
  if (b_in_columns) return products <= 1 << 29 || s->m * s->n <= 1 << 14;
  return products <= (a_in_columns ? 1 << 21 : 1 << 22);
}

/// How a product is cut into tiles: stripes of columns a few vectors wide, and blocks of rows within them.
typedef struct {
  const small_kernels *kernels;
  intptr_t vectors, stripes;
} tiling;

static tiling tile_columns(intptr_t n) {
  const small_kernels *kernels = FOR_THIS_MACHINE(kernels);
  intptr_t vectors = (n + kernels->lanes - 1) / kernels->lanes;
  return (tiling){kernels, vectors, (vectors + MOST_VECTORS - 1) / MOST_VECTORS};
}

/// Stripe `index`: its first column and its width in vectors; returns the columns of its last vector.
static intptr_t stripe_of(const tiling *t, intptr_t n, intptr_t index, intptr_t *left, intptr_t *width) {
  intptr_t from = gb_piece_start(t->vectors, t->stripes, index), to = gb_piece_start(t->vectors, t->stripes, index + 1);
  *left = from * t->kernels->lanes;
  *width = to - from;
  return to < t->vectors ? t->kernels->lanes : n - (t->vectors - 1) * t->kernels->lanes;
}

static intptr_t most_rows(const tiling *t, intptr_t width) {
  intptr_t most = t->kernels->accumulators / width;
  return most < MOST_ROWS ? most : MOST_ROWS;
}

/// B as it is: a few rows of C at a time, so that C is written in order.
static void multiply_in_place(const gb_product *s, const float *a, const float *b, const float *bias, float *c) {
  tiling t = tile_columns(s->n);
  intptr_t most = most_rows(&t, (t.vectors + t.stripes - 1) / t.stripes), blocks = (s->m + most - 1) / most;
  for (intptr_t block = 0; block < blocks; block++) {
    intptr_t top = gb_piece_start(s->m, blocks, block), rows = gb_piece_start(s->m, blocks, block + 1) - top;
    for (intptr_t stripe = 0; stripe < t.stripes; stripe++) {
      intptr_t left, width, last = stripe_of(&t, s->n, stripe, &left, &width);
      t.kernels->tile[rows - 1][width - 1](s, a + top * s->a_row, b + left, bias ? bias + left : NULL, last,
                                           c + top * s->c_row + left);
    }
  }
}

/// A stripe of B at a time, laid out anew.
static void multiply_packed(const gb_product *product, const float *a, const float *b, const float *bias, float *c) {
  gb_product s = *product;
  tiling t = tile_columns(s.n);
  float *packed = gb_thread_buffer(GB_PACKED, (size_t)(s.k * MOST_VECTORS * t.kernels->lanes) * sizeof(float));
  s.b_column = 1;
  for (intptr_t stripe = 0; stripe < t.stripes; stripe++) {
    intptr_t left, width, last = stripe_of(&t, s.n, stripe, &left, &width);
    intptr_t columns = (width - 1) * t.kernels->lanes + last;
    s.b_row = width * t.kernels->lanes;
    if (product->b_column == 1 || product->n == 1) {
      pack_rows(s.k, columns, b + left, product->b_row, packed, s.b_row);
    } else {
      t.kernels->turn_columns(s.k, columns, b + left * product->b_column, product->b_column, packed, s.b_row);
    }
    intptr_t most = most_rows(&t, width), blocks = (s.m + most - 1) / most;
    for (intptr_t block = 0; block < blocks; block++) {
      intptr_t top = gb_piece_start(s.m, blocks, block), rows = gb_piece_start(s.m, blocks, block + 1) - top;
      t.kernels->tile[rows - 1][width - 1](&s, a + top * s.a_row, packed, bias ? bias + left : NULL, last,
                                           c + top * s.c_row + left);
    }
  }
}

void gb_multiply_small(const gb_product *product, const float *a, const float *b, const float *bias, float *c) {
  gb_product s = *product;
  bool a_has_lines = s.a_row == 1 || s.a_column == 1;
  if (s.n == 1 && s.m > 1 && s.c_row == 1 && a_has_lines && (s.b_row == 1 || s.k == 1)) {
    // A column as a row: cᵀ = bᵀ·Aᵀ, with whole vectors of results instead of single ones.
    gb_product turned = {1, s.m, s.k, s.k, 1, s.a_column, s.a_row, s.m, s.adds};
    gb_multiply_small(&turned, b, a, NULL, c);
    for (intptr_t i = 0; bias && i < s.m; i++) c[i] += bias[0];
    return;
  }
  bool b_in_columns = s.b_column != 1 && s.n > 1, a_in_columns = s.a_column != 1 && s.k > 1;
  if (b_in_columns && !a_in_columns && s.m <= 8) return FOR_THIS_MACHINE(kernels)->dot_products(&s, a, b, bias, c);
  bool is_large = s.k * s.n > 1 << 14;
  bool packs = b_in_columns || (is_large && s.m > 24);
  // A part of k at a time: a packed stripe of B should stay in the second-level cache; rows of B that are used only a
  // few times should at least be few enough for the translation of their addresses.
  intptr_t part = packs ? 384 : is_large ? 64 : s.k, parts = s.k <= part + part / 3 ? 1 : (s.k + part - 1) / part;
  for (intptr_t i = 0; i < parts; i++) {
    intptr_t first = gb_piece_start(product->k, parts, i);
    s.k = gb_piece_start(product->k, parts, i + 1) - first;
    s.adds = product->adds || i > 0;
    const float *a_part = a + first * s.a_column, *b_part = b + first * s.b_row;
    (packs ? multiply_packed : multiply_in_place)(&s, a_part, b_part, s.adds ? NULL : bias, c);
  }
}
