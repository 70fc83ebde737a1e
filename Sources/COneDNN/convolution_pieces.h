// How convolutions are cut. By their size alone, never by the number of threads.

#ifndef GB_CONVOLUTION_PIECES_H
#define GB_CONVOLUTION_PIECES_H

#include "COneDNN.h"
#include "pieces.h"

/// How many pieces to make of `units` equal parts of the work.
intptr_t gb_convolution_pieces(const gb_conv2d *shape, intptr_t units);

/// The same for the gradient of the weights, where each piece has a sum of its own that must be added up: that pays
/// only if a piece adds at least `least` products to each weight. `length`: products a unit adds to each.
intptr_t gb_weight_chunks(const gb_conv2d *shape, intptr_t units, intptr_t length, intptr_t least);

/// dw = partials[0] + partials[1] + …, each of `count` elements, in that order.
void gb_add_partials(const float *partials, intptr_t chunks, intptr_t count, float *dw);

#endif
