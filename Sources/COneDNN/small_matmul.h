// Products whose operands fit in the cache: no packing of blocks, no fixed cost, whatever the strides.

#ifndef GB_SMALL_MATMUL_H
#define GB_SMALL_MATMUL_H

#include <stdbool.h>
#include <stdint.h>

/// C [m × n, rows c_row apart] = A·B + bias (nullable), for any strides of A, and B with one stride of 1.
typedef struct {
  intptr_t m, n, k, a_row, a_column, b_row, b_column, c_row;
  /// Adds to C instead of filling it.
  bool adds;
} gb_small_product;

/// Whether gb_multiply_small is the faster way, by the sizes alone.
bool gb_is_small_product(const gb_small_product *product);
void gb_multiply_small(const gb_small_product *product, const float *a, const float *b, const float *bias, float *c);

#endif
