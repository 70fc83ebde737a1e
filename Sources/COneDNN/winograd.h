// float32 convolutions of 3×3 at stride 1 by Winograd's F(2×2, 3×3): 16 products for every four results instead of 36.
//
// A result tile of 2×2 is Aᵀ[(G·w·Gᵀ) ⊙ (Bᵀ·d·B)]A of the 4×4 elements d that it sees (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", 2016, section 4.1). Summed over channels, the element-wise product becomes a matrix product for each
// of the 16 places: [results, channels] · [channels, tiles]. All factors are 0, ±1 and ½, so that the rounding errors stay near those
// of the sum itself; but an infinity among d makes NaN of all four results.

#ifndef GB_WINOGRAD_H
#define GB_WINOGRAD_H

#include <stdbool.h>

#include "COneDNN.h"

/// Whether the shape is of the kind that these can do.
bool gb_is_winograd(const gb_conv2d *shape);

void gb_winograd_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y);
void gb_winograd_input(const gb_conv2d *shape, const float *g, const float *w, float *dx);

#endif
