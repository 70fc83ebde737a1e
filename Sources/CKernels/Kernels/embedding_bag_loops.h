// Bags of a table's rows, for one floating dtype (included by each_float.h). Sums go in order of the indices.

/// Columns that are summed side by side: their sums stay in registers or the nearest cache.
#define BAG_COLUMNS 64

/// out = Σⱼ scale[j]·table[index[j]], 1 for a scale of NULL.
static void N(bag_sum)(intptr_t width, intptr_t count, const int64_t *index, const double *scale, const void *table_,
                       void *out_) {
  const T *const table = table_;
  T *const out = out_;
  for (intptr_t first = 0; first < width; first += BAG_COLUMNS) {
    const intptr_t n = width - first < BAG_COLUMNS ? width - first : BAG_COLUMNS;
    C sums[BAG_COLUMNS] = {0};
    for (intptr_t j = 0; j < count; j++) {
      const T *const row = table + index[j] * width + first;
      const C s = scale == NULL ? 1 : (C)scale[j];
      INDEPENDENT
      for (intptr_t i = 0; i < n; i++) sums[i] += s * LOAD(row[i]);
    }
    for (intptr_t i = 0; i < n; i++) out[first + i] = STORE(sums[i]);
  }
}

/// The largest elements, and the rows that hold them first; NaN is larger than any number. 0 and −1 for an empty bag.
static void N(bag_max)(intptr_t width, intptr_t count, const int64_t *index, const void *table_, void *out_, int64_t *winners) {
  const T *const table = table_;
  T *const out = out_;
  for (intptr_t i = 0; i < width; i++) {
    C most = count > 0 ? LOAD(table[index[0] * width + i]) : 0;
    int64_t winner = count > 0 ? index[0] : -1;
    for (intptr_t j = 1; j < count; j++) {
      const C x = LOAD(table[index[j] * width + i]);
      if (x > most || (x != x && most == most)) {
        most = x;
        winner = index[j];
      }
    }
    out[i] = STORE(most);
    winners[i] = winner;
  }
}

/// out += s·x
static void N(add_scaled_row)(intptr_t n, double scale, const void *x_, void *out_) {
  const T *const x = x_;
  T *const out = out_;
  const C s = (C)scale;
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) out[i] = STORE(LOAD(out[i]) + s * LOAD(x[i]));
}

/// Σᵢ a[i]·b[i]
static double N(row_product)(intptr_t n, const void *a_, const void *b_) {
  const T *const a = a_, *const b = b_;
  double sum = 0;
  for (intptr_t i = 0; i < n; i++) sum += (double)LOAD(a[i]) * (double)LOAD(b[i]);
  return sum;
}
