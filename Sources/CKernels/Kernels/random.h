// Random numbers from Philox4x32-10, whose words depend on (seed, position) alone: element i always uses the same words,
// wherever a piece of work begins.

/// Words generated at a time; they stay in the nearest cache.
#define PIECE_WORDS 1024

/// Vectors of counters that go through the rounds side by side: one alone would wait for its own multiplications.
#define SIDE_BY_SIDE 4

/// Blocks first ..< first + count, rounded up to a multiple of SIDE_BY_SIDE vectors, for which `out` must have room.
static void philox_blocks(intptr_t count, uint64_t seed, uint64_t first, uint32_t *out) {
  const uint64_t low_half = 0xffffffff;
  vu64 lane;
  for (int k = 0; k < F64_LANES; k++) lane[k] = (uint64_t)k;
  for (intptr_t i = 0; i < count; i += SIDE_BY_SIDE * F64_LANES) {
    // Each 32-bit value stands in a lane of 64, where the products fit. What gathers in the upper halves is ignored: the
    // multiplication reads the lower ones.
    vu64 c0[SIDE_BY_SIDE], c1[SIDE_BY_SIDE], c2[SIDE_BY_SIDE], c3[SIDE_BY_SIDE];
    for (int s = 0; s < SIDE_BY_SIDE; s++) {
      const vu64 counter = lane + (first + (uint64_t)(i + s * F64_LANES));
      c0[s] = counter;
      c1[s] = counter >> 32;
      c2[s] = c3[s] = (vu64){0};
    }
    uint32_t k0 = (uint32_t)seed, k1 = (uint32_t)(seed >> 32);
    for (int round = 0; round < PHILOX_ROUNDS; round++) {
      _Pragma("clang loop unroll(full)")
      for (int s = 0; s < SIDE_BY_SIDE; s++) {
        const vu64 p0 = (c0[s] & low_half) * PHILOX_M0, p1 = (c2[s] & low_half) * PHILOX_M1;
        c0[s] = (p1 >> 32) ^ c1[s] ^ k0;
        c2[s] = (p0 >> 32) ^ c3[s] ^ k1;
        c1[s] = p1;
        c3[s] = p0;
      }
      k0 += PHILOX_W0;
      k1 += PHILOX_W1;
    }
    for (int s = 0; s < SIDE_BY_SIDE; s++) {
      const vu64 front = (c0[s] & low_half) | c1[s] << 32, back = (c2[s] & low_half) | c3[s] << 32;
      const vu64 words[2] = {ZIP_FRONT(F64_LANES, front, back), ZIP_BACK(F64_LANES, front, back)};
      memcpy(out + 4 * (i + s * F64_LANES), words, sizeof words);
    }
  }
}

#define FILE "random_loops.h"
#define WITHOUT_BF16
#include "each_float.h"
#define FILE "dropout_loops.h"
#include "each_float.h"

typedef enum { WORDS, UNIFORM, NORMAL, INTEGERS, BERNOULLI, DROPOUT } random_kind;

typedef struct {
  random_kind kind;
  gb_dtype dtype;
  uint64_t seed, position;
  intptr_t words_per_element;
  double low, high;  // or mean and deviation
  int64_t first;
  uint64_t range;
  const float *p;
  intptr_t p_stride;
  double probability;
  const char *x;
  char *out;
  uint8_t *mask;
  uint64_t one;
  bool streamed;
} random_call;

static void integers(const random_call *call, intptr_t n, const uint32_t *words, void *out) {
  const uint64_t first = (uint64_t)call->first, range = call->range;
#define EACH(T)                                                                                                 \
  for (intptr_t i = 0; i < n; i++) {                                                                            \
    const uint64_t bits = ((uint64_t)words[2 * i + 1] << 32) | words[2 * i];                                    \
    ((T *)out)[i] = (T)(first + (uint64_t)(((unsigned __int128)bits * range) >> 64));                           \
  }
  switch (call->dtype) {
    case GB_INT32: EACH(int32_t) break;
    case GB_INT64: EACH(int64_t) break;
    default: EACH(uint8_t) break;
  }
#undef EACH
}

static void bernoulli(const random_call *call, intptr_t first, intptr_t n, const uint32_t *words, void *out) {
  const float *const p = call->p + first * call->p_stride;
  _Alignas(64) float spread[PIECE_WORDS];
  if (call->p_stride != 1) {
    for (intptr_t i = 0; i < n; i++) spread[i] = p[i * call->p_stride];
  }
  const float *const probability = call->p_stride == 1 ? p : spread;
  // A local copy, since writing the output could change the call, for all that the compiler knows.
  const uint64_t one = call->one;
#define EACH(U)                                                                                                 \
  INDEPENDENT                                                                                                   \
  for (intptr_t i = 0; i < n; i++) {                                                                            \
    ((U *)out)[i] = (float)(words[i] >> 8) * 0x1p-24f < probability[i] ? (U)one : 0;                            \
  }
  switch (gb_size_of(call->dtype)) {
    case 1: EACH(any8) break;
    case 2: EACH(any16) break;
    case 4: EACH(any32) break;
    default: EACH(any64) break;
  }
#undef EACH
}

static void random_bfloat16(const random_call *call, intptr_t n, const uint32_t *words, bf16 *out) {
  float exact[PIECE_WORDS];
  if (call->kind == NORMAL) {
    normal_f32(n, words, call->low, call->high, exact);
    to_bf16_f32(n, exact, out);
    return;
  }
  uniform_f32(n, words, call->low, call->high, exact);
  // Down, towards −∞, so as not to reach the upper end.
  for (intptr_t i = 0; i < n; i++) {
    uint32_t bits;
    memcpy(&bits, exact + i, sizeof bits);
    out[i] = (bf16)((bits + (bits >> 31 ? 0xffff : 0)) >> 16);
  }
}

/// Elements; begin is a multiple of PIECE_WORDS.
static void random_piece(void *context, intptr_t begin, intptr_t end) {
  const random_call *const call = context;
  _Alignas(64) uint32_t words[PIECE_WORDS];
  _Alignas(64) char buffer[PIECE_WORDS * 8];
  const intptr_t per_round = PIECE_WORDS / call->words_per_element;
  const size_t size = call->kind == WORDS ? 4 : gb_size_of(call->dtype);
  for (intptr_t i = begin; i < end; i += per_round) {
    const intptr_t n = end - i < per_round ? end - i : per_round;
    // Whole vectors of pairs, for the normal deviates.
    const intptr_t blocks = (n * call->words_per_element + 2 * F32_LANES - 1) / (2 * F32_LANES) * (2 * F32_LANES) / 4;
    philox_blocks(blocks, call->seed, call->position + (uint64_t)(i * call->words_per_element / 4), words);
    char *const out = call->streamed ? buffer : call->out + (size_t)i * size;
    switch (call->kind) {
      case WORDS: memcpy(out, words, (size_t)n * 4); break;
      case UNIFORM:
        if (call->dtype == GB_FLOAT32) uniform_f32(n, words, call->low, call->high, (float *)out);
        else if (call->dtype == GB_FLOAT64) uniform_f64(n, words, call->low, call->high, (double *)out);
        else random_bfloat16(call, n, words, (bf16 *)out);
        break;
      case NORMAL:
        if (call->dtype == GB_FLOAT32) normal_f32(n, words, call->low, call->high, (float *)out);
        else if (call->dtype == GB_FLOAT64) normal_f64(n, words, call->low, call->high, (double *)out);
        else random_bfloat16(call, n, words, (bf16 *)out);
        break;
      case INTEGERS: integers(call, n, words, out); break;
      case BERNOULLI: bernoulli(call, i, n, words, out); break;
      case DROPOUT: OF_FLOATS(call->dtype, dropout, n, words, call->probability, call->x + (size_t)i * size, out, call->mask + i)
    }
    if (call->streamed) stream((size_t)n * size, buffer, call->out + (size_t)i * size);
  }
  if (call->streamed) end_stream();
}

static void random_split(intptr_t n, random_call *call) {
  const size_t size = call->kind == WORDS ? 4 : gb_size_of(call->dtype);
  call->streamed = is_streamed((size_t)n * size, call->out, call->x, NULL);
  gb_split(n, GB_GRAIN / 4, random_piece, call);
}

static void random_words(intptr_t blocks, uint64_t seed, uint64_t position, uint32_t *out) {
  random_split(4 * blocks, &(random_call){.kind = WORDS, .seed = seed, .position = position, .words_per_element = 1,
                                          .out = (char *)out});
}

static void random_uniform(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double low, double high, void *out) {
  if (dtype > GB_BFLOAT16) gb_unsupported("random_uniform", 0, dtype);
  random_split(n, &(random_call){.kind = UNIFORM, .dtype = dtype, .seed = seed, .position = position, .low = low, .high = high,
                                 .words_per_element = dtype == GB_FLOAT64 ? 2 : 1, .out = out});
}

static void random_normal(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double mean, double deviation,
                          void *out) {
  if (dtype > GB_BFLOAT16) gb_unsupported("random_normal", 0, dtype);
  random_split(n, &(random_call){.kind = NORMAL, .dtype = dtype, .seed = seed, .position = position, .low = mean,
                                 .high = deviation, .words_per_element = dtype == GB_FLOAT64 ? 2 : 1, .out = out});
}

static void random_integers(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, int64_t low, int64_t high, void *out) {
  if (dtype < GB_INT32) gb_unsupported("random_integers", 0, dtype);
  random_split(n, &(random_call){.kind = INTEGERS, .dtype = dtype, .seed = seed, .position = position, .first = low,
                                 .range = (uint64_t)high - (uint64_t)low, .words_per_element = 2, .out = out});
}

static void random_bernoulli(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, intptr_t p_stride, const float *p,
                             void *out) {
  random_call call = {.kind = BERNOULLI, .dtype = dtype, .seed = seed, .position = position, .words_per_element = 1,
                      .p_stride = p_stride, .p = p, .out = out};
  scalar_of(dtype, 1, &call.one);
  random_split(n, &call);
}

static void dropout(gb_dtype dtype, intptr_t n, uint64_t seed, uint64_t position, double p, const void *x, void *out,
                    uint8_t *mask) {
  if (dtype > GB_BFLOAT16) gb_unsupported("dropout", 0, dtype);
  random_split(n, &(random_call){.kind = DROPOUT, .dtype = dtype, .seed = seed, .position = position, .words_per_element = 1,
                                 .probability = p, .x = x, .out = out, .mask = mask});
}

/// Fisher & Yates's shuffle as Durstenfeld gave it (Communications of the ACM, 1964), from the end.
static void random_permutation(intptr_t n, uint64_t seed, uint64_t position, int64_t *out) {
  _Alignas(64) uint32_t words[PIECE_WORDS];
  for (intptr_t i = 0; i < n; i++) out[i] = i;
  for (intptr_t done = 0; done < n; done += PIECE_WORDS / 2) {
    philox_blocks(PIECE_WORDS / 4, seed, position + (uint64_t)done / 2, words);
    const intptr_t end = n - done < PIECE_WORDS / 2 ? n - done : PIECE_WORDS / 2;
    for (intptr_t k = 0; k < end; k++) {
      const intptr_t last = n - 1 - done - k;
      const uint64_t bits = ((uint64_t)words[2 * k + 1] << 32) | words[2 * k];
      const intptr_t chosen = (intptr_t)(((unsigned __int128)bits * (uint64_t)(last + 1)) >> 64);
      const int64_t moved = out[last];
      out[last] = out[chosen];
      out[chosen] = moved;
    }
  }
}
