// Convolutions with a 1×1 kernel, stride 1 and no padding: one matrix product a sample, with nothing to lay out.

#ifndef GB_POINTWISE_H
#define GB_POINTWISE_H

#include <stdbool.h>

#include "COneDNN.h"

bool gb_is_pointwise(const gb_conv2d *shape);
void gb_pointwise_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y);
void gb_pointwise_input(const gb_conv2d *shape, const float *g, const float *w, float *dx);
void gb_pointwise_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw);

#endif
