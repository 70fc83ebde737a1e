// The rows begin ..< end of a recurrent layer through all time steps, forwards and backwards (included by each_float.h for
// float32 and float64). Rows do not depend on each other.

/// Lays the weight out in panels: on the way forward the columns are the gates of LANES units (or STATE_VECTORS·LANES units of
/// the only gate), on the way back STATE_VECTORS·LANES units.
static void N(pack_weight)(const recurrence_call *call, T *packed) {
  const gb_recurrence *const r = call->r;
  const intptr_t h = r->hidden, k = call->k;
  const T *const weight = r->weight;
  for (intptr_t panel = 0; panel < call->panels; panel++) {
    intptr_t columns[STATE_VECTORS];
    const T *from[STATE_VECTORS];
    for (int v = 0; v < call->vectors; v++) {
      const bool by_gate = call->gates > 1 && !call->is_backward;
      const intptr_t u = (by_gate ? panel : panel * STATE_VECTORS + v) * LANES;
      columns[v] = h - u < 0 ? 0 : h - u < LANES ? h - u : LANES;
      from[v] = call->is_backward ? weight + u : weight + ((by_gate ? v * h : 0) + u) * h;
    }
    N(pack_panel)(k, call->vectors, columns, from, call->is_backward ? 1 : h, call->is_backward ? h : 1,
                  packed + panel * k * call->vectors * LANES);
  }
}

/// The products that were given instead of a weight, as multiply_panel would leave them.
static void N(take_products)(const recurrence_call *call, intptr_t row, intptr_t rows, intptr_t panel, T *sums) {
  const gb_recurrence *const r = call->r;
  const intptr_t h = r->hidden, width = call->vectors * LANES;
  for (intptr_t i = 0; i < rows; i++) {
    const T *const products = (const T *)r->products + (row + i) * call->gates * h;
    for (int v = 0; v < call->vectors; v++) {
      const intptr_t u = (call->gates > 1 ? panel : panel * STATE_VECTORS + v) * LANES;
      for (intptr_t l = 0; l < LANES; l++) {
        sums[i * width + v * LANES + l] = u + l < h ? products[(call->gates > 1 ? v * h : 0) + u + l] : 0;
      }
    }
  }
}

/// One row's step for the units of one panel, given what its state adds to the gates.
static void N(step_row_units)(const recurrence_call *call, intptr_t t, intptr_t i, intptr_t panel, const T *sums) {
  const gb_recurrence *const r = call->r;
  const intptr_t h = r->hidden, before = ((r->reversed ? t + 1 : t) * r->batch + i) * h;
  const intptr_t after = ((r->reversed ? t : t + 1) * r->batch + i) * h;
  const N(step_row) s = {
    .hidden = h,
    .gates = (T *)r->gates + (t * r->batch + i) * call->gates * h,
    .candidates = r->candidates == NULL ? NULL : (T *)r->candidates + (t * r->batch + i) * h,
    .before = (const T *)r->states + before,
    .after = (T *)r->states + after,
    .cell_before = r->cells == NULL ? NULL : (const T *)r->cells + before,
    .cell = r->cells == NULL ? NULL : (T *)r->cells + after,
    .candidate_bias = r->candidate_bias,
  };
  const bool is_over = r->lengths != NULL && t >= r->lengths[i];
  for (int block = 0; block < (call->gates == 1 ? STATE_VECTORS : 1); block++) {
    const intptr_t u = call->gates == 1 ? (panel * STATE_VECTORS + block) * LANES : panel * LANES;
    if (u >= h) break;
    const intptr_t n = h - u < LANES ? h - u : LANES;
    if (is_over) {
      N(store_units)(n, s.after + u, N(load_units)(n, s.before + u));
      if (s.cell != NULL) N(store_units)(n, s.cell + u, N(load_units)(n, s.cell_before + u));
    } else {
      switch (r->cell) {
        case GB_LSTM: N(lstm_units)(&s, u, n, sums); break;
        case GB_GRU: N(gru_units)(&s, u, n, sums); break;
        case GB_RNN_TANH: case GB_RNN_RELU: N(rnn_units)(&s, r->cell == GB_RNN_RELU, u, n, sums + block * LANES);
      }
    }
  }
}

static void N(recurrence_rows)(const recurrence_call *call, intptr_t begin, intptr_t end) {
  const gb_recurrence *const r = call->r;
  const intptr_t h = r->hidden, width = call->vectors * LANES;
  const size_t bytes = (size_t)((end - begin) * width) * sizeof(T);
  T *const sums = gb_allocate(bytes);
  for (intptr_t step = 0; step < r->time; step++) {
    const intptr_t t = r->reversed ? r->time - 1 - step : step;
    const T *const before = (const T *)r->states + ((r->reversed ? t + 1 : t) * r->batch + begin) * h;
    for (intptr_t panel = 0; panel < call->panels; panel++) {
      if (r->products != NULL) {
        N(take_products)(call, begin, end - begin, panel, sums);
      } else {
        N(multiply_panel)(end - begin, call->vectors, h, before, h, (const T *)call->packed + panel * h * width, sums);
      }
      for (intptr_t i = begin; i < end; i++) N(step_row_units)(call, t, i, panel, sums + (i - begin) * width);
    }
  }
  gb_free(sums, bytes);
}

/// One row's step on the way back, up to the product with the weight.
static void N(step_back)(const recurrence_call *call, intptr_t t, intptr_t row) {
  const gb_recurrence *const r = call->r;
  const gb_recurrence_gradient *const d = call->d;
  const intptr_t h = r->hidden, at = t * r->batch + row;
  const intptr_t before = ((r->reversed ? t + 1 : t) * r->batch + row) * h, after = ((r->reversed ? t : t + 1) * r->batch + row) * h;
  const N(step_row_back) s = {
    .hidden = h,
    .gates = (const T *)r->gates + at * call->gates * h,
    .candidates = r->candidates == NULL ? NULL : (const T *)r->candidates + at * h,
    .before = (const T *)r->states + before,
    .after = (const T *)r->states + after,
    .cell_before = r->cells == NULL ? NULL : (const T *)r->cells + before,
    .cell = r->cells == NULL ? NULL : (const T *)r->cells + after,
    .g = (const T *)d->g + at * h,
    .dstate = (T *)d->dstate + row * h,
    .dcell = d->dcell == NULL ? NULL : (T *)d->dcell + row * h,
    .dgates = (T *)d->dgates + at * call->gates * h,
    .dproducts = (T *)d->dproducts + at * call->gates * h,
  };
  if (r->lengths != NULL && t >= r->lengths[row]) {
    memset(s.dgates, 0, (size_t)(call->gates * h) * sizeof(T));
    memset(s.dproducts, 0, (size_t)(call->gates * h) * sizeof(T));
    for (intptr_t u = 0; u < h; u++) s.dstate[u] += s.g[u];
    return;
  }
  for (intptr_t u = 0; u < h; u += LANES) {
    const intptr_t n = h - u < LANES ? h - u : LANES;
    switch (r->cell) {
      case GB_LSTM: N(lstm_units_back)(&s, u, n); break;
      case GB_GRU: N(gru_units_back)(&s, u, n); break;
      case GB_RNN_TANH: case GB_RNN_RELU: N(rnn_units_back)(&s, r->cell == GB_RNN_RELU, u, n);
    }
  }
}

static void N(recurrence_gradient_rows)(const recurrence_call *call, intptr_t begin, intptr_t end) {
  const gb_recurrence *const r = call->r;
  const intptr_t h = r->hidden, width = STATE_VECTORS * LANES, k = call->k;
  const size_t bytes = (size_t)((end - begin) * width) * sizeof(T);
  T *const sums = gb_allocate(bytes);
  for (intptr_t step = r->time - 1; step >= 0; step--) {
    const intptr_t t = r->reversed ? r->time - 1 - step : step;
    for (intptr_t row = begin; row < end; row++) N(step_back)(call, t, row);
    if (r->weight == NULL) continue;
    const T *const dproducts = (const T *)call->d->dproducts + (t * r->batch + begin) * k;
    for (intptr_t panel = 0; panel < call->panels; panel++) {
      N(multiply_panel)(end - begin, STATE_VECTORS, k, dproducts, k, (const T *)call->packed + panel * k * width, sums);
      for (intptr_t i = begin; i < end; i++) {
        T *const dstate = (T *)call->d->dstate + i * h;
        for (int v = 0; v < STATE_VECTORS; v++) {
          const intptr_t u = (panel * STATE_VECTORS + v) * LANES, n = h - u < LANES ? h - u : LANES;
          if (n <= 0) break;
          N(store_units)(n, dstate + u, N(load_units)(n, dstate + u) + VLOAD(sums + (i - begin) * width + v * LANES));
        }
      }
    }
  }
  gb_free(sums, bytes);
}
