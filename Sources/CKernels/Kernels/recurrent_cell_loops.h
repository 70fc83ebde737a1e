// One step of a recurrent cell for a row, and its gradient (included by each_float.h for float32 and float64).
//
// `u` is the first of the n units at hand, of `hidden`; gates stand one after the other, each of `hidden` units.

/// One row of the arrays of a step.
typedef struct {
  intptr_t hidden;
  T *gates, *candidates;
  const T *before, *cell_before;
  T *after, *cell;
  const T *candidate_bias;
} N(step_row);

/// The same on the way back.
typedef struct {
  intptr_t hidden;
  const T *gates, *candidates, *before, *cell_before, *after, *cell, *g;
  T *dstate, *dcell, *dgates, *dproducts;
} N(step_row_back);

static inline __attribute__((always_inline)) V N(load_units)(intptr_t n, const T *p) {
  return n == LANES ? VLOAD(p) : load_part(n, p, 0);
}
static inline __attribute__((always_inline)) void N(store_units)(intptr_t n, T *p, V v) {
  if (n == LANES) VSTORE(p, v); else store_part(n, p, v);
}

/// `sums`: what the state adds to each gate.
static void N(lstm_units)(const N(step_row) *s, intptr_t u, intptr_t n, const T *sums) {
  const intptr_t h = s->hidden;
  T *const gates = s->gates + u;
  const V i = vsigmoid(N(load_units)(n, gates) + VLOAD(sums));
  const V f = vsigmoid(N(load_units)(n, gates + h) + VLOAD(sums + LANES));
  const V g = vtanh(N(load_units)(n, gates + 2 * h) + VLOAD(sums + 2 * LANES));
  const V o = vsigmoid(N(load_units)(n, gates + 3 * h) + VLOAD(sums + 3 * LANES));
  const V c = f * N(load_units)(n, s->cell_before + u) + i * g;
  N(store_units)(n, gates, i);
  N(store_units)(n, gates + h, f);
  N(store_units)(n, gates + 2 * h, g);
  N(store_units)(n, gates + 3 * h, o);
  N(store_units)(n, s->cell + u, c);
  N(store_units)(n, s->after + u, o * vtanh(c));
}

static void N(gru_units)(const N(step_row) *s, intptr_t u, intptr_t n, const T *sums) {
  const intptr_t h = s->hidden;
  T *const gates = s->gates + u;
  const V r = vsigmoid(N(load_units)(n, gates) + VLOAD(sums));
  const V z = vsigmoid(N(load_units)(n, gates + h) + VLOAD(sums + LANES));
  V q = VLOAD(sums + 2 * LANES);
  if (s->candidate_bias != NULL) q += N(load_units)(n, s->candidate_bias + u);
  const V c = vtanh(N(load_units)(n, gates + 2 * h) + r * q);
  N(store_units)(n, gates, r);
  N(store_units)(n, gates + h, z);
  N(store_units)(n, gates + 2 * h, c);
  N(store_units)(n, s->candidates + u, q);
  N(store_units)(n, s->after + u, c + z * (N(load_units)(n, s->before + u) - c));
}

static void N(rnn_units)(const N(step_row) *s, bool relu, intptr_t u, intptr_t n, const T *sums) {
  const V x = N(load_units)(n, s->gates + u) + VLOAD(sums);
  N(store_units)(n, s->after + u, relu ? vselect(x < 0, (V){0}, x) : vtanh(x));
}

/// The gradients of the gates before their activations; `dstate` is left with what reaches the state before by other ways
/// than the product with the weight.
static void N(lstm_units_back)(const N(step_row_back) *s, intptr_t u, intptr_t n) {
  const intptr_t h = s->hidden;
  const T *const gates = s->gates + u;
  T *const d = s->dgates + u;
  const V i = N(load_units)(n, gates), f = N(load_units)(n, gates + h), g = N(load_units)(n, gates + 2 * h);
  const V o = N(load_units)(n, gates + 3 * h), c = vtanh(N(load_units)(n, s->cell + u));
  const V dh = N(load_units)(n, s->dstate + u) + N(load_units)(n, s->g + u);
  const V dc = N(load_units)(n, s->dcell + u) + dh * o * (1 - c * c);
  N(store_units)(n, d, dc * g * i * (1 - i));
  N(store_units)(n, d + h, dc * N(load_units)(n, s->cell_before + u) * f * (1 - f));
  N(store_units)(n, d + 2 * h, dc * i * (1 - g * g));
  N(store_units)(n, d + 3 * h, dh * c * o * (1 - o));
  N(store_units)(n, s->dcell + u, dc * f);
  N(store_units)(n, s->dstate + u, (V){0});
}

static void N(gru_units_back)(const N(step_row_back) *s, intptr_t u, intptr_t n) {
  const intptr_t h = s->hidden;
  const T *const gates = s->gates + u;
  const V r = N(load_units)(n, gates), z = N(load_units)(n, gates + h), c = N(load_units)(n, gates + 2 * h);
  const V dh = N(load_units)(n, s->dstate + u) + N(load_units)(n, s->g + u);
  const V dc = dh * (1 - z) * (1 - c * c);
  const V dr = dc * N(load_units)(n, s->candidates + u) * r * (1 - r);
  const V dz = dh * (N(load_units)(n, s->before + u) - c) * z * (1 - z);
  N(store_units)(n, s->dgates + u, dr);
  N(store_units)(n, s->dgates + u + h, dz);
  N(store_units)(n, s->dgates + u + 2 * h, dc);
  N(store_units)(n, s->dproducts + u, dr);
  N(store_units)(n, s->dproducts + u + h, dz);
  N(store_units)(n, s->dproducts + u + 2 * h, dc * r);
  N(store_units)(n, s->dstate + u, dh * z);
}

static void N(rnn_units_back)(const N(step_row_back) *s, bool relu, intptr_t u, intptr_t n) {
  const V y = N(load_units)(n, s->after + u);
  const V dh = N(load_units)(n, s->dstate + u) + N(load_units)(n, s->g + u);
  N(store_units)(n, s->dgates + u, relu ? vselect(y > 0, dh, (V){0}) : dh * (1 - y * y));
  N(store_units)(n, s->dstate + u, (V){0});
}
