// Walking over strided operands of one shape, row by row.

#ifndef GB_WALK_H
#define GB_WALK_H

#include "parallel.h"

#define GB_MAX_OPERANDS 4

/// Operands of one shape with neighbouring dimensions merged where all of them allow it. rank ≥ 1.
typedef struct gb_walk {
  intptr_t operands, rank, count;  // count: elements
  intptr_t grain;                  // elements per piece of work; GB_GRAIN unless changed
  intptr_t sizes[GB_MAX_RANK];
  intptr_t strides[GB_MAX_OPERANDS][GB_MAX_RANK];
} gb_walk;

GB_HIDDEN gb_walk gb_walk_make(intptr_t rank, const intptr_t *sizes, intptr_t operands, const intptr_t *const *strides);

/// The row-major strides of a shape.
GB_HIDDEN void gb_row_major(intptr_t rank, const intptr_t *sizes, intptr_t *strides);

/// n elements along the walk's last dimension, beginning at an offset (in elements) into each operand.
typedef void gb_walk_row(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n);

/// Visits every row, long rows in pieces, on the pool when there is enough to do.
GB_HIDDEN void gb_walk_rows(const gb_walk *walk, gb_walk_row *row, void *context);

/// Copies the elements begin ..< begin + n, counted in row-major order, of one operand to a contiguous buffer.
GB_HIDDEN void gb_walk_gather(const gb_walk *walk, intptr_t operand, size_t element_size, const void *base, intptr_t begin,
                              intptr_t n, void *out);

/// Whether an operand lies in memory in row-major order without gaps.
GB_HIDDEN bool gb_walk_is_contiguous(const gb_walk *walk, intptr_t operand);

#endif
