// Pooling one plane, for one floating dtype (included by each_float.h).
//
// A row of outputs is worked on at once, one element of the window after the other: the inner loop then runs over
// neighbouring outputs, and the borders only shorten it.

static void N(max_pool_plane)(const pool_call *call, const T *x, T *out, int64_t *winners, int32_t *scratch) {
  const intptr_t height = call->size[0], width = call->size[1], out_width = call->out_size[1];
  int32_t *const winner = scratch;
  C *const best = (C *)(scratch + out_width + (out_width & 1));
  for (intptr_t oy = 0; oy < call->out_size[0]; oy++) {
    for (intptr_t ox = 0; ox < out_width; ox++) best[ox] = -INFINITY, winner[ox] = -1;
    for (intptr_t ky = 0; ky < call->kernel[0]; ky++) {
      const intptr_t iy = oy * call->stride[0] - call->padding[0] + ky * call->dilation[0];
      if (iy < 0 || iy >= height) continue;
      for (intptr_t kx = 0; kx < call->kernel[1]; kx++) {
        const intptr_t shift = kx * call->dilation[1] - call->padding[1], step = call->stride[1];
        const span inside = outputs_inside(width, shift, step, out_width);
        const T *const row = x + iy * width + shift;
        const int32_t first = (int32_t)(iy * width + shift);
        // The first element inside wins against nothing, even if it is −∞.
#define CONSIDER(step)                                                                                       \
  INDEPENDENT                                                                                                \
  for (intptr_t ox = inside.begin; ox < inside.end; ox++) {                                                  \
    const C value = LOAD(row[ox * (step)]), most = best[ox];                                                 \
    const bool wins = (value > most) | (winner[ox] < 0) | ((value != value) & (most == most));               \
    best[ox] = wins ? value : most;                                                                          \
    winner[ox] = wins ? first + (int32_t)(ox * (step)) : winner[ox];                                         \
  }
        if (step == 1) {
          CONSIDER(1)
        } else if (step == 2) {
          CONSIDER(2)
        } else {
          CONSIDER(step)
        }
#undef CONSIDER
      }
    }
    for (intptr_t ox = 0; ox < out_width; ox++) out[oy * out_width + ox] = STORE(best[ox]);
    for (intptr_t ox = 0; ox < out_width; ox++) winners[oy * out_width + ox] = winner[ox];
  }
}

static void N(average_pool_plane)(const pool_call *call, const T *x, T *out, C *sums) {
  const intptr_t height = call->size[0], width = call->size[1], out_width = call->out_size[1];
  for (intptr_t oy = 0; oy < call->out_size[0]; oy++) {
    for (intptr_t ox = 0; ox < out_width; ox++) sums[ox] = 0;
    for (intptr_t ky = 0; ky < call->kernel[0]; ky++) {
      const intptr_t iy = oy * call->stride[0] - call->padding[0] + ky;
      if (iy < 0 || iy >= height) continue;
      for (intptr_t kx = 0; kx < call->kernel[1]; kx++) {
        const intptr_t shift = kx - call->padding[1], step = call->stride[1];
        const span inside = outputs_inside(width, shift, step, out_width);
        const T *const row = x + iy * width + shift;
#define ADD(step)                                             \
  INDEPENDENT                                                 \
  for (intptr_t ox = inside.begin; ox < inside.end; ox++) sums[ox] += LOAD(row[ox * (step)]);
        if (step == 1) {
          ADD(1)
        } else if (step == 2) {
          ADD(2)
        } else {
          ADD(step)
        }
#undef ADD
      }
    }
    for (intptr_t ox = 0; ox < out_width; ox++) {
      out[oy * out_width + ox] = STORE(sums[ox] / (C)average_divisor(call, oy, ox));
    }
  }
}

/// Sums in C; a plane of bfloat16 is rounded once, at the end.
static void N(average_pool_gradient_plane)(const pool_call *call, const T *g, T *dx, C *sums, C *shares) {
  const intptr_t height = call->size[0], width = call->size[1], out_width = call->out_size[1];
  memset(sums, 0, (size_t)(height * width) * sizeof(C));
  for (intptr_t oy = 0; oy < call->out_size[0]; oy++) {
    for (intptr_t ox = 0; ox < out_width; ox++) {
      shares[ox] = LOAD(g[oy * out_width + ox]) / (C)average_divisor(call, oy, ox);
    }
    for (intptr_t ky = 0; ky < call->kernel[0]; ky++) {
      const intptr_t iy = oy * call->stride[0] - call->padding[0] + ky;
      if (iy < 0 || iy >= height) continue;
      for (intptr_t kx = 0; kx < call->kernel[1]; kx++) {
        const intptr_t shift = kx - call->padding[1], step = call->stride[1];
        const span inside = outputs_inside(width, shift, step, out_width);
        C *const row = sums + iy * width + shift;
        for (intptr_t ox = inside.begin; ox < inside.end; ox++) row[ox * step] += shares[ox];
      }
    }
  }
  for (intptr_t i = 0; i < height * width; i++) dx[i] = STORE(sums[i]);
}
