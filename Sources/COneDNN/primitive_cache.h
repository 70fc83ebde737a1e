// oneDNN's convolution primitives take milliseconds to make (they generate machine code), so they are kept by shape.

#ifndef GB_PRIMITIVE_CACHE_H
#define GB_PRIMITIVE_CACHE_H

#include <stdbool.h>

#include "COneDNN.h"
#include "onednn_version.h"

/// What makes two primitives the same. Compared as bytes: fill it by assignment to a zeroed one.
typedef struct {
  gb_conv2d shape;
  intptr_t direction, has_bias;
} gb_primitive_key;

typedef struct {
  gb_layout *plain, *own;
  /// Between the two, in the direction that the operand flows; null where they are equal.
  dnnl_primitive_t reorder;
  size_t own_bytes;
} gb_operand;

typedef struct {
  dnnl_primitive_t primitive;
  gb_operand x, w, y;
  gb_layout *bias, *scratchpad;
  size_t scratchpad_bytes;
  // The cache's own.
  gb_primitive_key key;
  intptr_t users;
  uint64_t last_use;
  bool evicted;
} gb_convolution;

/// The convolution of that shape, kept alive until gb_convolution_release; null if oneDNN has none.
gb_convolution *gb_convolution_acquire(const gb_primitive_key *key);
void gb_convolution_release(gb_convolution *convolution);

/// Runs a primitive on the calling thread. Each argument is a layout and its data; `count` ≤ 8.
typedef struct {
  int name;
  const gb_layout *layout;
  const void *data;
} gb_argument;
void gb_execute(dnnl_primitive_t primitive, int count, const gb_argument *arguments);

#endif
