// Adding patches back, for one floating dtype (included by each_float.h). The sums are in C, and rounded once.

static void N(fold_channel)(const patch_call *call, const T *columns, T *dx, C *sums) {
  const intptr_t height = call->size[0], width = call->size[1], out_width = call->out_size[1];
  memset(sums, 0, (size_t)(height * width) * sizeof(C));
  for (intptr_t ky = 0; ky < call->kernel[0]; ky++) {
    for (intptr_t kx = 0; kx < call->kernel[1]; kx++, columns += call->out_size[0] * out_width) {
      const intptr_t shift = kx * call->dilation[1] - call->padding[1], step = call->stride[1];
      const span inside = outputs_inside(width, shift, step, out_width);
      for (intptr_t oy = 0; oy < call->out_size[0]; oy++) {
        const intptr_t iy = oy * call->stride[0] - call->padding[0] + ky * call->dilation[0];
        if (iy < 0 || iy >= height) continue;
        C *const row = sums + iy * width + shift;
        const T *const column = columns + oy * out_width;
        if (step == 1) {
          INDEPENDENT
          for (intptr_t ox = inside.begin; ox < inside.end; ox++) row[ox] += LOAD(column[ox]);
        } else {
          for (intptr_t ox = inside.begin; ox < inside.end; ox++) row[ox * step] += LOAD(column[ox]);
        }
      }
    }
  }
  for (intptr_t i = 0; i < height * width; i++) dx[i] = STORE(sums[i]);
}
