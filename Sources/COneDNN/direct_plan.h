// The plan of a direct convolution, one that sums shifted pictures and never writes its patches out.
//
// Along one axis, output o of the forward convolution reads x[o·stride + k·dilation − padding] for each tap k. Write
// k·dilation = stride·t + r: the tap reads element o + t of the r-th *phase* of x, that is, of every stride-th element
// from r − padding on. So when each phase is copied into a plane with its padding, a tap is a constant shift of a
// plane, and all loads are contiguous, whatever the stride. The gradient of x is the same the other way round: x's
// phases are results, each a sum over its own taps of planes of g shifted by −t.

#ifndef GB_DIRECT_PLAN_H
#define GB_DIRECT_PLAN_H

#include <stdbool.h>

#include "COneDNN.h"
#include "direct_kernels.h"

enum { GB_MAX_PHASES = 4, GB_MAX_KERNEL = 16, GB_MAX_TAPS = 128 };

typedef struct {
  /// Element e of source phase r is source[source_step·e + source_first[r]], or zero where that is outside.
  intptr_t source_phases, source_step, source_first[GB_MAX_PHASES];
  /// Element o of result phase r, o < result_count[r], is result[result_step·o + result_first[r]].
  intptr_t result_phases, result_step, result_first[GB_MAX_PHASES], result_count[GB_MAX_PHASES];
  /// Tap k adds element o + shift[k] of its source phase to element o of its result phase.
  intptr_t taps, source_phase[GB_MAX_KERNEL], result_phase[GB_MAX_KERNEL], shift[GB_MAX_KERNEL];
  intptr_t most_results, greatest_shift, source_size, result_size;
} gb_axis;

typedef struct {
  gb_axis axis[2];
  /// Per group.
  intptr_t groups, source_channels, result_channels;
  /// A plane holds one source phase of one channel; `pitch` elements from row to row, `plane` from plane to plane.
  intptr_t planes, pitch, plane;
  /// A result phase is computed `band_rows` rows at a time, so that a band's planes stay in the second-level cache.
  intptr_t bands, band_rows;
  /// The taps of result phase r are first_tap[r]..<first_tap[r + 1]: where each reads, and its place in the kernel.
  intptr_t result_phases, first_tap[GB_MAX_PHASES * GB_MAX_PHASES + 1];
  intptr_t offset[GB_MAX_TAPS], kernel_index[GB_MAX_TAPS];
} gb_direct_plan;

/// False where the convolution is not of a kind that this can do. `lanes`: elements a vector.
bool gb_plan_direct(const gb_conv2d *shape, bool input_gradient, intptr_t lanes, gb_direct_plan *plan);

/// Copies rows first_row..<first_row + rows of every phase of `channels` source pictures into planes, with zeros
/// around; a channel's planes are together, and the next channel's stand `distance` further. Reads nothing at or beyond
/// `end`; writes up to a vector beyond the last plane.
void gb_fill_planes(const gb_direct_plan *plan, const gb_direct_kernels *kernels, intptr_t channels, intptr_t first_row,
                    intptr_t rows, const float *source, const float *end, float *planes, intptr_t distance);

#endif
