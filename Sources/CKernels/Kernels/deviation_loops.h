// Σ (x − x̄)² in one pass over memory, for one floating dtype (included by each_float.h).
//
// Each block of rows has its own mean and its own sum, taken while the block is in the nearest caches; blocks are merged in double
// as Chan, Golub and LeVeque do (1983): Σ = Σ₁ + Σ₂ + (x̄₂ − x̄₁)²·n₁n₂/(n₁ + n₂). Nothing cancels, however far x̄ is from 0.

/// Merges a block of `rows` rows: each column's mean is mean + sum/rows, for the sum of the deviations from `mean`.
static inline void N(merge_deviations)(intptr_t n, intptr_t rows, const C *mean, const C *sum, const C *squares,
                                       deviations *totals) {
  if (n == 0 || rows == 0) return;
  const double count = totals->count, share = (double)rows / (count + (double)rows);
  for (intptr_t c = 0; c < n; c++) {
    const double offset = (double)sum[c] / (double)rows, away = (double)mean[c] + offset - totals[c].mean;
    const double own = (double)squares[c] - (double)sum[c] * offset;
    totals[c].squares += (own < 0 ? 0 : own) + away * away * count * share;  // rounding must not make a constant's negative
    totals[c].mean += away * share;
    totals[c].count = count + (double)rows;
  }
}

/// A contiguous row of at most 4096 elements.
static void N(deviations_of_row)(intptr_t n, const T *x, deviations *total) {
  const C mean = N(sum_of_row)(n, x) / (C)n;
  V sum[2] = {{0}, {0}}, squares[2] = {{0}, {0}};
  intptr_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    const V a = VLOAD(x + i) - mean, b = VLOAD(x + i + LANES) - mean;
    sum[0] += a, sum[1] += b;
    squares[0] += a * a, squares[1] += b * b;
  }
  for (; i < n; i += LANES) {
    const V a = (n - i >= LANES ? VLOAD(x + i) : load_part(n - i, x + i, mean)) - mean;
    sum[0] += a;
    squares[0] += a * a;
  }
  const C all = sum_lanes(sum[0] + sum[1]), all_squares = sum_lanes(squares[0] + squares[1]);
  N(merge_deviations)(1, n, &mean, &all, &all_squares, total);
}

/// At most 64 rows of at most COLUMNS columns.
static void N(deviations_of_columns)(intptr_t rows, intptr_t width, intptr_t step, const T *x, deviations *totals) {
  C mean[COLUMNS], sum[COLUMNS], squares[COLUMNS];
  for (intptr_t c = 0; c < width; c++) mean[c] = sum[c] = squares[c] = 0;
  for (intptr_t r = 0; r < rows; r++) {
    for (intptr_t c = 0; c < width; c++) mean[c] += LOAD(x[r * step + c]);
  }
  for (intptr_t c = 0; c < width; c++) mean[c] /= (C)rows;
  for (intptr_t r = 0; r < rows; r++) {
    for (intptr_t c = 0; c < width; c++) {
      const C away = LOAD(x[r * step + c]) - mean[c];
      sum[c] += away;
      squares[c] += away * away;
    }
  }
  N(merge_deviations)(width, rows, mean, sum, squares, totals);
}

static void N(deviations_blocks)(intptr_t rows, intptr_t width, intptr_t step, const void *x_, void *totals_) {
  const T *x = x_;
  deviations *const totals = totals_;
  if (width == 1 && step == 1) {
    for (intptr_t i = 0; i < rows; i += 4096) N(deviations_of_row)(rows - i < 4096 ? rows - i : 4096, x + i, totals);
    return;
  }
  // Narrow rows that lie one after another are read as wider ones, whose columns are merged at the end.
  const intptr_t group = rows_read_as_one(width, step), groups = rows / group, wide = group * width;
  deviations of_wide[GROUPED];
  if (group > 1) {
    start_deviations(wide, of_wide);
    for (intptr_t r = 0; r < groups; r += 64) {
      N(deviations_of_columns)(groups - r < 64 ? groups - r : 64, wide, wide, x + r * wide, of_wide);
    }
    for (intptr_t g = 0; g < group; g++) merge_deviations(width, totals, of_wide + g * width);
    x += groups * wide, rows -= groups * group;
  }
  for (intptr_t r = 0; r < rows; r += 64) {
    N(deviations_of_columns)(rows - r < 64 ? rows - r : 64, width, step, x + r * step, totals);
  }
}

static void N(finish_deviations)(intptr_t n, const void *totals_, void *out_) {
  const deviations *const totals = totals_;
  T *const out = out_;
  for (intptr_t i = 0; i < n; i++) out[i] = STORE((C)totals[i].squares);
}

static void N(deviations_of_rows)(intptr_t outer, intptr_t n, const void *x, void *out_) {
  T *const out = out_;
  for (intptr_t o = 0; o < outer; o++) {
    deviations total = {0, 0, 0};
    N(deviations_blocks)(n, 1, 1, (const T *)x + o * n, &total);
    N(finish_deviations)(1, &total, out + o);
  }
}

static const reduction N(deviations_reduction) = {sizeof(deviations), sizeof(T), start_deviations, N(deviations_blocks),
                                                  merge_deviations, N(finish_deviations), N(deviations_of_rows)};
