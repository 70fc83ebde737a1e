// Pooling of [planes, height, width]; planes are independent of each other.

typedef struct {
  const intptr_t *size, *kernel, *stride, *padding, *dilation, *out_size;
  bool count_padding;
  intptr_t divisor;  // of every average; 0: of each window what counts
  gb_dtype dtype;
  const char *x;
  char *out;
  int64_t *winners;
  size_t scratch_bytes;
} pool_call;

typedef struct {
  intptr_t begin, end;
} span;

/// The outputs o with 0 ≤ o·step + shift < width.
static span outputs_inside(intptr_t width, intptr_t shift, intptr_t step, intptr_t outputs) {
  span s = {shift >= 0 ? 0 : (-shift + step - 1) / step, shift < width ? (width - shift + step - 1) / step : 0};
  if (s.end > outputs) s.end = outputs;
  return s;
}

/// How many elements of window (oy, ox) count. The last windows may reach beyond the padding, which never counts.
static inline intptr_t average_divisor(const pool_call *call, intptr_t oy, intptr_t ox) {
  if (call->divisor) return call->divisor;
  intptr_t count = 1;
  for (int d = 0; d < 2; d++) {
    const intptr_t begin = (d == 0 ? oy : ox) * call->stride[d] - call->padding[d], end = begin + call->kernel[d];
    const intptr_t edge = call->count_padding ? call->padding[d] : 0, last = call->size[d] + edge;
    count *= (end < last ? end : last) - (begin > -edge ? begin : -edge);
  }
  return count > 0 ? count : 1;
}

#define FILE "pooling_loops.h"
#include "each_float.h"

#define OF_FLOATS(dtype, function, ...)                                             \
  switch (dtype) {                                                                  \
    case GB_FLOAT32: function##_f32(__VA_ARGS__); break;                            \
    case GB_FLOAT64: function##_f64(__VA_ARGS__); break;                            \
    default: function##_bf16(__VA_ARGS__); break;                                   \
  }

/// The planes before `plane` in the input and in the output.
static inline size_t plane_of_input(const pool_call *call, intptr_t plane) {
  return (size_t)(plane * call->size[0] * call->size[1]) * gb_size_of(call->dtype);
}
static inline size_t plane_of_output(const pool_call *call, intptr_t plane) {
  return (size_t)(plane * call->out_size[0] * call->out_size[1]) * gb_size_of(call->dtype);
}

static void max_pool_planes(void *context, intptr_t begin, intptr_t end) {
  const pool_call *const call = context;
  void *const scratch = gb_allocate(call->scratch_bytes);
  for (intptr_t plane = begin; plane < end; plane++) {
    const void *const x = call->x + plane_of_input(call, plane);
    void *const out = call->out + plane_of_output(call, plane);
    int64_t *const winners = call->winners + plane * call->out_size[0] * call->out_size[1];
    OF_FLOATS(call->dtype, max_pool_plane, call, x, out, winners, scratch)
  }
  gb_free(scratch, call->scratch_bytes);
}

static void average_pool_planes(void *context, intptr_t begin, intptr_t end) {
  const pool_call *const call = context;
  void *const sums = gb_allocate(call->scratch_bytes);
  for (intptr_t plane = begin; plane < end; plane++) {
    const void *const x = call->x + plane_of_input(call, plane);
    void *const out = call->out + plane_of_output(call, plane);
    OF_FLOATS(call->dtype, average_pool_plane, call, x, out, sums)
  }
  gb_free(sums, call->scratch_bytes);
}

static void average_pool_gradient_planes(void *context, intptr_t begin, intptr_t end) {
  const pool_call *const call = context;
  char *const sums = gb_allocate(call->scratch_bytes);
  void *const shares = sums + (size_t)(call->size[0] * call->size[1]) * 8;
  for (intptr_t plane = begin; plane < end; plane++) {
    const void *const g = call->x + plane_of_output(call, plane);
    void *const dx = call->out + plane_of_input(call, plane);
    OF_FLOATS(call->dtype, average_pool_gradient_plane, call, g, dx, (void *)sums, shares)
  }
  gb_free(sums, call->scratch_bytes);
}

static void pool(intptr_t planes, pool_call *call, gb_range_body *body) {
  if (call->dtype > GB_BFLOAT16) gb_unsupported("pooling", 0, call->dtype);
  if (call->size[0] * call->size[1] > INT32_MAX) gb_unsupported("pooling of such a large plane", 0, call->dtype);
  const intptr_t work = call->out_size[0] * call->out_size[1] * call->kernel[0] * call->kernel[1];
  gb_split(planes, gb_rows_per_piece(work), body, call);
}

static void max_pool(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2], const intptr_t stride[2],
                     const intptr_t padding[2], const intptr_t dilation[2], const intptr_t out_size[2], const void *x,
                     void *out, int64_t *winners) {
  pool_call call = {.size = size, .kernel = kernel, .stride = stride, .padding = padding, .dilation = dilation,
                    .out_size = out_size, .dtype = dtype, .x = x, .out = out, .winners = winners,
                    .scratch_bytes = (size_t)(out_size[1] + 2) * 12};
  pool(planes, &call, max_pool_planes);
}

/// The divisor of all windows, if they have one in common.
static intptr_t common_divisor(const intptr_t size[2], const intptr_t kernel[2], const intptr_t stride[2],
                               const intptr_t padding[2], bool count_padding, intptr_t divisor, const intptr_t out_size[2]) {
  if (divisor || !count_padding) return divisor;
  for (int d = 0; d < 2; d++) {
    if ((out_size[d] - 1) * stride[d] + kernel[d] > size[d] + 2 * padding[d]) return 0;
  }
  return kernel[0] * kernel[1];
}

static void average_pool(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2],
                         const intptr_t stride[2], const intptr_t padding[2], bool count_padding, intptr_t divisor,
                         const intptr_t out_size[2], const void *x, void *out) {
  pool_call call = {.size = size, .kernel = kernel, .stride = stride, .padding = padding, .out_size = out_size,
                    .count_padding = count_padding,
                    .divisor = common_divisor(size, kernel, stride, padding, count_padding, divisor, out_size),
                    .dtype = dtype, .x = x, .out = out,
                    .scratch_bytes = (size_t)out_size[1] * 8};
  pool(planes, &call, average_pool_planes);
}

static void average_pool_gradient(gb_dtype dtype, intptr_t planes, const intptr_t size[2], const intptr_t kernel[2],
                                  const intptr_t stride[2], const intptr_t padding[2], bool count_padding,
                                  intptr_t divisor, const intptr_t out_size[2], const void *g, void *dx) {
  pool_call call = {.size = size, .kernel = kernel, .stride = stride, .padding = padding, .out_size = out_size,
                    .count_padding = count_padding,
                    .divisor = common_divisor(size, kernel, stride, padding, count_padding, divisor, out_size),
                    .dtype = dtype, .x = g, .out = dx,
                    .scratch_bytes = (size_t)(size[0] * size[1] + out_size[1]) * 8};
  pool(planes, &call, average_pool_gradient_planes);
}
