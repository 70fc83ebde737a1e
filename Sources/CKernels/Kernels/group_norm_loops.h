// Groups of channels to mean 0 and variance 1, for one floating dtype (included by each_float.h for float32 and float64).

static void N(group_norm)(const group_norm_call *call, intptr_t begin, intptr_t end) {
  const intptr_t share = call->channels / call->groups, n = share * call->space;
  const T *const weight = call->weight, *const bias = call->bias;
  for (intptr_t row = begin; row < end; row++) {
    const T *const x = (const T *)call->x + row * n;
    T *const out = (T *)call->out + row * n;
    const T mean = (T)(N(sum_along_row)(false, n, x, 0) / (double)n);
    const T r = (T)(1 / sqrt(N(sum_along_row)(true, n, x, mean) / (double)n + call->epsilon));
    ((T *)call->mean)[row] = mean;
    ((T *)call->r)[row] = r;
    for (intptr_t c = 0; c < share; c++) {
      const intptr_t channel = row % call->groups * share + c, first = c * call->space;
      const T w = weight == NULL ? 1 : weight[channel], b = bias == NULL ? 0 : bias[channel];
      INDEPENDENT
      for (intptr_t i = first; i < first + call->space; i++) out[i] = (x[i] - mean) * r * w + b;
    }
  }
}

/// Σ g and Σ g·x̂ of each channel of one sample go to its places in `sums` [batch, channels, 2].
static void N(group_norm_gradient)(const group_norm_call *call, intptr_t begin, intptr_t end) {
  const intptr_t share = call->channels / call->groups, space = call->space, n = share * space;
  const T *const weight = call->weight;
  for (intptr_t row = begin; row < end; row++) {
    const T *const x = (const T *)call->x + row * n, *const g = (const T *)call->g + row * n;
    T *const dx = (T *)call->out + row * n;
    const T mean = ((const T *)call->mean)[row], r = ((const T *)call->r)[row];
    double *const sums = call->sums + row * share * 2;
    double plain = 0, product = 0;
    for (intptr_t c = 0; c < share; c++) {
      const double w = weight == NULL ? 1 : (double)weight[row % call->groups * share + c];
      sums[2 * c] = sums[2 * c + 1] = 0;
      N(products_along)(space, g + c * space, x + c * space, mean, &sums[2 * c], &sums[2 * c + 1]);
      sums[2 * c + 1] *= (double)r;
      plain += w * sums[2 * c];
      product += w * sums[2 * c + 1];
    }
    const T mean_g = (T)(plain / (double)n), slope = (T)(product / (double)n * (double)r);
    for (intptr_t c = 0; c < share; c++) {
      const T w = weight == NULL ? 1 : weight[row % call->groups * share + c];
      INDEPENDENT
      for (intptr_t i = c * space; i < (c + 1) * space; i++) dx[i] = (g[i] * w - mean_g - (x[i] - mean) * slope) * r;
    }
  }
}

static void N(group_norm_totals)(const group_norm_call *call) {
  for (intptr_t c = 0; c < call->channels; c++) {
    double plain = 0, product = 0;
    for (intptr_t b = 0; b < call->batch; b++) {
      plain += call->sums[(b * call->channels + c) * 2];
      product += call->sums[(b * call->channels + c) * 2 + 1];
    }
    if (call->dweight != NULL) ((T *)call->dweight)[c] = (T)product;
    if (call->dbias != NULL) ((T *)call->dbias)[c] = (T)plain;
  }
}
