#include "small_matmul.h"

#include "pieces.h"

enum { MOST_ROWS = 12, MOST_VECTORS = 4, MOST_DOT_ROWS = 4 };

typedef void (*row_tile)(const gb_small_product *s, const float *a, const float *b, const float *bias, intptr_t last, float *c);

typedef struct {
  intptr_t lanes, accumulators;
  /// [rows − 1][vectors − 1], where the product is at most `accumulators`.
  row_tile tile[MOST_ROWS][MOST_VECTORS];
  /// For A's rows and B's columns contiguous.
  void (*dot_products)(const gb_small_product *s, const float *a, const float *b, const float *bias, float *c);
} small_kernels;

#define EACH_SMALL_TILE(DO)                                                                        \
  DO(1, 1) DO(1, 2) DO(1, 3) DO(1, 4) DO(2, 1) DO(2, 2) DO(2, 3) DO(2, 4) DO(3, 1) DO(3, 2) DO(3, 3) \
  DO(3, 4) DO(4, 1) DO(4, 2) DO(4, 3) DO(5, 1) DO(5, 2) DO(6, 1) DO(6, 2) DO(7, 1) DO(8, 1) \
  DO(9, 1) DO(10, 1) DO(11, 1) DO(12, 1)
#define EACH_LARGE_TILE(DO)                                                                                           \
  EACH_SMALL_TILE(DO) DO(4, 4) DO(5, 3) DO(5, 4) DO(6, 3) DO(6, 4) DO(7, 2) DO(7, 3) DO(8, 2) DO(8, 3) DO(9, 2) DO(10, 2) \
  DO(11, 2) DO(12, 2)

#define KERNELS "small_matmul_tiles.h"
#include "each_instruction_set.h"

static void transpose_4(const float *from, intptr_t from_row, float *to, intptr_t to_row) {
  quad q[4];
  for (int i = 0; i < 4; i++) q[i] = *(const quad *)(from + i * from_row);
  quad low = __builtin_shufflevector(q[0], q[1], 0, 4, 1, 5), low2 = __builtin_shufflevector(q[2], q[3], 0, 4, 1, 5);
  quad high = __builtin_shufflevector(q[0], q[1], 2, 6, 3, 7), high2 = __builtin_shufflevector(q[2], q[3], 2, 6, 3, 7);
  *(quad *)to = __builtin_shufflevector(low, low2, 0, 1, 4, 5);
  *(quad *)(to + to_row) = __builtin_shufflevector(low, low2, 2, 3, 6, 7);
  *(quad *)(to + 2 * to_row) = __builtin_shufflevector(high, high2, 0, 1, 4, 5);
  *(quad *)(to + 3 * to_row) = __builtin_shufflevector(high, high2, 2, 3, 6, 7);
}

/// Rows of `width` contiguous elements out of n columns of B, whose columns are contiguous. A cache line of each column at a
/// time: columns a power of two apart would drive each other out of the cache.
static void pack_columns(intptr_t k, intptr_t n, const float *b, intptr_t b_column, float *to, intptr_t width) {
  enum { LINE = 16 };
  for (intptr_t top = 0; top < k; top += LINE) {
    intptr_t bottom = k - top < LINE ? k : top + LINE, quads = top + (bottom - top) / 4 * 4, j = 0;
    for (; j + 4 <= n; j += 4) {
      for (intptr_t p = top; p < quads; p += 4) transpose_4(b + j * b_column + p, b_column, to + p * width + j, width);
      for (intptr_t p = quads; p < bottom; p++) {
        for (intptr_t i = j; i < j + 4; i++) to[p * width + i] = b[i * b_column + p];
      }
    }
    for (; j < n; j++) {
      for (intptr_t p = top; p < bottom; p++) to[p * width + j] = b[j * b_column + p];
    }
  }
}

static void pack_rows(intptr_t k, intptr_t n, const float *b, intptr_t b_row, float *to, intptr_t width) {
  for (intptr_t p = 0; p < k; p++) {
    for (intptr_t j = 0; j < n; j++) to[p * width + j] = b[p * b_row + j];
  }
}

bool gb_is_small_product(const gb_small_product *s) { return s->k * s->n <= 1 << 14 && s->m * s->n * s->k <= 1 << 20; }

/// One stripe of columns, a few vectors wide.
static void multiply_stripe(const small_kernels *kernels, const gb_small_product *s, const float *a, const float *b,
                            const float *bias, intptr_t width, intptr_t last, float *c) {
  intptr_t most = kernels->accumulators / width;
  if (most > MOST_ROWS) most = MOST_ROWS;
  intptr_t blocks = (s->m + most - 1) / most;
  for (intptr_t block = 0; block < blocks; block++) {
    intptr_t top = gb_piece_start(s->m, blocks, block), rows = gb_piece_start(s->m, blocks, block + 1) - top;
    kernels->tile[rows - 1][width - 1](s, a + top * s->a_row, b, bias, last, c + top * s->c_row);
  }
}

/// So long a part of k that a stripe of B stays in the first-level cache, and so many rows that A's part stays in the second.
enum { PART = 384, PACKED_ROWS = 256 };

void gb_multiply_small(const gb_small_product *product, const float *a, const float *b, const float *bias, float *c) {
  gb_small_product s = *product;
  const small_kernels *kernels = FOR_THIS_MACHINE(kernels);
  bool b_in_columns = s.b_column != 1 && s.n > 1, a_in_columns = s.a_column != 1 && s.k > 1;
  if (b_in_columns && !a_in_columns && s.m <= 8) return kernels->dot_products(&s, a, b, bias, c);
  bool is_large = s.k * s.n > 1 << 14;
  bool packs_b = b_in_columns || (is_large && s.m > 24), packs_a = a_in_columns && is_large && s.n > 64;
  intptr_t lanes = kernels->lanes, vectors = (s.n + lanes - 1) / lanes;
  intptr_t stripes = (vectors + MOST_VECTORS - 1) / MOST_VECTORS;
  intptr_t parts = s.k <= 512 ? 1 : (s.k + PART - 1) / PART, most_k = (s.k + parts - 1) / parts;
  intptr_t blocks = packs_a ? (s.m + PACKED_ROWS - 1) / PACKED_ROWS : 1, most_m = (s.m + blocks - 1) / blocks;
  float *packed_b = NULL, *packed_a = NULL;
  if (packs_b) packed_b = gb_thread_buffer(GB_SOURCE, (size_t)(most_k * MOST_VECTORS * lanes) * sizeof(float));
  if (packs_a) packed_a = gb_thread_buffer(GB_WEIGHTS, (size_t)(most_k * most_m) * sizeof(float));

  for (intptr_t part = 0; part < parts; part++) {
    intptr_t first = gb_piece_start(product->k, parts, part);
    s.k = gb_piece_start(product->k, parts, part + 1) - first;
    s.adds = product->adds || part > 0;
    for (intptr_t block = 0; block < blocks; block++) {
      intptr_t top = gb_piece_start(product->m, blocks, block);
      s.m = gb_piece_start(product->m, blocks, block + 1) - top;
      const float *a_part = a + top * product->a_row + first * product->a_column;
      if (packs_a) {
        pack_rows(s.k, s.m, a_part, product->a_column, packed_a, s.m);
        a_part = packed_a, s.a_row = 1, s.a_column = s.m;
      }
      for (intptr_t stripe = 0; stripe < stripes; stripe++) {
        intptr_t from = gb_piece_start(vectors, stripes, stripe);
        intptr_t width = gb_piece_start(vectors, stripes, stripe + 1) - from, left = from * lanes;
        intptr_t last = from + width < vectors ? lanes : s.n - (vectors - 1) * lanes;
        const float *b_part = b + first * product->b_row + left * product->b_column;
        if (packs_b) {
          intptr_t n = (width - 1) * lanes + last;
          s.b_row = width * lanes;
          if (b_in_columns) {
            pack_columns(s.k, n, b_part, product->b_column, packed_b, s.b_row);
          } else {
            pack_rows(s.k, n, b_part, product->b_row, packed_b, s.b_row);
          }
          b_part = packed_b;
        }
        multiply_stripe(kernels, &s, a_part, b_part, bias && !s.adds ? bias + left : NULL, width, last, c + top * s.c_row + left);
      }
    }
  }
}
