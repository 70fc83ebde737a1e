// Softmax and its relatives over one row of floats (included by each_float.h for float32 and float64).

/// Up to LANES elements, with `pad` in the lanes beyond.
static inline __attribute__((always_inline)) V N(load_part)(intptr_t n, const T *x, T pad) {
  T part[LANES];
  for (intptr_t i = 0; i < LANES; i++) part[i] = i < n ? x[i] : pad;
  return VLOAD(part);
}

static inline __attribute__((always_inline)) void N(store_part)(intptr_t n, T *out, V v) {
  T part[LANES];
  VSTORE(part, v);
  for (intptr_t i = 0; i < n; i++) out[i] = part[i];
}

static T N(row_max)(intptr_t n, const T *x) {
  V a = SPLAT(V, -INFINITY), b = a;
  intptr_t i = 0;
  for (; i + 2 * LANES <= n; i += 2 * LANES) {
    a = vmax(VLOAD(x + i), a);
    b = vmax(VLOAD(x + i + LANES), b);
  }
  if (i + LANES <= n) {
    a = vmax(VLOAD(x + i), a);
    i += LANES;
  }
  if (i < n) b = vmax(N(load_part)(n - i, x + i, -INFINITY), b);
  return max_lanes(vmax(a, b));
}

/// Σ exp(x − most). With `out`, the exponentials are written there too. Blocks are added in double.
static inline __attribute__((always_inline)) double N(sum_exp)(intptr_t n, const T *x, T most, T *out) {
  double total = 0;
  intptr_t i = 0;
  do {
    const intptr_t end = n - i < 4096 ? n : i + 4096;
    V sum = {0};
    for (; i + LANES <= end; i += LANES) {
      const V y = vexp(VLOAD(x + i) - most);
      sum += y;
      if (out != NULL) VSTORE(out + i, y);
    }
    if (i < end) {
      const V y = vexp(N(load_part)(end - i, x + i, -INFINITY) - most);
      // Not simply added: against a maximum of −∞ the padding gives NaN, as the elements do.
      sum += y;
      if (out != NULL) N(store_part)(end - i, out + i, y);
      i = end;
    }
    total += (double)sum_lanes(sum);
  } while (i < n);
  return total;
}

static void N(softmax_row)(intptr_t n, const T *x, T *out) {
  const T scale = (T)(1 / N(sum_exp)(n, x, N(row_max)(n, x), out));
  for (intptr_t i = 0; i < n; i++) out[i] *= scale;
}

static void N(log_softmax_row)(intptr_t n, const T *x, T *out) {
  const T most = N(row_max)(n, x), log_sum = (T)log(N(sum_exp)(n, x, most, NULL));
  for (intptr_t i = 0; i < n; i++) out[i] = x[i] - most - log_sum;
}

static void N(softmax_gradient_row)(intptr_t n, const T *g, const T *y, T *out) {
  double total = 0;
  for (intptr_t first = 0; first < n; first += 4096) {
    const intptr_t end = n - first < 4096 ? n : first + 4096;
    V sum = {0};
    intptr_t i = first;
    for (; i + LANES <= end; i += LANES) sum += VLOAD(g + i) * VLOAD(y + i);
    if (i < end) sum += N(load_part)(end - i, g + i, 0) * N(load_part)(end - i, y + i, 0);
    total += (double)sum_lanes(sum);
  }
  const T mean = (T)total;
  _Pragma("clang loop vectorize(assume_safety)")
  for (intptr_t i = 0; i < n; i++) out[i] = y[i] * (g[i] - mean);
}

static void N(log_softmax_gradient_row)(intptr_t n, const T *g, const T *y, T *out) {
  double sum = 0;
  N(sum_blocks)(n, 1, 1, g, &sum);
  const T total = (T)sum;
  intptr_t i = 0;
  for (; i + LANES <= n; i += LANES) VSTORE(out + i, VLOAD(g + i) - vexp(VLOAD(y + i)) * total);
  if (i < n) {
    N(store_part)(n - i, out + i, N(load_part)(n - i, g + i, 0) - vexp(N(load_part)(n - i, y + i, 0)) * total);
  }
}

static void N(cross_entropy_row)(intptr_t n, const T *x, int64_t label, T *loss, T *log_sum_exp) {
  const T most = N(row_max)(n, x);
  const double log_sum = log(N(sum_exp)(n, x, most, NULL));
  *loss = (T)(log_sum + ((double)most - (double)x[label]));
  *log_sum_exp = (T)(log_sum + (double)most);
}

static void N(cross_entropy_gradient_row)(intptr_t n, const T *x, int64_t label, T log_sum_exp, T g, T *out) {
  intptr_t i = 0;
  for (; i + LANES <= n; i += LANES) VSTORE(out + i, vexp(VLOAD(x + i) - log_sum_exp) * g);
  if (i < n) N(store_part)(n - i, out + i, vexp(N(load_part)(n - i, x + i, x[i]) - log_sum_exp) * g);
  out[label] -= g;
}
