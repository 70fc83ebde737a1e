#include "convolution_pieces.h"

#include <string.h>

static double operations(const gb_conv2d *s) {
  return 2.0 * (double)s->batch * (double)(s->filters * s->out_size[0] * s->out_size[1]) *
         (double)(s->channels / s->groups * s->kernel[0] * s->kernel[1]);
}

static intptr_t between_1_and(intptr_t most, double wanted) {
  if (wanted < 1) return 1;
  return (double)most < wanted ? most : (intptr_t)wanted;
}

intptr_t gb_convolution_pieces(const gb_conv2d *s, intptr_t units) {
  return between_1_and(units < 32 ? units : 32, operations(s) / 2e6);
}

intptr_t gb_weight_chunks(const gb_conv2d *s, intptr_t units, intptr_t length, intptr_t least) {
  double wanted = operations(s) / 4e6, most = (double)units * (double)length / (double)least;
  // Large work is worth sharing, whatever the sums cost.
  if (operations(s) > 1e8 && most < 2) most = 2;
  return between_1_and(units < 8 ? units : 8, wanted < most ? wanted : most);
}

void gb_add_partials(const float *partials, intptr_t chunks, intptr_t count, float *dw) {
  memcpy(dw, partials, (size_t)count * sizeof(float));
  for (intptr_t chunk = 1; chunk < chunks; chunk++) {
    const float *partial = partials + chunk * count;
    for (intptr_t i = 0; i < count; i++) dw[i] += partial[i];
  }
}
