// Patches of a picture as columns, and back.

typedef struct {
  const intptr_t *size, *kernel, *stride, *padding, *dilation, *out_size;
  gb_dtype dtype;
  size_t element;
  const char *x;
  char *out;
} patch_call;

#define FILE "patch_loops.h"
#include "each_float.h"

/// Rows of the columns matrix: (channel · kh + ky) · kw + kx.
static void unfold_rows(void *context, intptr_t begin, intptr_t end) {
  const patch_call *const call = context;
  const intptr_t height = call->size[0], width = call->size[1], out_width = call->out_size[1];
  const intptr_t element = (intptr_t)call->element;
  for (intptr_t row = begin; row < end; row++) {
    const intptr_t kx = row % call->kernel[1], ky = row / call->kernel[1] % call->kernel[0];
    const intptr_t channel = row / (call->kernel[0] * call->kernel[1]);
    const intptr_t shift = kx * call->dilation[1] - call->padding[1], step = call->stride[1];
    span inside = outputs_inside(width, shift, step, out_width);
    if (inside.begin > out_width) inside.begin = out_width;
    if (inside.end < inside.begin) inside.end = inside.begin;
    const char *const plane = call->x + channel * height * width * element;
    char *out = call->out + row * call->out_size[0] * out_width * element;
    for (intptr_t oy = 0; oy < call->out_size[0]; oy++, out += out_width * element) {
      const intptr_t iy = oy * call->stride[0] - call->padding[0] + ky * call->dilation[0];
      if (iy < 0 || iy >= height) {
        memset(out, 0, (size_t)(out_width * element));
        continue;
      }
      memset(out, 0, (size_t)(inside.begin * element));
      move_row(call->element, inside.end - inside.begin, step,
               plane + (iy * width + inside.begin * step + shift) * element, 1, out + inside.begin * element);
      memset(out + inside.end * element, 0, (size_t)((out_width - inside.end) * element));
    }
  }
}

static void unfold(gb_dtype dtype, intptr_t channels, const intptr_t size[2], const intptr_t kernel[2], const intptr_t stride[2],
                   const intptr_t padding[2], const intptr_t dilation[2], const intptr_t out_size[2], const void *x,
                   void *columns) {
  patch_call call = {size, kernel, stride, padding, dilation, out_size, dtype, gb_size_of(dtype), x, columns};
  gb_split(channels * kernel[0] * kernel[1], gb_rows_per_piece(out_size[0] * out_size[1]), unfold_rows, &call);
}

static void fold_channels(void *context, intptr_t begin, intptr_t end) {
  const patch_call *const call = context;
  const intptr_t plane = call->size[0] * call->size[1];
  const intptr_t columns = call->kernel[0] * call->kernel[1] * call->out_size[0] * call->out_size[1];
  const size_t bytes = (size_t)plane * 8;
  void *const sums = gb_allocate(bytes);
  for (intptr_t channel = begin; channel < end; channel++) {
    const void *const x = call->x + (size_t)(channel * columns) * call->element;
    void *const dx = call->out + (size_t)(channel * plane) * call->element;
    OF_FLOATS(call->dtype, fold_channel, call, x, dx, sums)
  }
  gb_free(sums, bytes);
}

static void fold(gb_dtype dtype, intptr_t channels, const intptr_t size[2], const intptr_t kernel[2], const intptr_t stride[2],
                 const intptr_t padding[2], const intptr_t dilation[2], const intptr_t out_size[2], const void *columns,
                 void *dx) {
  if (dtype > GB_BFLOAT16) gb_unsupported("fold", 0, dtype);
  patch_call call = {size, kernel, stride, padding, dilation, out_size, dtype, gb_size_of(dtype), columns, dx};
  gb_split(channels, gb_rows_per_piece(kernel[0] * kernel[1] * out_size[0] * out_size[1]), fold_channels, &call);
}
