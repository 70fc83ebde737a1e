// An element as a number whose order is the element's, for one dtype (included by each_number.h). NaN is the greatest.

static void N(sort_keys)(intptr_t n, const void *x_, bool descending, sort_item *items) {
  const T *const x = x_;
  for (intptr_t i = 0; i < n; i++) {
#if IS_FLOAT
    // −0 counts as 0. Negative numbers have their bits inverted, so that a larger size comes first.
    const double value = (double)LOAD(x[i]) + 0.0;
    uint64_t key;
    memcpy(&key, &value, sizeof key);
    key = key >> 63 ? ~key : key | (uint64_t)1 << 63;
    if (IS_NAN(LOAD(x[i]))) key = UINT64_MAX;
#else
    const uint64_t key = (uint64_t)(int64_t)x[i] ^ (uint64_t)1 << 63;
#endif
    items[i] = (sort_item){descending ? ~key : key, i};
  }
}

/// Where `value` would be put into the sorted row: before its equals, or after them.
static int64_t N(place_of)(intptr_t n, const void *row_, const void *value_, intptr_t index, bool after) {
  const T *const row = row_;
  const C value = LOAD(((const T *)value_)[index]);
  intptr_t low = 0, high = n;
  while (low < high) {
    const intptr_t middle = low + (high - low) / 2;
    const C other = LOAD(row[middle]);
    // NaN is the greatest, and its own equal.
    const bool less = IS_NAN(value) ? !IS_NAN(other) : other < value;
    const bool equal = IS_NAN(value) ? IS_NAN(other) : other == value;
    if (less || (after && equal)) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
