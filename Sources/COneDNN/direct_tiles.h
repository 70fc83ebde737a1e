// The direct convolution's loops for one instruction set (each_instruction_set.h).

// [filters, vectors] and [filters, taps] of the tiles: up to 12 accumulators in 16 registers, up to 24 in 32.
#if REGISTERS >= 32
#define ACCUMULATORS 24
#define MOST_FILTERS 8
#define MOST_DOT_TAPS 6
#define EACH_SUM EACH_LARGE_SUM
#define EACH_DOT EACH_LARGE_DOT
#else
#define ACCUMULATORS 12
#define MOST_FILTERS 4
#define MOST_DOT_TAPS 3
#define EACH_SUM EACH_SMALL_SUM
#define EACH_DOT EACH_SMALL_DOT
#endif

static inline __attribute__((always_inline)) TARGET void SET(sum)(
    const int filters, const int vectors, const float *weights, const float *source, intptr_t plane, intptr_t planes,
    const intptr_t *offset, intptr_t taps, float *result, intptr_t result_plane) {
  SET(vector) sum[GB_MOST_FILTERS][GB_MOST_VECTORS];
  UNROLLED for (int f = 0; f < filters; f++) {
    UNROLLED for (int v = 0; v < vectors; v++) sum[f][v] = (SET(vector)){0};
  }
  for (intptr_t p = 0; p < planes; p++, source += plane) {
    for (intptr_t t = 0; t < taps; t++, weights += filters) {
      const float *from = source + offset[t];
      SET(vector) x[GB_MOST_VECTORS];
      UNROLLED for (int v = 0; v < vectors; v++) x[v] = *(const SET(vector) *)(from + v * LANES);
      UNROLLED for (int f = 0; f < filters; f++) {
        UNROLLED for (int v = 0; v < vectors; v++) sum[f][v] += weights[f] * x[v];
      }
    }
  }
  UNROLLED for (int f = 0; f < filters; f++) {
    UNROLLED for (int v = 0; v < vectors; v++) *(SET(vector) *)(result + f * result_plane + v * LANES) = sum[f][v];
  }
}

/// result[i] = the sum of sums[i]'s lanes; `count` is rounded up to fours.
/// Not inlined: beside the sums' loop it would cost them their registers.
static __attribute__((noinline)) TARGET void SET(add_all_lanes)(const SET(vector) *sums, intptr_t count,
                                                                float *result) {
  for (intptr_t i = 0; i < count; i += 4) *(quad *)(result + i) = SET(add_lanes)(sums + i);
}

static inline __attribute__((always_inline)) TARGET void SET(dot)(
    const int filters, const int taps, const float *g, intptr_t g_plane, intptr_t g_sample, const float *x,
    const intptr_t *offset, intptr_t x_sample, intptr_t samples, intptr_t length, float *result, intptr_t result_row) {
  SET(vector) sum[GB_MOST_DOT_FILTERS][GB_MOST_DOT_TAPS];
  UNROLLED for (int f = 0; f < filters; f++) {
    UNROLLED for (int t = 0; t < taps; t++) sum[f][t] = (SET(vector)){0};
  }
  for (intptr_t s = 0; s < samples; s++, g += g_sample, x += x_sample) {
    const float *from[GB_MOST_DOT_TAPS];
    UNROLLED for (int t = 0; t < taps; t++) from[t] = x + offset[t];
    for (intptr_t j = 0; j < length; j += LANES) {
      SET(vector) gs[GB_MOST_DOT_FILTERS];
      UNROLLED for (int f = 0; f < filters; f++) gs[f] = *(const SET(vector) *)(g + f * g_plane + j);
      UNROLLED for (int t = 0; t < taps; t++) {
        SET(vector) value = *(const SET(vector) *)(from[t] + j);
        UNROLLED for (int f = 0; f < filters; f++) sum[f][t] += gs[f] * value;
      }
    }
  }
  SET(vector) kept[GB_MOST_DOT_FILTERS * GB_MOST_DOT_TAPS];
  float totals[GB_MOST_DOT_FILTERS * GB_MOST_DOT_TAPS];
  UNROLLED for (int f = 0; f < filters; f++) {
    UNROLLED for (int t = 0; t < taps; t++) kept[f * taps + t] = sum[f][t];
  }
  SET(add_all_lanes)(kept, filters * taps, totals);
  UNROLLED for (int f = 0; f < filters; f++) {
    UNROLLED for (int t = 0; t < taps; t++) result[f * result_row + t] += totals[f * taps + t];
  }
}

// The next three copy rows by whole vectors that run over into what is written next, as long as that is inside `end`.

static TARGET void SET(pad_rows)(const float *source, const float *end, intptr_t source_row, intptr_t step,
                                 intptr_t rows, intptr_t before, intptr_t count, float *row, intptr_t pitch) {
  for (; rows > 0; rows--, source += source_row, row += pitch) {
    for (intptr_t e = 0; e < before; e += LANES) *(SET(vector) *)(row + e) = (SET(vector)){0};
    float *to = row + before;
    intptr_t e = 0;
    if (step == 1) {
      for (; e < count && source + e + LANES <= end; e += LANES) {
        *(SET(vector) *)(to + e) = *(const SET(vector) *)(source + e);
      }
    } else if (step == 2) {
      for (; e < count && source + 2 * (e + LANES) <= end; e += LANES) {
        SET(vector) a = *(const SET(vector) *)(source + 2 * e), b = *(const SET(vector) *)(source + 2 * e + LANES);
        *(SET(vector) *)(to + e) = __builtin_shufflevector(a, b, EVEN_LANES);
      }
    }
    for (; e < count; e++) to[e] = source[e * step];
    for (e = before + count; e < pitch; e += LANES) *(SET(vector) *)(row + e) = (SET(vector)){0};
  }
}

static TARGET void SET(write_rows)(const float *computed, intptr_t pitch, float bias, intptr_t rows, intptr_t columns,
                                   float *row, intptr_t result_row, const float *end) {
  for (; rows > 0; rows--, computed += pitch, row += result_row) {
    intptr_t e = 0;
    for (; e < columns && row + e + LANES <= end; e += LANES) {
      *(SET(vector) *)(row + e) = *(const SET(vector) *)(computed + e) + bias;
    }
    for (; e < columns; e++) row[e] = computed[e] + bias;
  }
}

/// row[2·e] = even[e], row[2·e + 1] = odd[e].
static TARGET void SET(interleave_row)(const float *even, const float *odd, float bias, intptr_t columns, float *row) {
  intptr_t e = 0;
  for (; e + 2 * LANES <= columns; e += 2 * LANES) {
    SET(vector) a = *(const SET(vector) *)(even + e / 2) + bias, b = *(const SET(vector) *)(odd + e / 2) + bias;
    *(SET(vector) *)(row + e) = __builtin_shufflevector(a, b, LOW_LANES);
    *(SET(vector) *)(row + e + LANES) = __builtin_shufflevector(a, b, HIGH_LANES);
  }
  for (; e < columns; e++) row[e] = (e % 2 ? odd : even)[e / 2] + bias;
}

#define SUM(F, V)                                                                                                     \
  static TARGET void SET(sum_##F##_##V)(const float *weights, const float *source, intptr_t plane, intptr_t planes,   \
                                        const intptr_t *offset, intptr_t taps, float *result, intptr_t result_plane) { \
    SET(sum)(F, V, weights, source, plane, planes, offset, taps, result, result_plane);                               \
  }
#define DOT(F, T)                                                                                                      \
  static TARGET void SET(dot_##F##_##T)(const float *g, intptr_t g_plane, intptr_t g_sample, const float *x,           \
                                        const intptr_t *offset, intptr_t x_sample, intptr_t samples, intptr_t length,  \
                                        float *result, intptr_t result_row) {                                          \
    SET(dot)(F, T, g, g_plane, g_sample, x, offset, x_sample, samples, length, result, result_row);                    \
  }

#define SUM_ENTRY(F, V) [F - 1][V - 1] = SET(sum_##F##_##V),
#define DOT_ENTRY(F, T) [F - 1][T - 1] = SET(dot_##F##_##T),

EACH_SUM(SUM)
EACH_DOT(DOT)

static const gb_direct_kernels SET(kernels) = {
    .lanes = LANES,
    .accumulators = ACCUMULATORS,
    .most_filters = MOST_FILTERS,
    .most_dot_taps = MOST_DOT_TAPS,
    .sum = {EACH_SUM(SUM_ENTRY)},
    .dot = {EACH_DOT(DOT_ENTRY)},
    .pad_rows = SET(pad_rows),
    .write_rows = SET(write_rows),
    .interleave_row = SET(interleave_row),
};

#undef SUM
#undef SUM_ENTRY
#undef DOT
#undef DOT_ENTRY
#undef EACH_SUM
#undef EACH_DOT
#undef ACCUMULATORS
#undef MOST_FILTERS
#undef MOST_DOT_TAPS
#undef EACH_SUM
#undef EACH_DOT
