// The product of two matrices on one thread: by loops of our own where the operands fit in the cache or B comes by
// columns (a linear layer's weights), which have no fixed cost and take any strides, else by oneDNN.

#ifndef GB_PRODUCT_H
#define GB_PRODUCT_H

#include <stdbool.h>
#include <stdint.h>

/// C [m × n, rows c_row apart] = A·B + bias (nullable), or C + A·B. One stride of A is 1, and one of B; for small
/// products A may have any strides.
typedef struct {
  intptr_t m, n, k, a_row, a_column, b_row, b_column, c_row;
  bool adds;
} gb_product;

/// Whether the loops of our own are the faster, by the sizes and the order of the strides alone.
bool gb_is_small_product(const gb_product *product);
void gb_multiply_small(const gb_product *product, const float *a, const float *b, const float *bias, float *c);
/// k > 0, and strides that BLAS has a name for.
void gb_multiply_large(const gb_product *product, const float *a, const float *b, const float *bias, float *c);

/// The faster of the two.
void gb_multiply(const gb_product *product, const float *a, const float *b, const float *bias, float *c);

/// Whether the processor multiplies pairs of bfloat16, and oneDNN knows it.
bool gb_has_bf16(void);
/// The same in bfloat16, with sums in float32 that are rounded once, where gb_has_bf16.
void gb_multiply_bf16(const gb_product *product, const uint16_t *a, const uint16_t *b, const uint16_t *bias,
                      uint16_t *c);

/// A matrix as BLAS takes it: rows of `leading` elements, possibly of the transpose.
typedef struct {
  bool transposed;
  intptr_t leading;
} gb_blas_matrix;

/// False where BLAS has no name for a rows × columns matrix of these strides (overlapping or repeated rows).
bool gb_describe_for_blas(intptr_t rows, intptr_t columns, intptr_t row, intptr_t column, gb_blas_matrix *matrix);

#endif
