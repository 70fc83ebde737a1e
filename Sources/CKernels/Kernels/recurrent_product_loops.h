// The product of a few rows of states with a recurrent weight (included by each_float.h for float32 and float64).
//
// The weight is the same at every step, so it is laid out once for the whole sequence: in panels of a few vectors of columns,
// where the vectors that one step of the sum needs stand side by side. Each row's sums are added in the same order, however
// many rows are taken at a time.

/// Writes `vectors` vectors of columns for each k: vector v's lane l is from[v·vector_step + l·column_step + k·k_step], and 0
/// beyond `columns[v]` columns.
static void N(pack_panel)(intptr_t k, int vectors, const intptr_t *columns, const T *const *from, intptr_t column_step,
                          intptr_t k_step, T *to) {
  for (int v = 0; v < vectors; v++) {
    for (intptr_t l = 0; l < LANES; l++) {
      T *const target = to + v * LANES + l;
      if (l < columns[v]) {
        const T *const source = from[v] + l * column_step;
        for (intptr_t p = 0; p < k; p++) target[p * vectors * LANES] = source[p * k_step];
      } else {
        for (intptr_t p = 0; p < k; p++) target[p * vectors * LANES] = 0;
      }
    }
  }
}

static inline __attribute__((always_inline)) void N(tile_of_rows)(const int rows, const int vectors, intptr_t k, const T *a,
                                                                  intptr_t a_row, const T *panel, bool adds, T *sums) {
  V sum[STATE_ROWS][STATE_VECTORS];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] = adds ? VLOAD(sums + (r * vectors + v) * LANES) : (V){0};
  }
  const T *row[STATE_ROWS];
  UNROLLED for (int r = 0; r < rows; r++) row[r] = a + r * a_row;
  for (intptr_t p = 0; p < k; p++, panel += vectors * LANES) {
    V w[STATE_VECTORS];
    UNROLLED for (int v = 0; v < vectors; v++) w[v] = VLOAD(panel + v * LANES);
    UNROLLED for (int r = 0; r < rows; r++) {
      UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += row[r][p] * w[v];
    }
  }
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) VSTORE(sums + (r * vectors + v) * LANES, sum[r][v]);
  }
}

/// sums[rows, vectors·LANES] (+)= a[rows, k]·panel, for at most STATE_ROWS rows and 3 or STATE_VECTORS vectors.
static void N(multiply_tile)(intptr_t rows, int vectors, intptr_t k, const T *a, intptr_t a_row, const T *panel, bool adds,
                             T *sums) {
#define STATE_TILE(R) \
  case R: \
    if (vectors == 3) N(tile_of_rows)(R, 3, k, a, a_row, panel, adds, sums); \
    else N(tile_of_rows)(R, STATE_VECTORS, k, a, a_row, panel, adds, sums); \
    break;
  switch (rows) {
    STATE_TILE(1)
    STATE_TILE(2)
#if STATE_ROWS > 2
    STATE_TILE(3)
#endif
#if STATE_ROWS > 3
    STATE_TILE(4)
    STATE_TILE(5)
    STATE_TILE(6)
#endif
  }
#undef STATE_TILE
}

/// The same for any number of rows: a part of the panel at a time, small enough for the first-level cache, where all rows
/// find it.
static void N(multiply_panel)(intptr_t rows, int vectors, intptr_t k, const T *a, intptr_t a_row, const T *panel, T *sums) {
  const intptr_t tiles = (rows + STATE_ROWS - 1) / STATE_ROWS, width = vectors * LANES;
  for (intptr_t first = 0; first < k; first += STATE_PART) {
    const intptr_t part = k - first < STATE_PART ? k - first : STATE_PART;
    for (intptr_t tile = 0; tile < tiles; tile++) {
      const intptr_t row = rows * tile / tiles, next = rows * (tile + 1) / tiles;
      N(multiply_tile)(next - row, vectors, part, a + row * a_row + first, a_row, panel + first * width, first > 0,
                       sums + row * width);
    }
  }
}
