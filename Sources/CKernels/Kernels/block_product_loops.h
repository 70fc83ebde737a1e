// Products and transposes of small matrices, for one floating dtype (included by each_float.h for float32 and float64).

/// The first `last` elements; a whole vector is common, and the portable version of load_part slow.
VECTOR_FUNCTION V N(load_last)(intptr_t last, const T *p) {
#if VECTOR_BYTES == 16
  if (last == LANES) return VLOAD(p);
#endif
  return load_part(last, p, 0);
}

/// `rows` rows and `vectors` vectors of columns, of which the last has `last` columns, of C = A·B, or of C + A·B.
static inline __attribute__((always_inline)) void N(block_tile)(
    const int rows, const int vectors, intptr_t k, const T *a, intptr_t a_row, intptr_t a_column, const T *b, intptr_t b_row,
    intptr_t last, T *c, intptr_t c_row, bool adds) {
  V sum[12][4];
  UNROLLED for (int r = 0; r < rows; r++) {
    UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] = (V){0};
  }
  const T *a4 = rows > 4 ? a + 4 * a_row : a, *a8 = rows > 8 ? a + 8 * a_row : a;
  // So that the compiler does not make one long chain of additions out of the rows' addresses.
  __asm__("" : "+r"(a4), "+r"(a8));
  for (; k > 0; k--, a += a_column, a4 += a_column, a8 += a_column, b += b_row) {
    V x[4];
    UNROLLED for (int v = 0; v < vectors - 1; v++) x[v] = VLOAD(b + v * LANES);
    x[vectors - 1] = N(load_last)(last, b + (vectors - 1) * LANES);
    UNROLLED for (int r = 0; r < rows; r++) {
      const V factor = SPLAT(V, (r < 4 ? a : r < 8 ? a4 : a8)[r % 4 * a_row]);
      UNROLLED for (int v = 0; v < vectors; v++) sum[r][v] += factor * x[v];
    }
  }
  UNROLLED for (int r = 0; r < rows; r++, c += c_row) {
    UNROLLED for (int v = 0; v < vectors; v++) {
      if (v < vectors - 1) {
        VSTORE(c + v * LANES, adds ? VLOAD(c + v * LANES) + sum[r][v] : sum[r][v]);
      } else {
        const V before = adds ? load_part(last, c + v * LANES, 0) : (V){0};
        store_part(last, c + v * LANES, before + sum[r][v]);
      }
    }
  }
}

#define STRIPE(VECTORS)                                                                                                  \
  static void N(stripe_of_##VECTORS)(intptr_t m, intptr_t k, const T *a, intptr_t a_row, intptr_t a_column, const T *b,  \
                                     intptr_t b_row, intptr_t last, T *c, intptr_t c_row, bool adds) {                   \
    for (; m >= MOST_ROWS_##VECTORS; m -= MOST_ROWS_##VECTORS) {                                                         \
      N(block_tile)(MOST_ROWS_##VECTORS, VECTORS, k, a, a_row, a_column, b, b_row, last, c, c_row, adds);              \
      a += MOST_ROWS_##VECTORS * a_row, c += MOST_ROWS_##VECTORS * c_row;                                                \
    }                                                                                                                    \
    for (; m >= 4; m -= 4, a += 4 * a_row, c += 4 * c_row) {                                                             \
      N(block_tile)(4, VECTORS, k, a, a_row, a_column, b, b_row, last, c, c_row, adds);                                \
    }                                                                                                                    \
    for (; m >= 2; m -= 2, a += 2 * a_row, c += 2 * c_row) {                                                             \
      N(block_tile)(2, VECTORS, k, a, a_row, a_column, b, b_row, last, c, c_row, adds);                                \
    }                                                                                                                    \
    if (m > 0) N(block_tile)(1, VECTORS, k, a, a_row, a_column, b, b_row, last, c, c_row, adds);                       \
  }

STRIPE(1)
STRIPE(2)
#if PRODUCT_VECTORS > 2
STRIPE(3)
STRIPE(4)
#endif
#undef STRIPE

/// C = A·B, or C + A·B: A [m, k] with any strides, B [k, n] and C [m, n] in rows. C overlaps neither.
static void N(multiply_block)(intptr_t m, intptr_t n, intptr_t k, const T *a, intptr_t a_row, intptr_t a_column, const T *b,
                              intptr_t b_row, T *c, intptr_t c_row, bool adds) {
  for (; n > 0; n -= PRODUCT_VECTORS * LANES, b += PRODUCT_VECTORS * LANES, c += PRODUCT_VECTORS * LANES) {
    const intptr_t vectors = n >= PRODUCT_VECTORS * LANES ? PRODUCT_VECTORS : (n + LANES - 1) / LANES;
    const intptr_t last = n >= vectors * LANES ? LANES : n - (vectors - 1) * LANES;
    switch (vectors) {
      case 1: N(stripe_of_1)(m, k, a, a_row, a_column, b, b_row, last, c, c_row, adds); break;
      case 2: N(stripe_of_2)(m, k, a, a_row, a_column, b, b_row, last, c, c_row, adds); break;
#if PRODUCT_VECTORS > 2
      case 3: N(stripe_of_3)(m, k, a, a_row, a_column, b, b_row, last, c, c_row, adds); break;
      default: N(stripe_of_4)(m, k, a, a_row, a_column, b, b_row, last, c, c_row, adds); break;
#endif
    }
  }
}

/// to[p·to_row + j] = from[j·from_row + p] for the `columns` ps and `rows` js, and zeros up to a whole vector of js.
static void N(transpose_block)(intptr_t rows, intptr_t columns, const T *from, intptr_t from_row, T *to, intptr_t to_row) {
  for (intptr_t j = 0; j < rows; j += LANES) {
    for (intptr_t p = 0; p < columns; p += LANES) {
      const intptr_t high = rows - j < LANES ? rows - j : LANES, wide = columns - p < LANES ? columns - p : LANES;
      const T *const corner = from + j * from_row + p;
      V v[LANES], w[LANES];
      UNROLLED for (int r = 0; r < LANES; r++) v[r] = r < high ? N(load_last)(wide, corner + r * from_row) : (V){0};
      // Taking the front and the back half of all elements in turn moves one bit of an element's row to its column; as
      // many times as a row has bits, and the two have changed places.
      UNROLLED for (int stage = 1; stage < LANES; stage *= 2) {
        UNROLLED for (int r = 0; r < LANES / 2; r++) {
          w[2 * r] = ZIP_FRONT(LANES, v[r], v[r + LANES / 2]);
          w[2 * r + 1] = ZIP_BACK(LANES, v[r], v[r + LANES / 2]);
        }
        UNROLLED for (int r = 0; r < LANES; r++) v[r] = w[r];
      }
      UNROLLED for (int r = 0; r < LANES; r++) {
        if (r < wide) VSTORE(to + (p + r) * to_row + j, v[r]);
      }
    }
  }
}
