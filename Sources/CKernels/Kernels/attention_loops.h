// Attention's two passes for one floating dtype (included by each_float.h for float32 and float64).

/// The scores of one query with `n` keys, scaled and masked where they stand, if there is something to do; returns the factor
/// that is left to apply.
static T N(mask_scores)(const gb_attention *s, intptr_t batch, intptr_t head, intptr_t query, intptr_t first, intptr_t n,
                        T *scores) {
  // The rest takes the maximum before it scales, which is right for positive factors only.
  if (s->mask == NULL && s->scale > 0) return (T)s->scale;
  const T scale = (T)s->scale;
  INDEPENDENT
  for (intptr_t j = 0; j < n; j++) scores[j] *= scale;
  if (s->mask == NULL) return 1;
  const intptr_t step = s->mask_steps[3], start =
      batch * s->mask_steps[0] + head * s->mask_steps[1] + query * s->mask_steps[2] + first * step;
  if (s->mask_adds) {
    const T *const mask = (const T *)s->mask + start;
    if (step == 1) {
      for (intptr_t j = 0; j < n; j++) scores[j] += mask[j];
    } else {
      for (intptr_t j = 0; j < n; j++) scores[j] += mask[j * step];
    }
  } else {
    const uint8_t *const mask = (const uint8_t *)s->mask + start;
    if (step == 1) {
      for (intptr_t j = 0; j < n; j++) scores[j] = mask[j] ? scores[j] : (T)-INFINITY;
    } else {
      for (intptr_t j = 0; j < n; j++) scores[j] = mask[j * step] ? scores[j] : (T)-INFINITY;
    }
  }
  return 1;
}

/// exp(factor·score − least) for `n` scores, and zeros up to `end` and to the end of a vector. Returns the sum.
static inline T N(exponentials)(intptr_t n, intptr_t end, T factor, T shift, T *scores) {
  V sum = {0};
  intptr_t j = 0;
  for (; j + LANES <= n; j += LANES) {
    const V y = vexp(VLOAD(scores + j) * factor - shift);
    sum += y;
    VSTORE(scores + j, y);
  }
  if (j < n) {
    const V y = vexp(load_part(n - j, scores + j, -INFINITY) * factor - shift);
    sum += y;
    VSTORE(scores + j, y);
    j += LANES;
  }
  for (; j < end; j += LANES) VSTORE(scores + j, (V){0});
  return sum_lanes(sum);
}

/// Words of random bits for one query and the keys from `first` on: those of a tensor [batch, heads, length, keys], where the
/// keys are rounded up to whole blocks of four words.
static void N(dropout_words)(const gb_attention *s, intptr_t batch, intptr_t head, intptr_t query, intptr_t first, uint32_t *words) {
  const intptr_t row = (batch * s->heads + head) * s->length + query, blocks = (s->keys + 3) / 4;
  philox_blocks(KEY_BLOCK / 4, s->seed, s->position + (uint64_t)(row * blocks + first / 4), words);
}

/// Keeps each weight with the probability that dropout leaves, scaled so that the mean stays, else makes it 0.
static void N(drop)(const gb_attention *s, const uint32_t *words, intptr_t n, T *weights) {
  const float kept = (float)(1 - s->dropout);
  const T scale = (T)(1 / (1 - s->dropout));
  for (intptr_t j = 0; j < n; j++) weights[j] = (float)(words[j] >> 8) * 0x1p-24f < kept ? weights[j] * scale : 0;
}

/// How many of `n` keys from `first` on a query may see.
static inline intptr_t N(seen_keys)(const gb_attention *s, intptr_t query, intptr_t first, intptr_t n) {
  if (!s->causal || query - first + 1 >= n) return n;
  return query >= first ? query - first + 1 : 0;
}

/// A block of queries of one head.
static void N(attend)(const attention_call *call, intptr_t batch, intptr_t head, intptr_t top, T *scores, T *turned) {
  const gb_attention *const s = call->shape;
  const intptr_t rows = s->length - top < QUERY_BLOCK ? s->length - top : QUERY_BLOCK;
  const intptr_t key_head = head / (s->heads / s->key_heads);
  const T *const q = (const T *)call->q + batch * s->q[0] + head * s->q[1] + top * s->q[2];
  const T *const k = (const T *)call->k + batch * s->k[0] + key_head * s->k[1];
  const T *const v = (const T *)call->v + batch * s->v[0] + key_head * s->v[1];
  T *const out = (T *)call->out + batch * s->out[0] + head * s->out[1] + top * s->out[2];
  T most[QUERY_BLOCK];
  double total[QUERY_BLOCK];
  for (intptr_t r = 0; r < rows; r++) most[r] = -INFINITY, total[r] = 0;
  uint32_t words[KEY_BLOCK];

  const intptr_t end = s->causal && top + rows < s->keys ? top + rows : s->keys;
  for (intptr_t first = 0; first < end; first += KEY_BLOCK) {
    const intptr_t n = end - first < KEY_BLOCK ? end - first : KEY_BLOCK;
    N(transpose_block)(n, s->width, k + first * s->k[2], s->k[2], turned, KEY_BLOCK);
    for (intptr_t group = 0; group < rows; group += ROW_GROUP) {
      const intptr_t count = rows - group < ROW_GROUP ? rows - group : ROW_GROUP;
      const intptr_t width = N(seen_keys)(s, top + group + count - 1, first, n);
      if (width == 0) continue;
      N(multiply_block)(count, (width + LANES - 1) / LANES * LANES, s->width, q + group * s->q[2], s->q[2], 1, turned,
                        KEY_BLOCK, scores, KEY_BLOCK, false);
      for (intptr_t i = 0; i < count; i++) {
        const intptr_t r = group + i, seen = N(seen_keys)(s, top + r, first, n);
        T *const row = scores + i * KEY_BLOCK;
        const T factor = N(mask_scores)(s, batch, head, top + r, first, seen, row);
        const T peak = seen > 0 ? N(max_of_row)(seen, row) * factor : -INFINITY;
        if (!(peak <= most[r])) {  // a NaN passes
          if (first > 0 && most[r] > -INFINITY) {
            const T shrink = (T)exp((double)most[r] - (double)peak);
            total[r] *= (double)shrink;
            T *const y = out + r * s->out[2];
            INDEPENDENT
            for (intptr_t d = 0; d < s->value_width; d++) y[d] *= shrink;
          }
          most[r] = peak;
        }
        // Where nothing has been seen yet, the exponentials of −∞ are to be 0 rather than NaN.
        total[r] += (double)N(exponentials)(seen, width, factor, most[r] > -INFINITY || most[r] != most[r] ? most[r] : 0, row);
        if (s->dropout > 0) {
          N(dropout_words)(s, batch, head, top + r, first, words);
          N(drop)(s, words, seen, row);
        }
      }
      N(multiply_block)(count, s->value_width, width, scores, KEY_BLOCK, 1, v + first * s->v[2], s->v[2],
                        out + group * s->out[2], s->out[2], first > 0);
    }
  }
  for (intptr_t r = 0; r < rows; r++) {
    // A query that may attend to nothing gets zeros, and an infinite sum makes its weights zeros in the backward pass.
    const bool sees = total[r] != 0;
    const T scale = sees ? (T)(1 / total[r]) : 0;
    T *const y = out + r * s->out[2];
    INDEPENDENT
    for (intptr_t d = 0; d < s->value_width; d++) y[d] = sees ? y[d] * scale : 0;
    ((T *)call->log_sum_exp)[(batch * s->heads + head) * s->length + top + r] =
        sees ? (T)(log(total[r]) + (double)most[r]) : INFINITY;
  }
}

static void N(attention)(const attention_call *call, intptr_t begin, intptr_t end) {
  const gb_attention *const s = call->shape;
  const intptr_t blocks = (s->length + QUERY_BLOCK - 1) / QUERY_BLOCK;
  const size_t bytes = (size_t)((ROW_GROUP + s->width) * KEY_BLOCK) * sizeof(T);
  T *const buffer = gb_allocate(bytes);
  for (intptr_t unit = begin; unit < end; unit++) {
    const intptr_t row = unit / blocks, top = unit % blocks * QUERY_BLOCK;
    N(attend)(call, row / s->heads, row % s->heads, top, buffer, buffer + ROW_GROUP * KEY_BLOCK);
  }
  gb_free(buffer, bytes);
}

/// Where one piece of the backward pass keeps its blocks.
typedef struct {
  T *weights, *slopes;             // [QUERY_BLOCK, KEY_BLOCK]: P, and the gradient of the scores
  T *turned_keys, *turned_values;  // [width, KEY_BLOCK]
  T *products;                     // [heads per key head, length]: Σ dOut·Out
} N(attention_buffers);

/// P and the scores' gradient for some rows of a block: dS = P∘(dP − Σ dOut·Out)·scale.
static void N(score_gradients)(const attention_call *call, const N(attention_buffers) *buffers, intptr_t batch, intptr_t head,
                               intptr_t top, intptr_t group, intptr_t count, intptr_t first, intptr_t n, intptr_t width) {
  const gb_attention *const s = call->shape;
  const T *const q = (const T *)call->q + batch * s->q[0] + head * s->q[1] + (top + group) * s->q[2];
  const T *const g = (const T *)call->g + batch * s->g[0] + head * s->g[1] + (top + group) * s->g[2];
  const T *const products = buffers->products + head % (s->heads / s->key_heads) * s->length;
  const T *const log_sum_exp = (const T *)call->log_sum_exp + (batch * s->heads + head) * s->length;
  T *const weights = buffers->weights + group * KEY_BLOCK, *const slopes = buffers->slopes + group * KEY_BLOCK;
  const intptr_t whole = (width + LANES - 1) / LANES * LANES;
  N(multiply_block)(count, whole, s->width, q, s->q[2], 1, buffers->turned_keys, KEY_BLOCK, weights, KEY_BLOCK, false);
  N(multiply_block)(count, whole, s->value_width, g, s->g[2], 1, buffers->turned_values, KEY_BLOCK, slopes, KEY_BLOCK, false);
  uint32_t words[KEY_BLOCK];
  for (intptr_t i = 0; i < count; i++) {
    const intptr_t query = top + group + i, seen = N(seen_keys)(s, query, first, n);
    T *const p = weights + i * KEY_BLOCK, *const ds = slopes + i * KEY_BLOCK;
    const T factor = N(mask_scores)(s, batch, head, query, first, seen, p);
    N(exponentials)(seen, n, factor, log_sum_exp[query], p);
    if (s->dropout > 0) {
      N(dropout_words)(s, batch, head, query, first, words);
      N(drop)(s, words, seen, ds);
    }
    const T product = products[query], scale = (T)s->scale;
    INDEPENDENT
    for (intptr_t j = 0; j < seen; j++) ds[j] = p[j] * (ds[j] - product) * scale;
    for (intptr_t j = seen; j < n; j++) ds[j] = 0;
    if (s->dropout > 0) N(drop)(s, words, seen, p);
  }
}

/// All gradients of one key head of one batch.
static void N(attend_backwards)(const attention_call *call, const N(attention_buffers) *buffers, intptr_t batch, intptr_t key_head) {
  const gb_attention *const s = call->shape;
  const intptr_t heads = s->heads / s->key_heads;
  const T *const k = (const T *)call->k + batch * s->k[0] + key_head * s->k[1];
  const T *const v = (const T *)call->v + batch * s->v[0] + key_head * s->v[1];
  T *const dk = (T *)call->dk + batch * s->dk[0] + key_head * s->dk[1];
  T *const dv = (T *)call->dv + batch * s->dv[0] + key_head * s->dv[1];
  for (intptr_t h = 0; h < heads; h++) {
    const intptr_t head = key_head * heads + h;
    for (intptr_t i = 0; i < s->length; i++) {
      const T *const g = (const T *)call->g + batch * s->g[0] + head * s->g[1] + i * s->g[2];
      const T *const y = (const T *)call->out_in + batch * s->out[0] + head * s->out[1] + i * s->out[2];
      V sum = {0};
      intptr_t d = 0;
      for (; d + LANES <= s->value_width; d += LANES) sum += VLOAD(g + d) * VLOAD(y + d);
      if (d < s->value_width) sum += load_part(s->value_width - d, g + d, 0) * load_part(s->value_width - d, y + d, 0);
      buffers->products[h * s->length + i] = sum_lanes(sum);
    }
  }
  for (intptr_t first = 0; first < s->keys; first += KEY_BLOCK) {
    const intptr_t n = s->keys - first < KEY_BLOCK ? s->keys - first : KEY_BLOCK;
    N(transpose_block)(n, s->width, k + first * s->k[2], s->k[2], buffers->turned_keys, KEY_BLOCK);
    N(transpose_block)(n, s->value_width, v + first * s->v[2], s->v[2], buffers->turned_values, KEY_BLOCK);
    bool adds = false;
    for (intptr_t h = 0; h < heads; h++) {
      const intptr_t head = key_head * heads + h;
      // Queries before the first key see nothing here.
      for (intptr_t top = s->causal ? first / QUERY_BLOCK * QUERY_BLOCK : 0; top < s->length; top += QUERY_BLOCK) {
        const intptr_t rows = s->length - top < QUERY_BLOCK ? s->length - top : QUERY_BLOCK;
        const T *const q = (const T *)call->q + batch * s->q[0] + head * s->q[1] + top * s->q[2];
        const T *const g = (const T *)call->g + batch * s->g[0] + head * s->g[1] + top * s->g[2];
        T *const dq = (T *)call->dq + batch * s->dq[0] + head * s->dq[1] + top * s->dq[2];
        for (intptr_t group = 0; group < rows; group += ROW_GROUP) {
          const intptr_t count = rows - group < ROW_GROUP ? rows - group : ROW_GROUP;
          const intptr_t width = N(seen_keys)(s, top + group + count - 1, first, n);
          N(score_gradients)(call, buffers, batch, head, top, group, count, first, n, width);
          if (width > 0 || first == 0) {
            N(multiply_block)(count, s->width, width, buffers->slopes + group * KEY_BLOCK, KEY_BLOCK, 1, k + first * s->k[2],
                              s->k[2], dq + group * s->dq[2], s->dq[2], first > 0);
          }
        }
        for (intptr_t group = 0; group < n; group += ROW_GROUP) {
          const intptr_t count = n - group < ROW_GROUP ? n - group : ROW_GROUP;
          const intptr_t ahead = s->causal && first + group > top ? first + group - top : 0, skipped = ahead < rows ? ahead : rows;
          N(multiply_block)(count, s->value_width, rows - skipped, buffers->weights + skipped * KEY_BLOCK + group, 1, KEY_BLOCK,
                            g + skipped * s->g[2], s->g[2], dv + (first + group) * s->dv[2], s->dv[2], adds);
          N(multiply_block)(count, s->width, rows - skipped, buffers->slopes + skipped * KEY_BLOCK + group, 1, KEY_BLOCK,
                            q + skipped * s->q[2], s->q[2], dk + (first + group) * s->dk[2], s->dk[2], adds);
        }
        adds = true;
      }
    }
    for (intptr_t j = first; !adds && j < first + n; j++) {
      memset(dk + j * s->dk[2], 0, (size_t)s->width * sizeof(T));
      memset(dv + j * s->dv[2], 0, (size_t)s->value_width * sizeof(T));
    }
  }
}

static void N(attention_gradient)(const attention_call *call, intptr_t begin, intptr_t end) {
  const gb_attention *const s = call->shape;
  const intptr_t block = QUERY_BLOCK * KEY_BLOCK, products = s->heads / s->key_heads * s->length;
  const size_t bytes = (size_t)(2 * block + (s->width + s->value_width) * KEY_BLOCK + products) * sizeof(T);
  T *const buffer = gb_allocate(bytes), *const turned = buffer + 2 * block;
  const N(attention_buffers) buffers = {buffer, buffer + block, turned, turned + s->width * KEY_BLOCK,
                                        turned + (s->width + s->value_width) * KEY_BLOCK};
  for (intptr_t unit = begin; unit < end; unit++) {
    N(attend_backwards)(call, &buffers, unit / s->key_heads, unit % s->key_heads);
  }
  gb_free(buffer, bytes);
}
