// The inner loops of the direct convolution, in a version for each instruction set.

#ifndef GB_DIRECT_KERNELS_H
#define GB_DIRECT_KERNELS_H

#include <stdint.h>

/// result[f·result_plane + j] = Σ over planes p and taps t of weights[p, t, f] · source[p·plane + offset[t] + j]
/// for the f and j of one tile.
typedef void (*gb_sum_tile)(const float *weights, const float *source, intptr_t plane, intptr_t planes,
                            const intptr_t *offset, intptr_t taps, float *result, intptr_t result_plane);

/// result[f·result_row + t] += Σ over samples s and j < length of g[s, f, j] · x[s, offset[t] + j] for the f and t of a
/// tile. Both run on to whole vectors: there g must be zero and x finite.
typedef void (*gb_dot_tile)(const float *g, intptr_t g_plane, intptr_t g_sample, const float *x, const intptr_t *offset,
                            intptr_t x_sample, intptr_t samples, intptr_t length, float *result, intptr_t result_row);

/// For each row: `before` zeros, `count` elements of source, every step-th, and zeros up to `pitch`. Reads nothing at
/// or beyond `end`; writes up to a vector beyond the last row.
typedef void (*gb_pad_rows)(const float *source, const float *end, intptr_t source_row, intptr_t step, intptr_t rows,
                            intptr_t before, intptr_t count, float *row, intptr_t pitch);

/// row = computed + bias, for each row. What stands between a row's columns and the next row may be overwritten, but
/// nothing at or beyond `end`.
typedef void (*gb_write_rows)(const float *computed, intptr_t pitch, float bias, intptr_t rows, intptr_t columns,
                              float *row, intptr_t result_row, const float *end);

/// row[2·e] = even[e] + bias, row[2·e + 1] = odd[e] + bias.
typedef void (*gb_interleave_row)(const float *even, const float *odd, float bias, intptr_t columns, float *row);

enum { GB_MOST_FILTERS = 8, GB_MOST_VECTORS = 4, GB_MOST_DOT_FILTERS = 4, GB_MOST_DOT_TAPS = 6 };

typedef struct {
  /// Elements a vector; accumulators that fit in the registers.
  intptr_t lanes, accumulators, most_filters, most_dot_taps;
  /// [filters − 1][vectors − 1], where the product is at most `accumulators`.
  gb_sum_tile sum[GB_MOST_FILTERS][GB_MOST_VECTORS];
  /// [filters − 1][taps − 1].
  gb_dot_tile dot[GB_MOST_DOT_FILTERS][GB_MOST_DOT_TAPS];
  gb_pad_rows pad_rows;
  gb_write_rows write_rows;
  gb_interleave_row interleave_row;
} gb_direct_kernels;

/// For this machine.
const gb_direct_kernels *gb_direct_kernels_here(void);

#endif
