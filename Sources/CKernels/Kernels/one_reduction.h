// One reduction of one dtype, from these macros:
//   NAME(part)        a function's name
//   T, LOAD           the elements
//   BLOCK, TOTAL, RESULT   the types of a block's accumulators, of what blocks are merged in, and of the output
//   ROW(n, x)         a function for a block of one contiguous row, if there is a better one than the general one here
//   START, STEP(a, x), MERGE(a, b), FINISH(a)   the neutral element and the steps
//
// A block is 64 rows of at most COLUMNS columns: each column has an accumulator, so the additions run side by side in vector
// registers. Narrow rows that lie one after another are read as wider ones, and the accumulators folded at the end: reducing
// the last axis is the case of rows of one column, read 64 at a time.

static inline __attribute__((always_inline)) void NAME(accumulate)(intptr_t rows, intptr_t width, intptr_t step, const T *x,
                                                                   BLOCK *sums) {
  for (intptr_t r = 0; r < rows; r++, x += step) {
    INDEPENDENT
    for (intptr_t c = 0; c < width; c++) sums[c] = STEP(sums[c], LOAD(x[c]));
  }
}

/// Merges groups · width accumulators into the first `width`.
static inline __attribute__((always_inline)) void NAME(fold)(intptr_t groups, intptr_t width, BLOCK *sums) {
  while (groups > 1) {
    const intptr_t kept = (groups + 1) / 2;
    for (intptr_t c = 0; c < (groups - kept) * width; c++) sums[c] = MERGE(sums[c], sums[c + kept * width]);
    groups = kept;
  }
}

#ifndef ROW
#define ROW NAME(short_row)
#define LONGEST_ROW (GROUPED - 1)
/// A row too short for all that: eight accumulators, which stay in one register.
static inline BLOCK NAME(short_row)(intptr_t n, const T *x) {
  BLOCK sums[8];
  for (int k = 0; k < 8; k++) sums[k] = START;
  for (; n >= 8; n -= 8, x += 8) {
    for (int k = 0; k < 8; k++) sums[k] = STEP(sums[k], LOAD(x[k]));
  }
  if (n & 4) {
    for (int k = 0; k < 4; k++) sums[k] = STEP(sums[k], LOAD(x[k]));
    x += 4;
  }
  if (n & 2) {
    for (int k = 0; k < 2; k++) sums[4 + k] = STEP(sums[4 + k], LOAD(x[k]));
    x += 2;
  }
  if (n & 1) sums[6] = STEP(sums[6], LOAD(x[0]));
  for (int half = 4; half > 0; half /= 2) {
    for (int k = 0; k < half; k++) sums[k] = MERGE(sums[k], sums[k + half]);
  }
  return sums[0];
}
#else
#define LONGEST_ROW (64 * GROUPED)
#endif

/// At most rows_in_block(width, step) rows; leaves the result in sums[0 ..< width].
static inline void NAME(tile)(intptr_t rows, intptr_t width, intptr_t step, const T *x, BLOCK *sums) {
  const intptr_t group = rows_read_as_one(width, step), wide = group * width;
  if (group == GROUPED && rows <= LONGEST_ROW) {
    sums[0] = ROW(rows, x);
    return;
  }
  const intptr_t groups = rows < group ? rows : group;
  for (intptr_t c = 0; c < groups * width; c++) sums[c] = START;
  if (group == 1) {
    NAME(accumulate)(rows, width, step, x, sums);
    return;
  }
  // With the usual width known, the accumulators stay in registers.
  if (wide == GROUPED) NAME(accumulate)(rows / group, GROUPED, GROUPED, x, sums);
  else NAME(accumulate)(rows / group, wide, wide, x, sums);
  NAME(accumulate)(1, rows % group * width, 0, x + rows / group * wide, sums);
  if (group == GROUPED) NAME(fold)(GROUPED, 1, sums);
  else NAME(fold)(groups, width, sums);
}

static void NAME(start)(intptr_t n, void *totals_) {
  TOTAL *const totals = totals_;
  for (intptr_t i = 0; i < n; i++) totals[i] = START;
}

static void NAME(merge)(intptr_t n, void *totals_, const void *more_) {
  TOTAL *const totals = totals_;
  const TOTAL *const more = more_;
  for (intptr_t i = 0; i < n; i++) totals[i] = MERGE(totals[i], more[i]);
}

static void NAME(finish)(intptr_t n, const void *totals_, void *out_) {
  const TOTAL *const totals = totals_;
  RESULT *const out = out_;
  for (intptr_t i = 0; i < n; i++) out[i] = (RESULT)FINISH(totals[i]);
}

/// Merges any number of rows into totals[0 ..< width].
static void NAME(blocks)(intptr_t rows, intptr_t width, intptr_t step, const void *x_, void *totals_) {
  const T *const x = x_;
  TOTAL *const totals = totals_;
  _Alignas(64) BLOCK sums[COLUMNS];
  const intptr_t most = rows_in_block(width, step);
  for (intptr_t r = 0; r < rows; r += most) {
    NAME(tile)(rows - r < most ? rows - r : most, width, step, x + r * step, sums);
    for (intptr_t c = 0; c < width; c++) totals[c] = MERGE(totals[c], sums[c]);
  }
}

/// [outer, n] → [outer].
static void NAME(rows)(intptr_t outer, intptr_t n, const void *x_, void *out_) {
  const T *const x = x_;
  RESULT *const out = out_;
  _Alignas(64) BLOCK sums[GROUPED];
  const intptr_t most = rows_in_block(1, 1);
  if (n <= LONGEST_ROW) {
    for (intptr_t o = 0; o < outer; o++) out[o] = (RESULT)FINISH(MERGE((TOTAL)START, ROW(n, x + o * n)));
    return;
  }
  for (intptr_t o = 0; o < outer; o++) {
    TOTAL total = START;
    for (intptr_t i = 0; i < n; i += most) {
      NAME(tile)(n - i < most ? n - i : most, 1, 1, x + o * n + i, sums);
      total = MERGE(total, sums[0]);
    }
    out[o] = (RESULT)FINISH(total);
  }
}

static const reduction NAME(reduction) = {sizeof(TOTAL), sizeof(RESULT), NAME(start), NAME(blocks), NAME(merge),
                                          NAME(finish), NAME(rows)};

#undef NAME
#undef ROW
#undef LONGEST_ROW
#undef BLOCK
#undef TOTAL
#undef RESULT
#undef START
#undef STEP
#undef MERGE
#undef FINISH
