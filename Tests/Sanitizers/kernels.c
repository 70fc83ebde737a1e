// Calls every kernel of every table with odd sizes on blocks of exactly the size it may touch, under AddressSanitizer and
// UndefinedBehaviorSanitizer: `scripts/sanitize` builds and runs it. What the kernels compute is the Swift tests' matter.

#include "CKernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

extern const gb_kernels gb_portable_kernels;
#if defined(__x86_64__)
extern const gb_kernels gb_avx2_kernels, gb_avx512_kernels;
#endif

static const gb_kernels *k;
static const intptr_t lengths[] = {0, 1, 2, 3, 5, 7, 8, 9, 15, 16, 17, 31, 33, 63, 65, 127, 257, 1000};
#define LENGTHS (sizeof lengths / sizeof *lengths)
#define BLOCKS 4096

static void *blocks[BLOCKS];
static int used;

static const size_t sizes[] = {4, 8, 2, 4, 8, 1, 1};

/// A block of n elements, no byte more, aligned to its elements alone.
static void *room(gb_dtype dtype, intptr_t n) {
  void *const block = malloc((size_t)n * sizes[dtype]);
  if (used == BLOCKS) abort();
  return blocks[used++] = block;
}

/// The same, with numbers between −2 and 2; 0 and 1 for bools.
static void *some(gb_dtype dtype, intptr_t n) {
  void *const block = room(dtype, n);
  for (intptr_t i = 0; i < n; i++) {
    const double x = (double)((i * 7 + 3) % 41) / 10 - 2;
    const float narrow = (float)x;
    uint32_t bits;
    memcpy(&bits, &narrow, 4);
    switch (dtype) {
    case GB_FLOAT32: ((float *)block)[i] = narrow; break;
    case GB_FLOAT64: ((double *)block)[i] = x; break;
    case GB_BFLOAT16: ((uint16_t *)block)[i] = (uint16_t)(bits >> 16); break;
    case GB_INT32: ((int32_t *)block)[i] = (int32_t)(x * 10); break;
    case GB_INT64: ((int64_t *)block)[i] = (int64_t)(x * 10); break;
    case GB_UINT8: ((uint8_t *)block)[i] = (uint8_t)(x * 10 + 20); break;
    case GB_BOOL: ((uint8_t *)block)[i] = x > 0; break;
    }
  }
  return block;
}

/// Positions in 0..<below.
static int64_t *positions(intptr_t n, intptr_t below) {
  int64_t *const block = room(GB_INT64, n);
  for (intptr_t i = 0; i < n; i++) block[i] = (i * 5 + 1) % (below > 0 ? below : 1);
  return block;
}

static void release(void) {
  while (used > 0) free(blocks[--used]);
}

static bool is_floating(gb_dtype dtype) { return dtype <= GB_BFLOAT16; }
static bool is_wide(gb_dtype dtype) { return dtype <= GB_FLOAT64; }

static void filling(gb_dtype d, intptr_t n) {
  k->fill(d, n, 1, room(d, n));
  if (d != GB_BOOL) k->range(d, n, 0, 1, room(d, n));
  for (gb_dtype to = GB_FLOAT32; to <= GB_BOOL; to++) {
    // A matrix as it stands, transposed, backwards, with gaps, and a row for all.
    const intptr_t shape[2] = {n, 3}, dense[2] = {3, 1}, columns[2] = {1, n}, wide[2] = {6, 2}, row[2] = {0, 1}, back[2] = {-3, -1};
    k->copy(2, shape, d, dense, some(d, 3 * n), to, dense, room(to, 3 * n));
    k->copy(2, shape, d, columns, some(d, 3 * n), to, dense, room(to, 3 * n));
    k->copy(2, shape, d, dense, some(d, 3 * n), to, columns, room(to, 3 * n));
    k->copy(2, shape, d, row, some(d, 3), to, dense, room(to, 3 * n));
    if (n == 0) continue;
    k->copy(2, shape, d, wide, some(d, 6 * n - 1), to, dense, room(to, 3 * n));
    k->copy(2, shape, d, back, (char *)some(d, 3 * n) + (size_t)(3 * n - 1) * sizes[d], to, dense, room(to, 3 * n));
  }
}

static bool takes_unary(gb_unary_op op, gb_dtype d) {
  if (op == GB_NOT) return d == GB_BOOL;
  if (is_floating(d)) return true;
  return d != GB_BOOL && (op == GB_NEGATE || op == GB_ABS || op == GB_SIGN || op == GB_SQUARE || op == GB_RELU);
}

static bool takes_binary(gb_binary_op op, gb_dtype d) {
  if (op >= GB_AND && op <= GB_XOR) return !is_floating(d);
  if (op == GB_ATAN2 || op == GB_HYPOT || op >= GB_TANH_GRADIENT) return is_floating(d);
  return d != GB_BOOL || op == GB_EQUAL || op == GB_NOT_EQUAL;
}

static void elementwise(gb_dtype d, intptr_t n) {
  for (gb_unary_op op = GB_NEGATE; op <= GB_NOT; op++) {
    if (takes_unary(op, d)) k->unary(op, d, n, some(d, n), room(op >= GB_IS_NAN ? GB_BOOL : d, n));
  }
  const intptr_t shape[2] = {n, 3}, dense[2] = {3, 1}, row[2] = {0, 1}, column[2] = {1, 0}, transposed[2] = {1, n};
  for (gb_binary_op op = GB_ADD; op <= GB_RELU_GRADIENT; op++) {
    if (!takes_binary(op, d)) continue;
    const gb_dtype to = op >= GB_EQUAL && op <= GB_GREATER_EQUAL ? GB_BOOL : d;
    k->binary_flat(op, d, n, 1, some(d, n), 1, some(d, n), room(to, n));
    k->binary_flat(op, d, n, 0, some(d, 1), 1, some(d, n), room(to, n));
    k->binary_flat(op, d, n, 1, some(d, n), 0, some(d, 1), room(to, n));
    k->binary(op, d, 2, shape, dense, some(d, 3 * n), row, some(d, 3), room(to, 3 * n));
    k->binary(op, d, 2, shape, transposed, some(d, 3 * n), column, some(d, n), room(to, 3 * n));
    release();
  }
  k->where(d, 2, shape, dense, some(GB_BOOL, 3 * n), column, some(d, n), row, some(d, 3), room(d, 3 * n));
  k->where(d, 2, shape, row, some(GB_BOOL, 3), dense, some(d, 3 * n), transposed, some(d, 3 * n), room(d, 3 * n));
  if (d != GB_BOOL) k->clamp(d, n, some(d, n), -1, 1, room(d, n));
  if (!is_floating(d)) return;
  for (gb_activation op = GB_GELU; op <= GB_POLYGAMMA; op++) {
    k->activation(op, d, n, some(d, n), 2, 1, room(d, n));
    if (op != GB_POLYGAMMA) k->activation_gradient(op, d, n, some(d, n), some(d, n), 2, 1, room(d, n));
  }
}

static gb_dtype reduced(gb_reduce_op op, gb_dtype d) {
  if (op == GB_ARGMAX || op == GB_ARGMIN) return GB_INT64;
  if (op == GB_ALL || op == GB_ANY) return GB_BOOL;
  return op <= GB_PRODUCT && !is_floating(d) ? GB_INT64 : d;
}

static void rows(gb_dtype d, intptr_t n) {
  for (intptr_t inner = 1; inner <= 35; inner += 17) {
    for (gb_reduce_op op = GB_SUM; op <= GB_ARGMIN; op++) {
      if ((op == GB_ALL || op == GB_ANY) != (d == GB_BOOL) && !(d == GB_BOOL && op == GB_SUM)) continue;
      if (op == GB_DEVIATIONS && !is_floating(d)) continue;
      if (n == 0 && (op == GB_MAX || op == GB_MIN || op >= GB_ARGMAX)) continue;
      k->reduce(op, d, 3, n, inner, some(d, 3 * n * inner), room(reduced(op, d), 3 * inner));
    }
    for (gb_scan_op op = GB_SCAN_SUM; op <= GB_SCAN_LOG_SUM_EXP; op++) {
      if (d == GB_BOOL || (op == GB_SCAN_LOG_SUM_EXP && !is_floating(d))) continue;
      const bool extreme = op == GB_SCAN_MAX || op == GB_SCAN_MIN;
      k->scan(op, d, 3, n, inner, some(d, 3 * n * inner), room(d, 3 * n * inner), extreme ? room(GB_INT64, 3 * n * inner) : NULL);
    }
    release();
  }
  k->sort_positions(d, 3, n, n, false, some(d, 3 * n), room(GB_INT64, 3 * n));
  k->sort_positions(d, 3, n, n / 2, true, some(d, 3 * n), room(GB_INT64, 3 * (n / 2)));
  if (d != GB_BOOL) {
    k->search_sorted(d, 3, n, 5, false, true, some(d, 3 * n), some(d, 15), room(GB_INT64, 15));
    k->search_sorted(d, 3, n, 5, true, false, some(d, n), some(d, 15), room(GB_INT64, 15));
  }
  if (!is_floating(d)) return;
  void *const x = some(d, 3 * n), *const g = some(d, 3 * n), *const y = room(d, 3 * n);
  k->softmax(d, 3, n, x, y);
  k->softmax_gradient(d, 3, n, g, x, y);
  k->log_softmax(d, 3, n, x, y);
  k->log_softmax_gradient(d, 3, n, g, x, y);
  if (n == 0) return;
  void *const logs = room(d, 3);
  int64_t *const labels = positions(3, n);
  k->cross_entropy(d, 3, n, x, labels, room(d, 3), logs);
  k->cross_entropy_gradient(d, 3, n, x, labels, logs, some(d, 3), y);
}

static void indexing(gb_dtype d, intptr_t n) {
  const intptr_t count = 11;
  for (intptr_t inner = 1; inner <= 9; inner += 4) {
    const intptr_t all = 2 * n * inner, chosen = n == 0 ? 0 : 2 * count * inner, few = n == 0 ? 0 : count;
    int64_t *const flat = positions(few, n), *const full = positions(chosen, n);
    k->index_select(d, 2, n, inner, few, some(d, all), flat, room(d, chosen));
    k->gather(d, 2, n, inner, few, some(d, all), full, room(d, chosen));
    if (d != GB_BOOL) {
      k->index_add(d, 2, n, inner, few, some(d, chosen), flat, some(d, all));
      k->scatter_add(d, 2, n, inner, few, some(d, chosen), full, some(d, all));
    }
    for (gb_scatter_op op = GB_SCATTER_ASSIGN; op <= (d == GB_BOOL ? GB_SCATTER_ASSIGN : GB_SCATTER_MIN); op++) {
      k->scatter(op, d, 2, n, inner, few, some(d, chosen), full, some(d, all));
    }
    if (d != GB_BOOL && n > 0) k->embedding_gradient(d, n, inner, few, some(d, few * inner), flat, 1, room(d, n * inner));
    // A position that is out of range is found before anything is written.
    if (few > 0) {
      flat[few - 1] = n;
      k->index_select(d, 2, n, inner, few, some(d, all), flat, room(d, chosen));
    }
  }
  const intptr_t trues = k->nonzero(n, some(GB_BOOL, n), NULL);
  k->nonzero(n, some(GB_BOOL, n), room(GB_INT64, trues));
}

static void windows(gb_dtype d, intptr_t width) {
  if (!is_floating(d)) return;
  for (intptr_t kernel = 1; kernel <= 3; kernel++) {
    for (intptr_t stride = 1; stride <= 2; stride++) {
      const intptr_t size[2] = {4, width}, window[2] = {2, kernel}, step[2] = {1, stride}, pad[2] = {1, kernel / 2};
      const intptr_t spread[2] = {2, 1}, one[2] = {1, 1};
      const intptr_t length = (width + 2 * pad[1] - kernel) / stride + 1;
      if (width + 2 * pad[1] < kernel) continue;
      const intptr_t out[2] = {4, length}, plain[2] = {5, length};  // rows: 4 + 2 − 2·(2 − 1) − 1 + 1, and 4 + 2 − 1 − 1 + 1
      k->max_pool(d, 3, size, window, step, pad, spread, out, some(d, 12 * width), room(d, 12 * length), room(GB_INT64, 12 * length));
      for (int count = 0; count < 2; count++) {
        k->average_pool(d, 3, size, window, step, pad, count, 0, plain, some(d, 12 * width), room(d, 15 * length));
        k->average_pool_gradient(d, 3, size, window, step, pad, count, 0, plain, some(d, 15 * length), room(d, 12 * width));
      }
      // A last window that reaches beyond the padding, as far as it may.
      const intptr_t beyond = (width + pad[1] - 1) / stride + 1, more[2] = {5, beyond}, even[2] = {1, 1};
      k->max_pool(d, 3, size, window, step, pad, even, more, some(d, 12 * width), room(d, 15 * beyond), room(GB_INT64, 15 * beyond));
      for (int count = 0; count < 2; count++) {
        k->average_pool(d, 3, size, window, step, pad, count, 0, more, some(d, 12 * width), room(d, 15 * beyond));
        k->average_pool_gradient(d, 3, size, window, step, pad, count, 0, more, some(d, 15 * beyond), room(d, 12 * width));
      }
      k->unfold(d, 3, size, window, step, pad, spread, out, some(d, 12 * width), room(d, 3 * 2 * kernel * 4 * length));
      k->fold(d, 3, size, window, step, pad, one, plain, some(d, 3 * 2 * kernel * 5 * length), room(d, 12 * width));
      release();
    }
  }
}

static void normalisation(gb_dtype d, intptr_t n) {
  void *const x = some(d, 12 * n), *const g = some(d, 12 * n), *const y = room(d, 12 * n), *const mean = room(d, 12), *const r = room(d, 12);
  k->moments(d, 3, 4, n, x, mean, r);
  k->channel_affine(d, 3, 4, n, x, mean, r, some(d, 4), y);
  k->batch_norm_gradient(d, 3, 4, n, g, x, mean, some(d, 4), some(d, 4), y, room(d, 4), room(d, 4));
  k->moments(d, 3, n, 4, x, room(d, n), room(d, n));
  k->channel_affine(d, 12, n, 1, x, some(d, n), some(d, n), some(d, n), y);
  k->batch_norm_gradient(d, 12, n, 1, g, x, some(d, n), some(d, n), some(d, n), y, room(d, n), room(d, n));
  k->row_norm(d, 12, n, 1e-5, x, some(d, n), some(d, n), y, mean, r);
  k->row_norm_gradient(d, 12, n, g, x, mean, r, some(d, n), y, room(d, n), room(d, n));
  k->row_norm(d, 12, n, 1e-5, x, NULL, NULL, y, NULL, r);
  k->row_norm_gradient(d, 12, n, g, x, NULL, r, NULL, y, NULL, NULL);
  k->group_norm(d, 3, 4, 2, n, 1e-5, x, some(d, 4), some(d, 4), y, room(d, 6), room(d, 6));
  k->group_norm_gradient(d, 3, 4, 2, n, g, x, some(d, 6), some(d, 6), some(d, 4), y, room(d, 4), room(d, 4));
}

static void recurrence(gb_dtype d, intptr_t hidden) {
  if (hidden == 0 || hidden > 40) return;
  const intptr_t time = 3, batch = 5, all = time * batch;
  for (gb_cell cell = GB_RNN_TANH; cell <= GB_LSTM; cell++) {
    const intptr_t gates = (cell == GB_LSTM ? 4 : cell == GB_GRU ? 3 : 1) * hidden;
    for (int variant = 0; variant < 4; variant++) {
      gb_recurrence layer = {
        .cell = cell, .time = time, .batch = batch, .hidden = hidden, .reversed = variant & 1,
        .lengths = variant & 2 ? positions(batch, time + 1) : NULL, .weight = some(d, gates * hidden),
        .candidate_bias = cell == GB_GRU ? some(d, hidden) : NULL, .gates = some(d, all * gates),
        .candidates = cell == GB_GRU ? room(d, all * hidden) : NULL, .states = some(d, (all + batch) * hidden),
        .cells = cell == GB_LSTM ? some(d, (all + batch) * hidden) : NULL};
      k->recurrence(d, &layer);
      void *const dgates = room(d, all * gates);
      const gb_recurrence_gradient gradient = {
        .g = some(d, all * hidden), .dstate = some(d, batch * hidden), .dcell = cell == GB_LSTM ? some(d, batch * hidden) : NULL,
        .dgates = dgates, .dproducts = cell == GB_GRU ? room(d, all * gates) : dgates};
      memset(gradient.dstate, 0, (size_t)(batch * hidden) * sizes[d]);
      k->recurrence_gradient(d, &layer, &gradient);
      release();
    }
  }
}

static void alignment(gb_dtype d, intptr_t classes) {
  if (classes < 4 || classes > 40) return;
  int64_t *const inputs = positions(3, 5), *const targets = positions(3, 4), *const labels = room(GB_INT64, 12), *const starts = room(GB_INT64, 3);
  for (int i = 0; i < 12; i++) labels[i] = 1 + i % 3;
  for (int i = 0; i < 3; i++) starts[i] = 4 * i;
  const intptr_t row = k->ctc_row(3);
  const gb_ctc sequences = {
    .time = 4, .batch = 3, .classes = classes, .log_probabilities = some(d, 12 * classes), .input_lengths = inputs,
    .target_lengths = targets, .targets = labels, .target_starts = starts, .alpha_row = row,
    .alphas = room(GB_FLOAT64, 12 * row), .losses = room(GB_FLOAT64, 3)};
  k->ctc(d, &sequences);
  void *const out = room(d, 12 * classes);
  memset(out, 0, (size_t)(12 * classes) * sizes[d]);
  k->ctc_gradient(d, &sequences, some(d, 3), out);
}

static void attention(gb_dtype d, intptr_t length) {
  if (length == 0 || length > 257) return;
  const intptr_t batch = 1, heads = 2, width = 5, value_width = 3, keys = length + 2;
  const intptr_t queries_size = batch * heads * length, keys_size = batch * heads * keys;
  for (int variant = 0; variant < 8; variant++) {
    const bool adds = variant & 2;
    gb_attention shape = {
      .batch = batch, .heads = heads, .key_heads = heads, .length = length, .keys = keys, .width = width, .value_width = value_width,
      .scale = 0.4, .causal = variant & 1, .mask_adds = adds, .mask = variant & 4 ? some(adds ? d : GB_BOOL, length * keys) : NULL,
      .mask_steps = {0, 0, keys, 1}, .dropout = variant == 7 ? 0.25 : 0, .seed = 3};
    const intptr_t q[3] = {heads * length * width, length * width, width}, key[3] = {heads * keys * width, keys * width, width};
    const intptr_t v[3] = {heads * keys * value_width, keys * value_width, value_width};
    const intptr_t out[3] = {heads * length * value_width, length * value_width, value_width};
    memcpy(shape.q, q, sizeof q), memcpy(shape.dq, q, sizeof q), memcpy(shape.k, key, sizeof q), memcpy(shape.dk, key, sizeof q);
    memcpy(shape.v, v, sizeof q), memcpy(shape.dv, v, sizeof q), memcpy(shape.out, out, sizeof q), memcpy(shape.g, out, sizeof q);
    void *const x = some(d, queries_size * width), *const y = some(d, keys_size * width), *const z = some(d, keys_size * value_width);
    void *const result = room(d, queries_size * value_width), *const logs = room(d, queries_size);
    k->attention(d, &shape, x, y, z, result, logs);
    k->attention_gradient(
      d, &shape, some(d, queries_size * value_width), x, y, z, result, logs, room(d, queries_size * width), room(d, keys_size * width),
      room(d, keys_size * value_width));
    release();
  }
}

static void randomness(gb_dtype d, intptr_t n) {
  if (is_floating(d)) {
    k->random_uniform(d, n, 1, 2, -1, 1, room(d, n));
    k->random_normal(d, n, 1, 2, 0, 1, room(d, n));
    k->dropout(d, n, 1, 2, 0.5, some(d, n), room(d, n), room(GB_BOOL, n));
  } else if (d != GB_BOOL) {
    k->random_integers(d, n, 1, 2, 0, 100, room(d, n));
  }
  k->random_bernoulli(d, n, 1, 2, 0, some(GB_FLOAT32, 1), room(d, n));
  k->random_bernoulli(d, n, 1, 2, 1, some(GB_FLOAT32, n), room(d, n));
  k->random_words(n, 1, 2, room(GB_INT32, 4 * n));
  k->random_permutation(n, 1, 2, room(GB_INT64, n));
}

static void optimisers(gb_dtype d, intptr_t n) {
  const gb_adam adam = {0.9, 0.999, 0.1, 0.99, 0.01, 0.001, 1, 1e-8};
  const gb_step step = {0.1, 0.01, 0.9, 0.99, 0.9, 1e-8};
  void *const p = some(d, n), *const g = some(d, n), *const a = room(d, n), *const b = room(d, n), *const c = room(d, n);
  k->fill(d, n, 1, a), k->fill(d, n, 2, b), k->fill(d, n, 3, c);
  k->sgd(d, n, p, g, a, 0.1, 0.9, 0.01, true, false);
  k->sgd(d, n, p, g, NULL, 0.1, 0, 0, false, true);
  k->adam(d, n, p, g, a, b, c, &adam);
  k->adam(d, n, p, g, a, b, NULL, &adam);
  k->adagrad(d, n, p, g, a, &step);
  k->adadelta(d, n, p, g, a, b, &step);
  k->rms_prop(d, n, p, g, a, b, c, &step);
  k->rms_prop(d, n, p, g, a, NULL, NULL, &step);
  k->adamax(d, n, p, g, a, b, &step);
  k->lion(d, n, p, g, a, &step);
}

static void fourier(gb_dtype d, intptr_t n) {
  if (n == 0) return;
  const gb_fourier_shape shape = {d == GB_FLOAT64, 3, n, 0.5};
  void *const x = some(d, 6 * n), *const y = room(d, 6 * n), *const half = room(d, 6 * (n / 2 + 1));
  gb_fourier(shape, false, x, y);
  gb_fourier(shape, true, x, y);
  gb_fourier_real(shape, some(d, 3 * n), half);
  gb_fourier_hermitian(shape, half, room(d, 3 * n));
}

static void all_of(gb_dtype d, intptr_t n) {
  void (*const every[])(gb_dtype, intptr_t) = {filling, elementwise, rows, indexing, windows, randomness};
  void (*const floating[])(gb_dtype, intptr_t) = {normalisation, recurrence, alignment, attention, optimisers, fourier};
  for (size_t i = 0; i < sizeof every / sizeof *every; i++) every[i](d, n), release();
  for (size_t i = 0; is_wide(d) && i < sizeof floating / sizeof *floating; i++) floating[i](d, n), release();
}

int main(void) {
  const gb_kernels *tables[3] = {&gb_portable_kernels};
  int count = 1;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) tables[count++] = &gb_avx2_kernels;
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq")
      && __builtin_cpu_supports("avx512vl")) {
    tables[count++] = &gb_avx512_kernels;
  }
#endif
  for (int table = 0; table < count; table++) {
    k = tables[table];
    for (size_t i = 0; i < LENGTHS; i++) {
      for (gb_dtype d = GB_FLOAT32; d <= GB_BOOL; d++) all_of(d, lengths[i]);
    }
    printf("kernels: %s is clean\n", k->name);
  }
  return 0;
}
