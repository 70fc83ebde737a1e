// Running totals of one row whose elements stand `step` apart, for one dtype (included by each_number.h).

static void N(scan_sum)(intptr_t n, intptr_t step, const void *x_, void *out_, int64_t *positions) {
  const T *const x = x_;
  T *const out = out_;
  (void)positions;
#if IS_FLOAT
  // In float64, so that a long row loses nothing.
  double sum = 0;
  for (intptr_t i = 0; i < n; i++) {
    sum += (double)LOAD(x[i * step]);
    out[i * step] = STORE((C)sum);
  }
#else
  W sum = 0;
  for (intptr_t i = 0; i < n; i++) {
    sum += (W)x[i * step];
    out[i * step] = (T)sum;
  }
#endif
}

static void N(scan_product)(intptr_t n, intptr_t step, const void *x_, void *out_, int64_t *positions) {
  const T *const x = x_;
  T *const out = out_;
  (void)positions;
#if IS_FLOAT
  double product = 1;
  for (intptr_t i = 0; i < n; i++) {
    product *= (double)LOAD(x[i * step]);
    out[i * step] = STORE((C)product);
  }
#else
  W product = 1;
  for (intptr_t i = 0; i < n; i++) {
    product *= (W)x[i * step];
    out[i * step] = (T)product;
  }
#endif
}

// The last of equals stands, and NaN from where it first appears on, as in PyTorch.
#define EXTREME(name, better)                                                                                      \
  static void N(name)(intptr_t n, intptr_t step, const void *x_, void *out_, int64_t *positions) {                 \
    const T *const x = x_;                                                                                         \
    T *const out = out_;                                                                                           \
    intptr_t winner = 0;                                                                                           \
    for (intptr_t i = 0; i < n; i++) {                                                                             \
      const C value = LOAD(x[i * step]), best = LOAD(x[winner * step]);                                            \
      if (IS_NAN(value) || (!IS_NAN(best) && value better best)) winner = i;                                       \
      out[i * step] = x[winner * step];                                                                            \
      positions[i * step] = winner;                                                                                \
    }                                                                                                              \
  }
EXTREME(scan_max, >=)
EXTREME(scan_min, <=)
#undef EXTREME

#if IS_FLOAT
static void N(scan_log_sum_exp)(intptr_t n, intptr_t step, const void *x_, void *out_, int64_t *positions) {
  const T *const x = x_;
  T *const out = out_;
  (void)positions;
  // Σ e^x is e^largest·sum.
  double largest = -INFINITY, sum = 0;
  for (intptr_t i = 0; i < n; i++) {
    const double value = (double)LOAD(x[i * step]);
    if (value > largest) {
      sum = sum == 0 ? 1 : sum * exp(largest - value) + 1;
      largest = value;
    } else if (value != -INFINITY) {
      sum += value == largest ? 1 : exp(value - largest);  // NaN stays from where it first appears on
    }
    out[i * step] = STORE((C)(largest + log(sum)));
  }
}
#endif
