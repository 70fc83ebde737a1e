// Constants and arithmetic sequences.

/// Elements of the buffers that operands are spread out in.
#define SPREAD 512
/// Shorter rows of strided operands are spread out there too, several at a time.
#define SHORT_ROW 64

/// The same value n times.
static void splat(size_t size, const void *value, intptr_t n, void *out) {
  switch (size) {
    case 1: memset(out, *(const any8 *)value, (size_t)n); break;
    case 2: for (intptr_t i = 0; i < n; i++) ((any16 *)out)[i] = *(const any16 *)value; break;
    case 4: for (intptr_t i = 0; i < n; i++) ((any32 *)out)[i] = *(const any32 *)value; break;
    default: for (intptr_t i = 0; i < n; i++) ((any64 *)out)[i] = *(const any64 *)value; break;
  }
}

/// One value, converted to a dtype.
static void scalar_of(gb_dtype dtype, double value, void *out) {
  switch (dtype) {
    case GB_FLOAT32: *(float *)out = (float)value; break;
    case GB_FLOAT64: *(double *)out = value; break;
    case GB_BFLOAT16: *(bf16 *)out = bf16_of_double(value); break;
    case GB_INT32: *(int32_t *)out = i32_of_double(value); break;
    case GB_INT64: *(int64_t *)out = i64_of_double(value); break;
    case GB_UINT8: *(uint8_t *)out = u8_of_double(value); break;
    case GB_BOOL: *(uint8_t *)out = value != 0; break;
  }
}

typedef struct {
  size_t size;
  uint64_t value;
  char *out;
  bool streamed;
} fill_call;

static void fill_piece(void *context, intptr_t begin, intptr_t end) {
  const fill_call *const call = context;
  if (call->streamed) {
    _Alignas(64) char buffer[STREAM_BUFFER];
    const intptr_t most = STREAM_BUFFER / (intptr_t)call->size;
    splat(call->size, &call->value, most, buffer);
    for (intptr_t i = begin; i < end; i += most) {
      stream((size_t)(end - i < most ? end - i : most) * call->size, buffer, call->out + (size_t)i * call->size);
    }
    end_stream();
    return;
  }
  splat(call->size, &call->value, end - begin, call->out + (size_t)begin * call->size);
}

static void fill(gb_dtype dtype, intptr_t n, double value, void *out) {
  fill_call call = {.size = gb_size_of(dtype), .out = out};
  scalar_of(dtype, value, &call.value);
  call.streamed = is_streamed((size_t)n * call.size, out, NULL, NULL);
  gb_split(n, GB_GRAIN, fill_piece, &call);
}

typedef struct {
  gb_dtype dtype;
  double start, step;
  void *out;
} range_call;

static void range_piece(void *context, intptr_t begin, intptr_t end) {
  const range_call *const call = context;
  const double start = call->start, step = call->step;
  const uint64_t first = (uint64_t)i64_of_double(start), by = (uint64_t)i64_of_double(step);
#define EACH(T, expression)                                                                 \
  do {                                                                                      \
    T *const out = call->out;                                                               \
    for (intptr_t i = begin; i < end; i++) out[i] = (T)(expression);                        \
  } while (0)
  switch (call->dtype) {
    case GB_FLOAT32: EACH(float, start + (double)i * step); break;
    case GB_FLOAT64: EACH(double, start + (double)i * step); break;
    case GB_BFLOAT16: EACH(bf16, bf16_of_double(start + (double)i * step)); break;
    case GB_INT32: EACH(int32_t, first + (uint64_t)i * by); break;
    case GB_INT64: EACH(int64_t, first + (uint64_t)i * by); break;
    case GB_UINT8: EACH(uint8_t, first + (uint64_t)i * by); break;
    case GB_BOOL: EACH(uint8_t, first + (uint64_t)i * by != 0); break;
  }
#undef EACH
}

static void range(gb_dtype dtype, intptr_t n, double start, double step, void *out) {
  range_call call = {dtype, start, step, out};
  gb_split(n, GB_GRAIN, range_piece, &call);
}
