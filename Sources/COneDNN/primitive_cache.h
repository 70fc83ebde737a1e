// oneDNN's primitives take up to milliseconds to make (they generate machine code), so they are kept by shape.

#ifndef GB_PRIMITIVE_CACHE_H
#define GB_PRIMITIVE_CACHE_H

#include <stdbool.h>

#include "COneDNN.h"
#include "onednn_version.h"

/// A product of two matrices: C's rows are c_row apart, the other strides as in gb_matmul.
typedef struct {
  intptr_t m, n, k, a_row, a_column, b_row, b_column, c_row;
} gb_product_shape;

/// What makes two primitives the same. Compared as bytes: fill it by assignment to a zeroed one.
typedef struct {
  union {
    gb_conv2d convolution;
    gb_product_shape product;
  } shape;
  intptr_t is_product, is_bf16, has_bias;
  /// From sample to sample of a convolution's y, where that is more than its own filters.
  intptr_t y_sample;
  /// A gb_direction, of a convolution.
  intptr_t direction;
} gb_primitive_key;

typedef struct {
  gb_layout *plain, *own;
  /// Between the two, in the direction that the operand flows; null where they are equal.
  dnnl_primitive_t reorder;
  size_t own_bytes;
} gb_operand;

/// x, w and y are a convolution's operands, or a product's a, b and c.
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
} gb_primitive;

/// The primitive for that key, kept alive until gb_primitive_release; null if oneDNN has none.
gb_primitive *gb_primitive_acquire(const gb_primitive_key *key);
void gb_primitive_release(gb_primitive *primitive);

/// Runs a primitive on the calling thread. Each argument is a layout and its data; `count` ≤ 8.
typedef struct {
  int name;
  const gb_layout *layout;
  const void *data;
} gb_argument;
void gb_execute(dnnl_primitive_t primitive, int count, const gb_argument *arguments);

#endif
