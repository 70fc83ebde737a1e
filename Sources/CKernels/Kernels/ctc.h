// Connectionist temporal classification (Graves et al., 2006): sums over all alignments of a target with a longer input.
//
// A target l₁ … l_L is extended to S = 2L + 1 labels with blanks around each of its own. α_t(s) is the logarithm of the
// probability of all ways to have read s labels of it after step t (their equation 6), β_t(s) that of all ways on from there,
// without step t itself. Both are kept in float64, whatever the dtype: sums of many tiny probabilities.

/// Around the S numbers of a row: two places before for s − 1 and s − 2, and whole vectors behind, which also hold s + 1 and s + 2.
static intptr_t ctc_row(intptr_t labels) { return 2 + (labels + 2 + F64_LANES - 1) / F64_LANES * F64_LANES; }

/// Minus infinity takes part in no difference.
#define CTC_FLOOR -0x1p1000

/// log(eᵃ + eᵇ + eᶜ)
VECTOR_FUNCTION vf64 log_sum_of_three(vf64 a, vf64 b, vf64 c) {
  const vf64 most = vmax(SPLAT(vf64, CTC_FLOOR), vmax(a, vmax(b, c)));
  return most + vlog(vexp(a - most) + vexp(b - most) + vexp(c - most));
}

typedef struct {
  const gb_ctc *c;
  gb_dtype dtype;
  /// The gradient's; null in the forward pass.
  const void *g;
  void *out;
} ctc_call;

/// One sequence of the batch: its extended labels, and whether the label two places before may be skipped to (0, else −∞).
typedef struct {
  intptr_t b, time, labels, row, width;
  int64_t *label;
  double *skip;
} ctc_sequence;

static ctc_sequence open_sequence(const gb_ctc *c, intptr_t b) {
  const intptr_t labels = 2 * c->target_lengths[b] + 1, row = ctc_row(labels);
  ctc_sequence s = {.b = b, .time = c->input_lengths[b], .labels = labels, .row = row, .width = row - 2};
  s.skip = gb_allocate((size_t)row * 16);
  s.label = (int64_t *)(s.skip + row);
  for (intptr_t i = 0; i < row; i++) {
    s.label[i] = i % 2 == 1 && i < labels ? c->targets[c->target_starts[b] + i / 2] : c->blank;
    s.skip[i] = i % 2 == 1 && i > 1 && i < labels && s.label[i] != s.label[i - 2] ? 0 : -INFINITY;
  }
  return s;
}

static void close_sequence(const ctc_sequence *s) { gb_free(s->skip, (size_t)s->row * 16); }

/// The log-probabilities of the extended labels at a step; −∞ beyond them.
static void emit(const ctc_call *call, const ctc_sequence *s, intptr_t t, double *out) {
  const gb_ctc *const c = call->c;
  const intptr_t start = (t * c->batch + s->b) * c->classes;
  for (intptr_t i = 0; i < s->labels; i++) {
    const intptr_t at = start + s->label[i];
    out[i] = call->dtype == GB_FLOAT32 ? (double)((const float *)c->log_probabilities)[at] : ((const double *)c->log_probabilities)[at];
  }
  for (intptr_t i = s->labels; i < s->width; i++) out[i] = -INFINITY;
}

static double log_sum_of_two(double a, double b) {
  const double most = a > b ? a : b;
  return most == -INFINITY ? most : most + log(exp(a - most) + exp(b - most));
}

static void ctc_forward(const ctc_call *call, const ctc_sequence *s) {
  const gb_ctc *const c = call->c;
  double *alphas = c->alphas + s->b * c->time * c->alpha_row, *const emission = gb_allocate((size_t)s->row * 8);
  double loss = c->target_lengths[s->b] == 0 ? 0 : INFINITY;
  for (intptr_t t = 0; t < s->time; t++) {
    double *const now = alphas + t * c->alpha_row + 2;
    const double *const before = now - c->alpha_row;
    emit(call, s, t, emission);
    now[-2] = now[-1] = -INFINITY;
    if (t == 0) {
      for (intptr_t i = 0; i < s->width; i++) now[i] = i < 2 ? emission[i] : -INFINITY;
      continue;
    }
    for (intptr_t i = 0; i < s->width; i += F64_LANES) {
      const vf64 sum = log_sum_of_three(load_f64(before + i), load_f64(before + i - 1),
                                        load_f64(before + i - 2) + load_f64(s->skip + i));
      store_f64(now + i, sum + load_f64(emission + i));
    }
  }
  if (s->time > 0) {
    const double *const last = alphas + (s->time - 1) * c->alpha_row + 2;
    loss = -log_sum_of_two(last[s->labels - 1], s->labels > 1 ? last[s->labels - 2] : -INFINITY);
  }
  c->losses[s->b] = loss;
  gb_free(emission, (size_t)s->row * 8);
}

/// out[t, b, k] = −g·Σ_{s: l_s = k} e^(α_t(s) + β_t(s) + loss): how much of all alignments' probability is at k at step t.
static void ctc_backward(const ctc_call *call, const ctc_sequence *s) {
  const gb_ctc *const c = call->c;
  const double *const alphas = c->alphas + s->b * c->time * c->alpha_row, loss = c->losses[s->b];
  const double g = call->dtype == GB_FLOAT32 ? (double)((const float *)call->g)[s->b] : ((const double *)call->g)[s->b];
  if (g == 0) return;  // also where the loss is infinite
  const size_t bytes = (size_t)s->row * 8;
  double *const beta = gb_allocate(3 * bytes), *const next = beta + s->row, *const emission = next + s->row;
  for (intptr_t t = s->time - 1; t >= 0; t--) {
    if (t == s->time - 1) {
      for (intptr_t i = 0; i < s->width; i++) beta[i] = i == s->labels - 1 || i == s->labels - 2 ? 0 : -INFINITY;
    } else {
      emit(call, s, t + 1, emission);
      for (intptr_t i = 0; i < s->width; i++) next[i] = beta[i] + emission[i];
      next[s->width] = next[s->width + 1] = -INFINITY;
      for (intptr_t i = 0; i < s->labels; i++) emission[i] = next[i] + s->skip[i];
      emission[s->width] = emission[s->width + 1] = -INFINITY;
      for (intptr_t i = s->labels; i < s->width; i++) emission[i] = -INFINITY;
      for (intptr_t i = 0; i + 2 <= s->width; i += F64_LANES) {
        const intptr_t n = s->width - i < F64_LANES ? s->width - i : F64_LANES;
        const vf64 sum = log_sum_of_three(load_part(n, next + i, -INFINITY), load_f64(next + i + 1), load_f64(emission + i + 2));
        store_part(n, beta + i, sum);
      }
      for (intptr_t i = s->labels; i < s->width; i++) beta[i] = -INFINITY;
    }
    const intptr_t start = (t * c->batch + s->b) * c->classes;
    for (intptr_t i = 0; i < s->labels; i++) {
      const double share = g * exp(alphas[t * c->alpha_row + 2 + i] + beta[i] + loss);
      if (call->dtype == GB_FLOAT32) ((float *)call->out)[start + s->label[i]] -= (float)share;
      else ((double *)call->out)[start + s->label[i]] -= share;
    }
  }
  gb_free(beta, 3 * bytes);
}

static void ctc_piece(void *context, intptr_t begin, intptr_t end) {
  const ctc_call *const call = context;
  for (intptr_t b = begin; b < end; b++) {
    const ctc_sequence s = open_sequence(call->c, b);
    if (call->out == NULL) ctc_forward(call, &s); else ctc_backward(call, &s);
    close_sequence(&s);
  }
}

static void ctc(gb_dtype dtype, const gb_ctc *c) {
  if (dtype > GB_FLOAT64) gb_unsupported("ctc", 0, dtype);
  gb_split(c->batch, 1, ctc_piece, &(ctc_call){.c = c, .dtype = dtype});
}

static void ctc_gradient(gb_dtype dtype, const gb_ctc *c, const void *g, void *out) {
  gb_split(c->batch, 1, ctc_piece, &(ctc_call){.c = c, .dtype = dtype, .g = g, .out = out});
}

/// What a row of α takes for targets of up to this many labels.
static intptr_t ctc_alpha_row(intptr_t longest) { return ctc_row(2 * longest + 1); }
