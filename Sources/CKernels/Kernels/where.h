// out = condition ? a : b.

/// A row whose steps are 0 or 1 each; inlined for constant steps, so that each combination is vectorised.
#define WHERE_ROW(U)                                                                                                    \
  static inline __attribute__((always_inline)) void where_steps_##U(                                                    \
    intptr_t n, intptr_t c_step, const uint8_t *c, intptr_t a_step, const U *a, intptr_t b_step, const U *b, U *out) {  \
    INDEPENDENT                                                                                                         \
    for (intptr_t i = 0; i < n; i++) {                                                                                  \
      const U x = a[i * a_step], y = b[i * b_step];                                                                     \
      out[i] = c[i * c_step] ? x : y;                                                                                   \
    }                                                                                                                   \
  }                                                                                                                     \
  static void where_row_##U(intptr_t n, intptr_t c_step, const uint8_t *c, intptr_t a_step, const void *a,              \
                            intptr_t b_step, const void *b, void *out) {                                                \
    if (c_step == 1 && a_step == 1 && b_step == 1) where_steps_##U(n, 1, c, 1, a, 1, b, out);                           \
    else if (c_step == 1 && a_step == 1 && b_step == 0) where_steps_##U(n, 1, c, 1, a, 0, b, out);                      \
    else if (c_step == 1 && a_step == 0 && b_step == 1) where_steps_##U(n, 1, c, 0, a, 1, b, out);                      \
    else where_steps_##U(n, c_step, c, a_step, a, b_step, b, out);                                                      \
  }
WHERE_ROW(any8)
WHERE_ROW(any16)
WHERE_ROW(any32)
WHERE_ROW(any64)
#undef WHERE_ROW

typedef struct {
  size_t size;
  const uint8_t *condition;
  const char *a, *b;
  char *out;
  const gb_walk *walk;
  bool streamed;
} where_call;

static void where_row_of_size(size_t size, intptr_t n, intptr_t c_step, const uint8_t *c, intptr_t a_step, const void *a,
                              intptr_t b_step, const void *b, void *out) {
  switch (size) {
    case 1: where_row_any8(n, c_step, c, a_step, a, b_step, b, out); break;
    case 2: where_row_any16(n, c_step, c, a_step, a, b_step, b, out); break;
    case 4: where_row_any32(n, c_step, c, a_step, a, b_step, b, out); break;
    default: where_row_any64(n, c_step, c, a_step, a, b_step, b, out); break;
  }
}

// The operands of the walks: 0 is the output, 1 the condition, 2 is a, 3 is b.

static void where_walk_row(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n) {
  const where_call *const call = context;
  const intptr_t last = walk->rank - 1, size = (intptr_t)call->size;
  const intptr_t c_step = walk->strides[1][last], a_step = walk->strides[2][last], b_step = walk->strides[3][last];
  const uint8_t *const condition = call->condition + offsets[1];
  const char *const a = call->a + offsets[2] * size, *const b = call->b + offsets[3] * size;
  char *const out = call->out + offsets[0] * size;
  if (!call->streamed) {
    where_row_of_size(call->size, n, c_step, condition, a_step, a, b_step, b, out);
    return;
  }
  _Alignas(64) char buffer[SPREAD * 8];
  for (intptr_t i = 0; i < n; i += SPREAD) {
    const intptr_t m = n - i < SPREAD ? n - i : SPREAD;
    where_row_of_size(call->size, m, c_step, condition + i * c_step, a_step, a + i * a_step * size, b_step,
                      b + i * b_step * size, buffer);
    stream((size_t)(m * size), buffer, out + i * size);
  }
  end_stream();
}

static void where_gathered_piece(void *context, intptr_t begin, intptr_t end) {
  const where_call *const call = context;
  _Alignas(64) char a[SPREAD * 8], b[SPREAD * 8];
  uint8_t condition[SPREAD];
  for (intptr_t i = begin; i < end; i += SPREAD) {
    const intptr_t n = end - i < SPREAD ? end - i : SPREAD;
    gb_walk_gather(call->walk, 1, 1, call->condition, i, n, condition);
    gb_walk_gather(call->walk, 2, call->size, call->a, i, n, a);
    gb_walk_gather(call->walk, 3, call->size, call->b, i, n, b);
    where_row_of_size(call->size, n, 1, condition, 1, a, 1, b, call->out + (size_t)i * call->size);
  }
}

static void where(gb_dtype dtype, intptr_t rank, const intptr_t *sizes, const intptr_t *condition_strides, const void *condition,
                  const intptr_t *a_strides, const void *a, const intptr_t *b_strides, const void *b, void *out) {
  intptr_t out_strides[GB_MAX_RANK];
  gb_row_major(rank, sizes, out_strides);
  const gb_walk walk =
    gb_walk_make(rank, sizes, 4, (const intptr_t *const[]){out_strides, condition_strides, a_strides, b_strides});
  where_call call = {gb_size_of(dtype), condition, a, b, out, &walk,
                     is_streamed((size_t)walk.count * gb_size_of(dtype), out, a, b)};
  if (walk.rank == 1 || walk.sizes[walk.rank - 1] >= SHORT_ROW) gb_walk_rows(&walk, where_walk_row, &call);
  else gb_split(walk.count, GB_GRAIN, where_gathered_piece, &call);
}
