// Winograd's three transformations for one instruction set (each_instruction_set.h). A lane is a tile, or for weights a result channel.

/// transformed[(4i + j)·distance + t] = (Bᵀ·d·B)[i, j] for the tiles t of a row, where tile t's d begins at rows + 2t; whole vectors, so that
/// up to LANES − 1 tiles more are read and written.
static TARGET void SET(transform_row)(const float *rows, intptr_t pitch, intptr_t tiles, float *transformed,
                                      intptr_t distance) {
  for (intptr_t t = 0; t < tiles; t += LANES, rows += 2 * LANES, transformed += LANES) {
    // From the top: Bᵀ·d at the columns 2t, 2t + 1 (in d[·][0], d[·][1]), 2t + 2 and 2t + 3.
    SET(vector) d[4][4];
    UNROLLED for (int half = 0; half < 2; half++) {
      SET(vector) low[4], high[4];
      UNROLLED for (int r = 0; r < 4; r++) {
        low[r] = *(const SET(vector) *)(rows + r * pitch + 2 * half);
        high[r] = *(const SET(vector) *)(rows + r * pitch + 2 * half + LANES);
      }
      SET(vector) lows[4] = {low[0] - low[2], low[1] + low[2], low[2] - low[1], low[1] - low[3]};
      SET(vector) highs[4] = {high[0] - high[2], high[1] + high[2], high[2] - high[1], high[1] - high[3]};
      UNROLLED for (int r = 0; r < 4; r++) {
        d[r][2 * half] = __builtin_shufflevector(lows[r], highs[r], EVEN_LANES);
        d[r][2 * half + 1] = __builtin_shufflevector(lows[r], highs[r], ODD_LANES);
      }
    }
    UNROLLED for (int r = 0; r < 4; r++) {
      float *to = transformed + 4 * r * distance;
      *(SET(vector) *)to = d[r][0] - d[r][2];
      *(SET(vector) *)(to + distance) = d[r][1] + d[r][2];
      *(SET(vector) *)(to + 2 * distance) = d[r][2] - d[r][1];
      *(SET(vector) *)(to + 3 * distance) = d[r][1] - d[r][3];
    }
  }
}

/// Two rows of results, Aᵀ·m·A + bias with m[i, j] = products[(4i + j)·distance + t]; of the second row nothing where `rows` is 1.
static TARGET void SET(write_tiles)(const float *products, intptr_t distance, float bias, intptr_t rows, intptr_t columns,
                                    float *result) {
  for (intptr_t x = 0; x < columns; x += 2 * LANES, products += LANES) {
    SET(vector) sum[2][4];
    UNROLLED for (int j = 0; j < 4; j++) {
      SET(vector) m[4];
      UNROLLED for (int i = 0; i < 4; i++) m[i] = *(const SET(vector) *)(products + (4 * i + j) * distance);
      sum[0][j] = m[0] + m[1] + m[2];
      sum[1][j] = m[1] - m[2] - m[3];
    }
    intptr_t left = columns - x;
    UNROLLED for (int r = 0; r < 2; r++) {
      SET(vector) even = sum[r][0] + sum[r][1] + sum[r][2] + bias, odd = sum[r][1] - sum[r][2] - sum[r][3] + bias;
      SET(vector) low = __builtin_shufflevector(even, odd, LOW_LANES);
      SET(vector) high = __builtin_shufflevector(even, odd, HIGH_LANES);
      float *to = result + r * columns + x;
      if (r == rows) break;
      if (left >= 2 * LANES) {
        *(SET(vector) *)to = low;
        *(SET(vector) *)(to + LANES) = high;
      } else {
        SET(store_some)(to, left < LANES ? left : LANES, low);
        if (left > LANES) SET(store_some)(to + LANES, left - LANES, high);
      }
    }
  }
}

/// transformed[(4i + j)·distance + f] = (G·w·Gᵀ)[i, j] of `count` filters f, with w[ky, kx] = weights[tap·count + f], where tap is
/// 3·ky + kx or, turned round, 8 less that.
static TARGET void SET(transform_weights)(const float *weights, bool is_turned, intptr_t count, float *transformed,
                                          intptr_t distance) {
  for (intptr_t f = 0; f < count; f += LANES) {
    intptr_t some = count - f < LANES ? count - f : LANES;
    SET(vector) column[4][3];
    UNROLLED for (int kx = 0; kx < 3; kx++) {
      SET(vector) w[3];
      UNROLLED for (int ky = 0; ky < 3; ky++) {
        int tap = 3 * ky + kx;
        w[ky] = SET(load_some)(weights + (is_turned ? 8 - tap : tap) * count + f, some);
      }
      SET(vector) ends = 0.5f * (w[0] + w[2]), middle = 0.5f * w[1];
      column[0][kx] = w[0], column[1][kx] = ends + middle, column[2][kx] = ends - middle, column[3][kx] = w[2];
    }
    UNROLLED for (int i = 0; i < 4; i++) {
      float *to = transformed + 4 * i * distance + f;
      SET(vector) ends = 0.5f * (column[i][0] + column[i][2]), middle = 0.5f * column[i][1];
      SET(store_some)(to, some, column[i][0]);
      SET(store_some)(to + distance, some, ends + middle);
      SET(store_some)(to + 2 * distance, some, ends - middle);
      SET(store_some)(to + 3 * distance, some, column[i][2]);
    }
  }
}

static const winograd_kernels SET(winograd) = {
    .transform_row = SET(transform_row),
    .write_tiles = SET(write_tiles),
    .transform_weights = SET(transform_weights),
};
