// float32 convolutions by oneDNN's primitives.

#ifndef GB_ONEDNN_CONVOLUTION_H
#define GB_ONEDNN_CONVOLUTION_H

#include <stdbool.h>

#include "COneDNN.h"

// Each returns false, having done nothing, where oneDNN has no such convolution.
bool gb_onednn_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y);
bool gb_onednn_input(const gb_conv2d *shape, const float *g, const float *w, float *dx);
bool gb_onednn_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw);

#endif
