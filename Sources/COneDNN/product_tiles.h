// The small products' tiles for one instruction set (each_instruction_set.h).

#if REGISTERS >= 32
#define ACCUMULATORS 24
#define EACH_TILE EACH_LARGE_TILE
#else
#define ACCUMULATORS 12
#define EACH_TILE EACH_SMALL_TILE
#endif

/// `vectors` vectors of columns, of which the last has `last` columns, for `rows` rows.
static inline __attribute__((always_inline)) TARGET void SET(tile)(
    const int rows, const int vectors, const gb_product *s, const float *a, const float *b, const float *bias,
    intptr_t last, float *c) {
  SET(vector) sum[MOST_ROWS][MOST_VECTORS];
  UNROLLED for (int v = 0; v < vectors; v++) {
    SET(vector) start = {0};
    const float *from = bias ? bias + v * LANES : 0;
    if (bias) start = v < vectors - 1 ? *(const SET(vector) *)from : SET(load_some)(from, last);
    UNROLLED for (int r = 0; r < rows; r++) sum[r][v] = start;
  }
  // What is to be added to, and rows so far apart that the processor does not foresee them, should be at hand by the time
  // the sums are; near rows it fetches by itself.
  if (s->adds || s->c_row >= FAR_ROWS) {
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v += 64 / (LANES * 4)) __builtin_prefetch(c + r * s->c_row + v * LANES, 1);
    }
  }
  intptr_t a_row = s->a_row, a_column = s->a_column, b_row = s->b_row;
  const float *a4 = rows > 4 ? a + 4 * a_row : a, *a8 = rows > 8 ? a + 8 * a_row : a;
  // So that the compiler does not make one long chain of additions out of the rows' addresses.
  __asm__("" : "+r"(a4), "+r"(a8));
  for (intptr_t p = s->k; p > 0; p--, a += a_column, a4 += a_column, a8 += a_column, b += b_row) {
    SET(vector) x[MOST_VECTORS];
    UNROLLED for (int v = 0; v < vectors - 1; v++) x[v] = *(const SET(vector) *)(b + v * LANES);
    x[vectors - 1] = SET(load_some)(b + (vectors - 1) * LANES, last);
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += (r < 4 ? a : r < 8 ? a4 : a8)[r % 4 * a_row] * x[v];
    }
  }
  if (s->adds) {
    UNROLLED for (int r = 0; r < rows; r++) {
      const float *row = c + r * s->c_row;
      UNROLLED for (int v = 0; v < vectors - 1; v++) sum[r][v] += *(const SET(vector) *)(row + v * LANES);
      sum[r][vectors - 1] += SET(load_some)(row + (vectors - 1) * LANES, last);
    }
  }
  UNROLLED for (int r = 0; r < rows; r++, c += s->c_row) {
    UNROLLED for (int v = 0; v < vectors - 1; v++) *(SET(vector) *)(c + v * LANES) = sum[r][v];
    SET(store_some)(c + (vectors - 1) * LANES, last, sum[r][vectors - 1]);
  }
}

/// `rows` rows and 4 columns of C, where A's rows and B's columns are contiguous; beyond `columns` the last is repeated.
static inline __attribute__((always_inline)) TARGET void SET(dots)(
    const int rows, const gb_product *s, const float *a, const float *b, intptr_t columns, quad *totals) {
  SET(vector) sum[MOST_DOT_ROWS][4];
  const float *column[4];
  UNROLLED for (int j = 0; j < 4; j++) {
    column[j] = b + (j < columns ? j : columns - 1) * s->b_column;
    UNROLLED for (int r = 0; r < rows; r++) sum[r][j] = (SET(vector)){0};
  }
  intptr_t p = 0;
  for (; p + LANES <= s->k; p += LANES) {
    SET(vector) x[4];
    UNROLLED for (int j = 0; j < 4; j++) x[j] = *(const SET(vector) *)(column[j] + p);
    UNROLLED for (int r = 0; r < rows; r++) {
      SET(vector) y = *(const SET(vector) *)(a + r * s->a_row + p);
      UNROLLED for (int j = 0; j < 4; j++) sum[r][j] += y * x[j];
    }
  }
  if (p < s->k) {
    SET(vector) x[4];
    UNROLLED for (int j = 0; j < 4; j++) x[j] = SET(load_some)(column[j] + p, s->k - p);
    UNROLLED for (int r = 0; r < rows; r++) {
      SET(vector) y = SET(load_some)(a + r * s->a_row + p, s->k - p);
      UNROLLED for (int j = 0; j < 4; j++) sum[r][j] += y * x[j];
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) totals[r] = SET(add_lanes)(sum[r]);
}

static inline __attribute__((always_inline)) TARGET void SET(dot_rows)(
    const int rows, const gb_product *s, const float *a, const float *b, const float *bias, float *c) {
  for (intptr_t j = 0; j < s->n; j += 4) {
    quad totals[MOST_DOT_ROWS];
    intptr_t columns = s->n - j < 4 ? s->n - j : 4;
    SET(dots)(rows, s, a, b + j * s->b_column, columns, totals);
    for (int r = 0; r < rows; r++) {
      float *to = c + r * s->c_row + j;
      if (columns == 4) {
        quad total = bias ? totals[r] + *(const quad *)(bias + j) : totals[r];
        *(quad *)to = s->adds ? *(quad *)to + total : total;
        continue;
      }
      for (intptr_t i = 0; i < columns; i++) {
        float total = totals[r][i] + (bias ? bias[j + i] : 0);
        to[i] = s->adds ? to[i] + total : total;
      }
    }
  }
}

static TARGET void SET(dot_products)(const gb_product *s, const float *a, const float *b, const float *bias, float *c) {
  intptr_t i = 0;
  for (; i + 4 <= s->m; i += 4, a += 4 * s->a_row, c += 4 * s->c_row) SET(dot_rows)(4, s, a, b, bias, c);
  switch (s->m - i) {
    case 1: SET(dot_rows)(1, s, a, b, bias, c); break;
    case 2: SET(dot_rows)(2, s, a, b, bias, c); break;
    case 3: SET(dot_rows)(3, s, a, b, bias, c); break;
  }
}

/// to[p·to_row + j] = b[p + j·column] for p < k and j < columns: columns become rows. Whole vectors are written, so that
/// beyond `columns` stands the last column again.
static TARGET void SET(turn_columns)(intptr_t k, intptr_t columns, const float *b, intptr_t column, float *to,
                                     intptr_t to_row) {
  for (intptr_t left = 0; left < columns; left += LANES) {
    const float *source[LANES];
    for (intptr_t j = 0; j < LANES; j++) source[j] = b + (left + j < columns ? left + j : columns - 1) * column;
    float *row = to + left;
    intptr_t p = 0;
    for (; p + 4 <= k; p += 4, row += 4 * to_row) {
      // A quad of column 4g + i goes to group g of x[i], which the loads do by themselves; what is left is to turn the
      // 4 × 4 elements within each group.
      SET(vector) x[4];
      UNROLLED for (int i = 0; i < 4; i++) {
        quad groups[LANES / 4];
        UNROLLED for (int g = 0; g < LANES / 4; g++) groups[g] = *(const quad *)(source[4 * g + i] + p);
        __builtin_memcpy(&x[i], groups, sizeof groups);
      }
      SET(vector) low = __builtin_shufflevector(x[0], x[1], LOW_SINGLES);
      SET(vector) low2 = __builtin_shufflevector(x[2], x[3], LOW_SINGLES);
      SET(vector) high = __builtin_shufflevector(x[0], x[1], HIGH_SINGLES);
      SET(vector) high2 = __builtin_shufflevector(x[2], x[3], HIGH_SINGLES);
      *(SET(vector) *)row = __builtin_shufflevector(low, low2, LOW_PAIRS);
      *(SET(vector) *)(row + to_row) = __builtin_shufflevector(low, low2, HIGH_PAIRS);
      *(SET(vector) *)(row + 2 * to_row) = __builtin_shufflevector(high, high2, LOW_PAIRS);
      *(SET(vector) *)(row + 3 * to_row) = __builtin_shufflevector(high, high2, HIGH_PAIRS);
    }
    for (; p < k; p++, row += to_row) {
      for (intptr_t j = 0; j < LANES; j++) row[j] = source[j][p];
    }
  }
}

#define TILE(R, V)                                                                                               \
  static TARGET void SET(tile_##R##_##V)(const gb_product *s, const float *a, const float *b, const float *bias, \
                                         intptr_t last, float *c) {                                              \
    SET(tile)(R, V, s, a, b, bias, last, c);                                                                     \
  }
#define TILE_ENTRY(R, V) [R - 1][V - 1] = SET(tile_##R##_##V),

EACH_TILE(TILE)

static const small_kernels SET(kernels) = {
    .lanes = LANES,
    .accumulators = ACCUMULATORS,
    .tile = {EACH_TILE(TILE_ENTRY)},
    .dot_products = SET(dot_products),
    .turn_columns = SET(turn_columns),
};

#undef TILE
#undef TILE_ENTRY
#undef ACCUMULATORS
#undef EACH_TILE
