// Statistics per channel, for one floating dtype (included by each_float.h for float32 and float64).
//
// Sums run in T over blocks and in double over the blocks. Where a channel has runs of enough elements, each run is
// reduced by itself; else all of [channels, space] is taken as columns, whose sums are folded by channel afterwards.

/// Σ (x − mean)² along a run.
static double N(squares_along)(intptr_t n, const T *x, T mean) {
  double total = 0;
  for (intptr_t first = 0; first < n; first += 4096) {
    const intptr_t end = n - first < 4096 ? n : first + 4096;
    V sum = {0};
    intptr_t i = first;
    for (; i + LANES <= end; i += LANES) {
      const V d = VLOAD(x + i) - mean;
      sum += d * d;
    }
    if (i < end) {
      const V d = load_part(end - i, x + i, mean) - mean;
      sum += d * d;
    }
    total += (double)sum_lanes(sum);
  }
  return total;
}

/// Σ g and Σ g·(x − mean) along a run.
static void N(products_along)(intptr_t n, const T *g, const T *x, T mean, double *sum_g, double *sum_gx) {
  for (intptr_t first = 0; first < n; first += 4096) {
    const intptr_t end = n - first < 4096 ? n : first + 4096;
    V plain = {0}, product = {0};
    intptr_t i = first;
    for (; i + LANES <= end; i += LANES) {
      const V gi = VLOAD(g + i);
      plain += gi;
      product += gi * (VLOAD(x + i) - mean);
    }
    if (i < end) {
      const V gi = load_part(end - i, g + i, 0);
      plain += gi;
      product += gi * (load_part(end - i, x + i, mean) - mean);
    }
    *sum_g += (double)sum_lanes(plain);
    *sum_gx += (double)sum_lanes(product);
  }
}

static void N(moments_of_runs)(const channels_call *call, intptr_t begin, intptr_t end) {
  const intptr_t stride = call->channels * call->space;
  const double count = (double)(call->batch * call->space);
  for (intptr_t c = begin; c < end; c++) {
    const T *const x = (const T *)call->x + c * call->space;
    double sum = 0, squares = 0;
    for (intptr_t b = 0; b < call->batch; b++) N(sum_blocks)(call->space, 1, 1, x + b * stride, &sum);
    const T mean = (T)(sum / count);
    for (intptr_t b = 0; b < call->batch; b++) squares += N(squares_along)(call->space, x + b * stride, mean);
    ((T *)call->mean)[c] = mean;
    ((T *)call->variance)[c] = (T)(squares / count);
  }
}

static void N(moments_of_columns)(const channels_call *call, intptr_t begin, intptr_t end) {
  const intptr_t stride = call->channels * call->space, space = call->space, per_tile = COLUMNS / space;
  const double count = (double)(call->batch * space);
  T *const means = call->mean, *const variances = call->variance;
  for (intptr_t first = begin; first < end; first += per_tile) {
    const intptr_t channels = end - first < per_tile ? end - first : per_tile, width = channels * space;
    const T *const x = (const T *)call->x + first * space;
    double totals[COLUMNS] = {0};
    N(sum_blocks)(call->batch, width, stride, x, totals);
    T mean[COLUMNS], sums[COLUMNS];
    for (intptr_t c = 0; c < channels; c++) {
      double sum = 0;
      for (intptr_t s = 0; s < space; s++) sum += totals[c * space + s];
      means[first + c] = (T)(sum / count);
      for (intptr_t s = 0; s < space; s++) mean[c * space + s] = means[first + c];
    }
    for (intptr_t i = 0; i < width; i++) totals[i] = 0;
    for (intptr_t b = 0; b < call->batch; b += 64) {
      const intptr_t last = call->batch - b < 64 ? call->batch : b + 64;
      for (intptr_t i = 0; i < width; i++) sums[i] = 0;
      for (intptr_t row = b; row < last; row++) {
        for (intptr_t i = 0; i < width; i++) {
          const T d = x[row * stride + i] - mean[i];
          sums[i] += d * d;
        }
      }
      for (intptr_t i = 0; i < width; i++) totals[i] += (double)sums[i];
    }
    for (intptr_t c = 0; c < channels; c++) {
      double squares = 0;
      for (intptr_t s = 0; s < space; s++) squares += totals[c * space + s];
      variances[first + c] = (T)(squares / count);
    }
  }
}

static void N(channel_affine_rows)(const channels_call *call, intptr_t begin, intptr_t end) {
  const intptr_t space = call->space;
  _Alignas(64) T buffer[SPREAD];
  const T *const mean = call->mean, *const scale = call->scale, *const shift = call->shift;
  for (intptr_t row = begin; row < end; row++) {
    const intptr_t c = row % call->channels;
    const T *const x = (const T *)call->x + row * call->space, m = mean[c], w = scale[c], b = shift[c];
    T *const out = (T *)call->out + row * call->space;
    for (intptr_t first = 0; first < space; first += SPREAD) {
      const intptr_t n = space - first < SPREAD ? space - first : SPREAD;
      T *const target = call->streamed ? buffer : out + first;
      INDEPENDENT
      for (intptr_t i = 0; i < n; i++) target[i] = (x[first + i] - m) * w + b;
      if (call->streamed) stream((size_t)n * sizeof(T), buffer, out + first);
    }
  }
  if (call->streamed) end_stream();
}

/// The same for [batch, channels] (space 1).
static void N(channel_affine_columns)(const channels_call *call, intptr_t begin, intptr_t end) {
  const T *const mean = call->mean, *const scale = call->scale, *const shift = call->shift;
  for (intptr_t row = begin; row < end; row++) {
    const T *const x = (const T *)call->x + row * call->channels;
    T *const out = (T *)call->out + row * call->channels;
    INDEPENDENT
    for (intptr_t c = 0; c < call->channels; c++) out[c] = (x[c] - mean[c]) * scale[c] + shift[c];
  }
}

static void N(gradient_of_runs)(const channels_call *call, intptr_t begin, intptr_t end) {
  const intptr_t stride = call->channels * call->space;
  const double count = (double)(call->batch * call->space);
  for (intptr_t c = begin; c < end; c++) {
    const T *const x = (const T *)call->x + c * call->space, *const g = (const T *)call->g + c * call->space;
    T *const dx = (T *)call->out + c * call->space;
    const T mean = ((const T *)call->mean)[c], r = ((const T *)call->r)[c], weight = ((const T *)call->weight)[c];
    double sum_g = 0, sum_gx = 0;
    for (intptr_t b = 0; b < call->batch; b++) {
      N(products_along)(call->space, g + b * stride, x + b * stride, mean, &sum_g, &sum_gx);
    }
    const double dweight = sum_gx * (double)r;
    const T mean_g = (T)(sum_g / count), slope = (T)(dweight / count * (double)r), factor = weight * r;
    for (intptr_t b = 0; b < call->batch; b++) {
      INDEPENDENT
      for (intptr_t i = b * stride; i < b * stride + call->space; i++) {
        dx[i] = factor * (g[i] - mean_g - (x[i] - mean) * slope);
      }
    }
    ((T *)call->dweight)[c] = (T)dweight;
    ((T *)call->dshift)[c] = (T)sum_g;
  }
}

static void N(gradient_of_columns)(const channels_call *call, intptr_t begin, intptr_t end) {
  const intptr_t stride = call->channels * call->space, space = call->space, per_tile = COLUMNS / space;
  const double count = (double)(call->batch * space);
  for (intptr_t first = begin; first < end; first += per_tile) {
    const intptr_t channels = end - first < per_tile ? end - first : per_tile, width = channels * space;
    const T *const x = (const T *)call->x + first * space, *const g = (const T *)call->g + first * space;
    T *const dx = (T *)call->out + first * space;
    T mean[COLUMNS], factor[COLUMNS], mean_g[COLUMNS], slope[COLUMNS], sums_g[COLUMNS], sums_gx[COLUMNS];
    double totals_g[COLUMNS] = {0}, totals_gx[COLUMNS] = {0};
    for (intptr_t i = 0; i < width; i++) mean[i] = ((const T *)call->mean)[first + i / space];
    for (intptr_t b = 0; b < call->batch; b += 64) {
      const intptr_t last = call->batch - b < 64 ? call->batch : b + 64;
      for (intptr_t i = 0; i < width; i++) sums_g[i] = sums_gx[i] = 0;
      for (intptr_t row = b; row < last; row++) {
        for (intptr_t i = 0; i < width; i++) {
          const T gi = g[row * stride + i];
          sums_g[i] += gi;
          sums_gx[i] += gi * (x[row * stride + i] - mean[i]);
        }
      }
      for (intptr_t i = 0; i < width; i++) totals_g[i] += (double)sums_g[i], totals_gx[i] += (double)sums_gx[i];
    }
    for (intptr_t c = 0; c < channels; c++) {
      const T r = ((const T *)call->r)[first + c], weight = ((const T *)call->weight)[first + c];
      double sum_g = 0, sum_gx = 0;
      for (intptr_t i = c * space; i < (c + 1) * space; i++) sum_g += totals_g[i], sum_gx += totals_gx[i];
      const double dweight = sum_gx * (double)r;
      for (intptr_t i = c * space; i < (c + 1) * space; i++) {
        mean_g[i] = (T)(sum_g / count);
        slope[i] = (T)(dweight / count * (double)r);
        factor[i] = weight * r;
      }
      ((T *)call->dweight)[first + c] = (T)dweight;
      ((T *)call->dshift)[first + c] = (T)sum_g;
    }
    for (intptr_t row = 0; row < call->batch; row++) {
      INDEPENDENT
      for (intptr_t i = 0; i < width; i++) {
        dx[row * stride + i] = factor[i] * (g[row * stride + i] - mean_g[i] - (x[row * stride + i] - mean[i]) * slope[i]);
      }
    }
  }
}
