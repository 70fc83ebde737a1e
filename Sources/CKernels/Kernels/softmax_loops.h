// Softmax and its relatives over one row of floats (included by each_float.h for float32 and float64).

/// Σ exp(x − most). With `out`, the exponentials are written there too. Blocks are added in double.
/// Meanwhile it fetches the row after this one, whose maximum comes next: that pass would wait for memory otherwise.
static inline __attribute__((always_inline)) double N(sum_exp)(intptr_t n, const T *x, T most, T *out) {
  double total = 0;
  intptr_t i = 0;
  do {
    const intptr_t end = n - i < 4096 ? n : i + 4096;
    V sum = {0};
    for (; i + LANES <= end; i += LANES) {
      __builtin_prefetch(x + n + i);
      const V y = vexp(VLOAD(x + i) - most);
      sum += y;
      if (out != NULL) VSTORE(out + i, y);
    }
    if (i < end) {
      const V y = vexp(load_part(end - i, x + i, -INFINITY) - most);
      // Not simply added: against a maximum of −∞ the padding gives NaN, as the elements do.
      sum += y;
      if (out != NULL) store_part(end - i, out + i, y);
      i = end;
    }
    total += (double)sum_lanes(sum);
  } while (i < n);
  return total;
}

static void N(softmax_row)(intptr_t n, const T *x, T *out) {
  if (n <= LANES) {  // a few classes: all in one register
    const V v = load_part(n, x, -INFINITY), y = vexp(v - max_lanes(v));
    store_part(n, out, y * (T)(1 / (double)sum_lanes(y)));
    return;
  }
  const T scale = (T)(1 / N(sum_exp)(n, x, N(max_of_row)(n, x), out));
  for (intptr_t i = 0; i < n; i++) out[i] *= scale;
}

static void N(log_softmax_row)(intptr_t n, const T *x, T *out) {
  if (n <= LANES) {
    const V v = load_part(n, x, -INFINITY), shifted = v - max_lanes(v);
    store_part(n, out, shifted - (T)log((double)sum_lanes(vexp(shifted))));
    return;
  }
  const T most = N(max_of_row)(n, x), log_sum = (T)log(N(sum_exp)(n, x, most, NULL));
  for (intptr_t i = 0; i < n; i++) out[i] = x[i] - most - log_sum;
}

static void N(softmax_gradient_row)(intptr_t n, const T *g, const T *y, T *out) {
  double total = 0;
  for (intptr_t first = 0; first < n; first += 4096) {
    const intptr_t end = n - first < 4096 ? n : first + 4096;
    V sum = {0};
    intptr_t i = first;
    for (; i + LANES <= end; i += LANES) sum += VLOAD(g + i) * VLOAD(y + i);
    if (i < end) sum += load_part(end - i, g + i, 0) * load_part(end - i, y + i, 0);
    total += (double)sum_lanes(sum);
  }
  const T mean = (T)total;
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) out[i] = y[i] * (g[i] - mean);
}

static void N(log_softmax_gradient_row)(intptr_t n, const T *g, const T *y, T *out) {
  double sum = 0;
  N(sum_blocks)(n, 1, 1, g, &sum);
  const T total = (T)sum;
  intptr_t i = 0;
  for (; i + LANES <= n; i += LANES) VSTORE(out + i, VLOAD(g + i) - vexp(VLOAD(y + i)) * total);
  if (i < n) {
    store_part(n - i, out + i, load_part(n - i, g + i, 0) - vexp(load_part(n - i, y + i, 0)) * total);
  }
}

static void N(cross_entropy_row)(intptr_t n, const T *x, int64_t label, T *loss, T *log_sum_exp) {
  const T most = N(max_of_row)(n, x);
  const double log_sum = log(N(sum_exp)(n, x, most, NULL));
  *loss = (T)(log_sum + ((double)most - (double)x[label]));
  *log_sum_exp = (T)(log_sum + (double)most);
}

static void N(cross_entropy_gradient_row)(intptr_t n, const T *x, int64_t label, T log_sum_exp, T g, T *out) {
  intptr_t i = 0;
  for (; i + LANES <= n; i += LANES) VSTORE(out + i, vexp(VLOAD(x + i) - log_sum_exp) * g);
  if (i < n) store_part(n - i, out + i, vexp(load_part(n - i, x + i, x[i]) - log_sum_exp) * g);
  out[label] -= g;
}
