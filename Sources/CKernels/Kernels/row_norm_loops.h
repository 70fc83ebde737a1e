// Rows to mean 0 and variance 1, for one floating dtype (included by each_float.h for float32 and float64).
//
// Sums run in T over blocks and in double over the blocks.

/// Σ x, or Σ (x − mean)² along a row. Four sums side by side, since one would wait for its own additions.
static inline __attribute__((always_inline)) double N(sum_along_row)(const bool squares, intptr_t n, const T *x, T mean) {
  double total = 0;
  for (intptr_t first = 0; first < n; first += 4096) {
    const intptr_t end = n - first < 4096 ? n : first + 4096;
    V sum[4] = {{0}, {0}, {0}, {0}};
    intptr_t i = first;
    for (; i + 4 * LANES <= end; i += 4 * LANES) {
      _Pragma("clang loop unroll(full)")
      for (int k = 0; k < 4; k++) {
        const V d = VLOAD(x + i + k * LANES) - mean;
        if (squares) {
          // The next row, whose sum comes next.
          __builtin_prefetch(x + n + i + k * LANES);
          sum[k] += d * d;
        } else {
          sum[k] += d;
        }
      }
    }
    for (; i < end; i += LANES) {
      const V d = (i + LANES <= end ? VLOAD(x + i) : load_part(end - i, x + i, mean)) - mean;
      sum[0] += squares ? d * d : d;
    }
    total += (double)sum_lanes((sum[0] + sum[1]) + (sum[2] + sum[3]));
  }
  return total;
}

static void N(row_norm)(const row_norm_call *call, intptr_t begin, intptr_t end) {
  const intptr_t n = call->n;
  const T *const weight = call->weight, *const bias = call->bias;
  for (intptr_t row = begin; row < end; row++) {
    const T *const x = (const T *)call->x + row * n;
    T *const out = (T *)call->out + row * n;
    const T mean = call->centred ? (T)(N(sum_along_row)(false, n, x, 0) / (double)n) : 0;
    const T r = (T)(1 / sqrt(N(sum_along_row)(true, n, x, mean) / (double)n + call->epsilon));
    if (call->centred) ((T *)call->mean)[row] = mean;
    ((T *)call->r)[row] = r;
    intptr_t i = 0;
    for (; i + LANES <= n; i += LANES) {
      V y = (VLOAD(x + i) - mean) * r;
      if (weight != NULL) y *= VLOAD(weight + i);
      if (bias != NULL) y += VLOAD(bias + i);
      if (call->streamed) __builtin_nontemporal_store(y, (V *)(out + i));
      else VSTORE(out + i, y);
    }
    if (i < n) {
      V y = (load_part(n - i, x + i, 0) - mean) * r;
      if (weight != NULL) y *= load_part(n - i, weight + i, 0);
      if (bias != NULL) y += load_part(n - i, bias + i, 0);
      store_part(n - i, out + i, y);
    }
  }
  if (call->streamed) end_stream();
}

/// One row's gradient; g·x̂ and g are added to dweight and dbias.
static inline __attribute__((always_inline)) void N(row_norm_gradient_row)(
    const row_norm_call *call, intptr_t n, const T *g, const T *x, T mean, T r, const T *weight, T *dx, T *dweight, T *dbias) {
  const V one = SPLAT(V, 1);
  V plain = {0}, product = {0};
  intptr_t i = 0;
  for (; i + LANES <= n; i += LANES) {
    const V gi = VLOAD(g + i), normal = (VLOAD(x + i) - mean) * r;
    const V weighted = gi * (weight != NULL ? VLOAD(weight + i) : one);
    plain += weighted;
    product += weighted * normal;
    if (dweight != NULL) VSTORE(dweight + i, VLOAD(dweight + i) + gi * normal);
    if (dbias != NULL) VSTORE(dbias + i, VLOAD(dbias + i) + gi);
  }
  if (i < n) {
    const V gi = load_part(n - i, g + i, 0), normal = (load_part(n - i, x + i, mean) - mean) * r;
    const V weighted = gi * (weight != NULL ? load_part(n - i, weight + i, 0) : one);
    plain += weighted;
    product += weighted * normal;
    if (dweight != NULL) store_part(n - i, dweight + i, load_part(n - i, dweight + i, 0) + gi * normal);
    if (dbias != NULL) store_part(n - i, dbias + i, load_part(n - i, dbias + i, 0) + gi);
  }
  const T mean_g = call->centred ? sum_lanes(plain) / (T)n : 0, slope = sum_lanes(product) / (T)n;
  for (i = 0; i + LANES <= n; i += LANES) {
    const V weighted = VLOAD(g + i) * (weight != NULL ? VLOAD(weight + i) : one);
    VSTORE(dx + i, (weighted - mean_g - (VLOAD(x + i) - mean) * r * slope) * r);
  }
  if (i < n) {
    const V weighted = load_part(n - i, g + i, 0) * (weight != NULL ? load_part(n - i, weight + i, 0) : one);
    store_part(n - i, dx + i, (weighted - mean_g - (load_part(n - i, x + i, 0) - mean) * r * slope) * r);
  }
}

/// A piece: some rows, whose sums for dweight and dbias it leaves in a row of partial sums of its own.
static void N(row_norm_gradient)(const row_norm_call *call, intptr_t piece) {
  const intptr_t n = call->n, begin = piece * call->rows_per_piece;
  const intptr_t end = call->rows - begin < call->rows_per_piece ? call->rows : begin + call->rows_per_piece;
  const size_t bytes = 2 * (size_t)n * sizeof(T);
  double *const partial = call->partials == NULL ? NULL : call->partials + piece * 2 * n;
  T *const sums = partial == NULL ? NULL : gb_allocate(bytes);
  for (intptr_t i = 0; partial != NULL && i < 2 * n; i++) partial[i] = 0;
  for (intptr_t first = begin; first < end; first += 64) {
    const intptr_t last = end - first < 64 ? end : first + 64;
    if (sums != NULL) memset(sums, 0, bytes);
    for (intptr_t row = first; row < last; row++) {
      N(row_norm_gradient_row)(call, n, (const T *)call->g + row * n, (const T *)call->x + row * n,
                               call->centred ? ((const T *)call->mean)[row] : 0, ((const T *)call->r)[row], call->weight,
                               (T *)call->out + row * n, sums, sums == NULL ? NULL : sums + n);
    }
    for (intptr_t i = 0; sums != NULL && i < 2 * n; i++) partial[i] += (double)sums[i];
  }
  if (sums != NULL) gb_free(sums, bytes);
}

static void N(row_norm_totals)(const row_norm_call *call, intptr_t begin, intptr_t end) {
  for (intptr_t i = begin; i < end; i++) {
    double weight = 0, bias = 0;
    for (intptr_t piece = 0; piece < call->pieces; piece++) {
      weight += call->partials[piece * 2 * call->n + i];
      bias += call->partials[(piece * 2 + 1) * call->n + i];
    }
    ((T *)call->dweight)[i] = (T)weight;
    if (call->dbias != NULL) ((T *)call->dbias)[i] = (T)bias;
  }
}
