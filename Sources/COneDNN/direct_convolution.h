// float32 convolutions as sums of shifted pictures (direct_plan.h says how). Nothing is laid out anew but the pictures'
// padding, so this beats oneDNN where there are few channels to spread that work over.

#ifndef GB_DIRECT_CONVOLUTION_H
#define GB_DIRECT_CONVOLUTION_H

#include <stdbool.h>

#include "COneDNN.h"

// Each returns false, having done nothing, where direct_plan.h can't describe the convolution.
bool gb_direct_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y);
bool gb_direct_input(const gb_conv2d *shape, const float *g, const float *w, float *dx);
bool gb_direct_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw);

#endif
