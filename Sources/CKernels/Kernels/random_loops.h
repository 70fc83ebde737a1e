// Random floats from a piece of random words (included by each_float.h for float32 and float64). `words` holds whole
// vectors' worth, beyond what n elements need.

/// Element k in [0, 1): 24 bits of one word, or 53 of two.
static inline T N(unit)(const uint32_t *words, intptr_t k) {
  if (sizeof(T) == 4) return (T)(words[k] >> 8) * (T)0x1p-24;
  return (T)(int64_t)((((uint64_t)words[2 * k + 1] << 32) | words[2 * k]) >> 11) * (T)0x1p-53;
}

static void N(uniform)(intptr_t n, const uint32_t *words, double low_, double high_, T *out) {
  const T low = (T)low_, high = (T)high_, range = high - low;
  // Rounding may reach `high`, which is outside.
  const T below = sizeof(T) == 4 ? (T)nextafterf((float)high, -INFINITY) : (T)nextafter((double)high, -INFINITY);
  const T last = high > low ? below : high;
  for (intptr_t i = 0; i < n; i++) {
    const T x = low + N(unit)(words, i) * range;
    out[i] = x < last ? x : last;
  }
}

/// Box & Muller, "A note on the generation of random normal deviates", 1958: √(−2 ln u)·(cos 2πv, sin 2πv).
static void N(normal)(intptr_t n, const uint32_t *words, double mean_, double deviation_, T *out) {
  const T mean = (T)mean_, deviation = (T)deviation_;
  T u[PIECE_WORDS / 2], v[PIECE_WORDS / 2];
  const intptr_t pairs = (n + 2 * LANES - 1) / (2 * LANES) * LANES;
  for (intptr_t i = 0; i < pairs; i++) {
    // For float32 all 32 bits of the word, so that the tails reach 6.7 deviations. Never 0.
    u[i] = sizeof(T) == 4 ? ((T)words[2 * i] + (T)0.5) * (T)0x1p-32 : N(unit)(words, 2 * i) + (T)0x1p-54;
    v[i] = (T)6.283185307179586 * N(unit)(words, 2 * i + 1);
  }
  for (intptr_t i = 0; i < pairs; i += LANES) {
    const V radius = __builtin_elementwise_sqrt(-2 * vlog(VLOAD(u + i))) * deviation, angle = VLOAD(v + i);
    VSTORE(u + i, radius * vcos(angle));
    VSTORE(v + i, radius * vsin(angle));
  }
  for (intptr_t i = 0; i < n / 2; i++) {
    out[2 * i] = mean + u[i];
    out[2 * i + 1] = mean + v[i];
  }
  if (n % 2 != 0) out[n - 1] = mean + u[n / 2];
}
