// The gradient of the weights: dw[f, c, k] = Σ over samples and outputs of g[f, o] · x[c, o + shift of k]. With g laid out in the
// pitch of x's planes, with zeros between its rows, each is one dot product of contiguous memory.

#include <string.h>

#include "convolution_pieces.h"
#include "direct_convolution.h"
#include "direct_kernels.h"
#include "direct_plan.h"

typedef struct {
  const gb_conv2d *shape;
  gb_direct_plan plan;
  const gb_direct_kernels *kernels;
  const float *x, *x_end, *g, *g_end;
  /// One sum of dw a chunk; a chunk is a part of the units, and a unit is one band of one sample.
  float *partials;
  intptr_t chunks, units;
  /// Where each of the channels' taps reads, seen from a unit's first plane.
  intptr_t *offsets;
} weight_job;

static void fill_gradient(const weight_job *job, intptr_t first_row, intptr_t rows, intptr_t length, const float *g,
                          float *filled) {
  const gb_direct_plan *p = &job->plan;
  intptr_t height = p->axis[0].result_size, width = p->axis[1].result_size;
  for (intptr_t f = 0; f < p->result_channels; f++, filled += length) {
    job->kernels->pad_rows(g + f * height * width + first_row * width, job->g_end, width, 1, rows, 0, width, filled, p->pitch);
    // The last row has no next one; `length` goes on to a whole vector, and with fewer rows further.
    intptr_t used = (rows - 1) * p->pitch + width;
    memset(filled + used, 0, (size_t)(length - used) * sizeof(float));
  }
}

/// Piece `index` is one group of one chunk.
static void run_piece(void *context, intptr_t index) {
  const weight_job *job = context;
  const gb_direct_plan *p = &job->plan;
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  const gb_direct_kernels *kernels = job->kernels;
  intptr_t group = index % p->groups, chunk = index / p->groups;
  intptr_t row = p->source_channels * p->first_tap[1], filters = p->result_channels;
  float *partial = job->partials + (chunk * p->groups + group) * filters * row;
  memset(partial, 0, (size_t)(filters * row) * sizeof(float));

  intptr_t reach = y->greatest_shift * p->pitch + x->greatest_shift, length = p->plane - reach;
  intptr_t x_unit = p->source_channels * p->planes * p->plane, g_unit = filters * length;
  // So many units at once that the lanes of the sums are added up seldom, and the units stay in the cache.
  intptr_t panel = (320 << 10) / ((x_unit + g_unit) * (intptr_t)sizeof(float));
  if (panel < 1) panel = 1;
  float *planes = gb_thread_buffer(GB_SOURCE, (size_t)(panel * x_unit + kernels->lanes) * sizeof(float));
  float *gradients = gb_thread_buffer(GB_DESTINATION, (size_t)(panel * g_unit + p->pitch + kernels->lanes) * sizeof(float));

  intptr_t unit = gb_piece_start(job->units, job->chunks, chunk), end = gb_piece_start(job->units, job->chunks, chunk + 1);
  while (unit < end) {
    intptr_t count = end - unit < panel ? end - unit : panel;
    for (intptr_t i = 0; i < count; i++, unit++) {
      intptr_t picture = unit / p->bands * p->groups + group;
      intptr_t first_row = gb_piece_start(y->most_results, p->bands, unit % p->bands);
      intptr_t rows = gb_piece_start(y->most_results, p->bands, unit % p->bands + 1) - first_row;
      gb_fill_planes(p, kernels, p->source_channels, first_row, rows + y->greatest_shift,
                     job->x + picture * p->source_channels * y->source_size * x->source_size, job->x_end,
                     planes + i * x_unit);
      fill_gradient(job, first_row, rows, length, job->g + picture * filters * y->result_size * x->result_size,
                    gradients + i * g_unit);
    }
    for (intptr_t f = 0; f < filters; f += GB_MOST_DOT_FILTERS) {
      intptr_t some = filters - f < GB_MOST_DOT_FILTERS ? filters - f : GB_MOST_DOT_FILTERS;
      for (intptr_t t = 0; t < row; t += kernels->most_dot_taps) {
        intptr_t taps = row - t < kernels->most_dot_taps ? row - t : kernels->most_dot_taps;
        kernels->dot[some - 1][taps - 1](gradients + f * length, length, g_unit, planes, job->offsets + t, x_unit, count,
                                         length, partial + f * row + t, row);
      }
    }
  }
}

bool gb_direct_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw) {
  weight_job job = {.shape = shape, .kernels = gb_direct_kernels_here(), .x = x, .g = g};
  gb_direct_plan *p = &job.plan;
  job.x_end = x + shape->batch * shape->channels * shape->size[0] * shape->size[1];
  job.g_end = g + shape->batch * shape->filters * shape->out_size[0] * shape->out_size[1];
  if (!gb_plan_direct(shape, false, job.kernels->lanes, p)) return false;
  intptr_t taps = p->first_tap[1], row = p->source_channels * taps, weights = shape->filters * row;
  job.offsets = gb_thread_buffer(GB_SHARED_WEIGHTS, (size_t)row * sizeof(intptr_t));
  for (intptr_t c = 0; c < p->source_channels; c++) {
    for (intptr_t t = 0; t < taps; t++) job.offsets[c * taps + t] = c * p->planes * p->plane + p->offset[t];
  }
  job.units = shape->batch * p->bands;
  job.chunks = gb_weight_chunks(shape, job.units);
  job.partials = dw;
  if (job.chunks > 1) {
    job.partials = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job.chunks * weights) * sizeof(float));
  }
  gb_run_pieces(job.chunks * p->groups, run_piece, &job);
  if (job.chunks > 1) gb_add_partials(job.partials, job.chunks, weights, dw);
  return true;
}
