// Inverted dropout for one floating dtype (included by each_float.h).

static void N(dropout)(intptr_t n, const uint32_t *words, double p, const void *x_, void *out_, uint8_t *mask) {
  const T *const x = x_;
  T *const out = out_;
  const float kept = (float)(1 - p);
  const C scale = p < 1 ? (C)(1 / (1 - p)) : 0;
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) {
    const bool keeps = (float)(words[i] >> 8) * 0x1p-24f < kept;
    mask[i] = keeps;
    out[i] = STORE(keeps ? LOAD(x[i]) * scale : 0);
  }
}
