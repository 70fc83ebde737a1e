// Adding at indices, for one dtype (included by each_number.h).

static void N(add_row)(intptr_t n, const void *x_, void *out_) {
  const T *const x = x_;
  T *const out = out_;
  INDEPENDENT
  for (intptr_t i = 0; i < n; i++) out[i] = STORE((W)LOAD(out[i]) + (W)LOAD(x[i]));
}

/// Element i goes to out[index[i]·step + i·advance].
static void N(scatter_add_row)(intptr_t n, intptr_t step, intptr_t advance, const void *x_, const int64_t *index, void *out_) {
  const T *const x = x_;
  T *const out = out_;
  for (intptr_t i = 0; i < n; i++) {
    T *const target = out + index[i] * step + i * advance;
    *target = STORE((W)LOAD(*target) + (W)LOAD(x[i]));
  }
}
