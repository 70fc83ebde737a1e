// The gradient of the weights: dw[f, c, k] = Σ over samples and outputs of g[f, o] · x[c, o + shift of k]. With g laid
// out in the pitch of x's planes, with zeros between its rows, each is one dot product of contiguous memory.

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
  /// A chunk's filters are shared out too where there are few chunks.
  intptr_t parts;
  /// Units that are laid out at once: so many that the lanes of the sums are added up seldom, and so few that they stay
  /// in the second-level cache.
  intptr_t panel;
  /// From channel to channel of a panel's planes.
  intptr_t x_distance;
  /// Where each of the channels' taps reads, seen from a unit's first plane.
  intptr_t *offsets;
} weight_job;

static void fill_gradient(const weight_job *job, intptr_t filters, intptr_t first_row, intptr_t rows, intptr_t length,
                          const float *g, float *filled, intptr_t distance) {
  intptr_t height = job->plan.axis[0].result_size, width = job->plan.axis[1].result_size, pitch = job->plan.pitch;
  for (intptr_t f = 0; f < filters; f++, g += height * width, filled += distance) {
    job->kernels->pad_rows(g + first_row * width, job->g_end, width, 1, rows, 0, width, filled, pitch);
    // The last row has no next one; `length` goes on to a whole vector, and with fewer rows further.
    intptr_t used = (rows - 1) * pitch + width;
    memset(filled + used, 0, (size_t)(length - used) * sizeof(float));
  }
}

/// How far the copying of rows may write beyond their end: less than a row's zeros and a vector.
static intptr_t overrun(const weight_job *job) {
  intptr_t lanes = job->kernels->lanes;
  return (job->plan.pitch + 2 * lanes) / lanes * lanes;
}

static intptr_t length_of(const gb_direct_plan *p) {
  return p->plane - p->axis[0].greatest_shift * p->pitch - p->axis[1].greatest_shift;
}

/// Piece `index` is one part of the filters of one group of one chunk.
static void run_piece(void *context, intptr_t index) {
  const weight_job *job = context;
  const gb_direct_plan *p = &job->plan;
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  const gb_direct_kernels *kernels = job->kernels;
  intptr_t part = index % job->parts, group = index / job->parts % p->groups, chunk = index / job->parts / p->groups;
  intptr_t first_filter = gb_piece_start(p->result_channels, job->parts, part);
  intptr_t filters = gb_piece_start(p->result_channels, job->parts, part + 1) - first_filter;
  intptr_t row = p->source_channels * p->first_tap[1], length = length_of(p);
  float *partial = job->partials + ((chunk * p->groups + group) * p->result_channels + first_filter) * row;
  memset(partial, 0, (size_t)(filters * row) * sizeof(float));

  // All units of a panel of one channel stand together, and so those of one filter.
  intptr_t channel = p->planes * p->plane, x_size = p->source_channels * job->x_distance;
  intptr_t g_distance = job->panel * length + overrun(job), g_size = filters * g_distance;
  float *planes = gb_thread_buffer(GB_SOURCE, (size_t)x_size * sizeof(float));
  float *gradients = gb_thread_buffer(GB_DESTINATION, (size_t)g_size * sizeof(float));

  intptr_t unit = gb_piece_start(job->units, job->chunks, chunk);
  intptr_t end = gb_piece_start(job->units, job->chunks, chunk + 1);
  while (unit < end) {
    intptr_t count = end - unit < job->panel ? end - unit : job->panel;
    for (intptr_t i = 0; i < count; i++, unit++) {
      intptr_t picture = unit / p->bands * p->groups + group;
      intptr_t first_row = gb_piece_start(y->most_results, p->bands, unit % p->bands);
      intptr_t rows = gb_piece_start(y->most_results, p->bands, unit % p->bands + 1) - first_row;
      const float *g = job->g + (picture * p->result_channels + first_filter) * y->result_size * x->result_size;
      gb_fill_planes(p, kernels, p->source_channels, first_row, rows + y->greatest_shift,
                     job->x + picture * p->source_channels * y->source_size * x->source_size, job->x_end,
                     planes + i * channel, job->x_distance);
      fill_gradient(job, filters, first_row, rows, length, g, gradients + i * length, g_distance);
    }
    for (intptr_t f = 0; f < filters; f += GB_MOST_DOT_FILTERS) {
      intptr_t some = filters - f < GB_MOST_DOT_FILTERS ? filters - f : GB_MOST_DOT_FILTERS;
      for (intptr_t t = 0; t < row; t += kernels->most_dot_taps) {
        intptr_t taps = row - t < kernels->most_dot_taps ? row - t : kernels->most_dot_taps;
        kernels->dot[some - 1][taps - 1](gradients + f * g_distance, g_distance, length, planes, job->offsets + t,
                                         channel, count, length, partial + f * row + t, row);
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
  job.units = shape->batch * p->bands;
  job.chunks = gb_weight_chunks(shape, job.units, length_of(p), 1280);
  job.parts = gb_convolution_pieces(shape, 8) / (job.chunks * p->groups);
  // A part lays out all of x for its few filters.
  if (job.parts > p->result_channels / 8) job.parts = p->result_channels / 8;
  if (job.parts < 1) job.parts = 1;
  intptr_t unit = p->source_channels * p->planes * p->plane + p->result_channels / job.parts * length_of(p);
  job.panel = (512 << 10) / (unit * (intptr_t)sizeof(float));
  intptr_t most = (job.units + job.chunks - 1) / job.chunks;
  job.panel = job.panel < 1 ? 1 : job.panel < most ? job.panel : most;
  job.x_distance = job.panel * p->planes * p->plane + overrun(&job);
  job.offsets = gb_thread_buffer(GB_SHARED_WEIGHTS, (size_t)row * sizeof(intptr_t));
  for (intptr_t c = 0; c < p->source_channels; c++) {
    for (intptr_t t = 0; t < taps; t++) job.offsets[c * taps + t] = c * job.x_distance + p->offset[t];
  }
  job.partials = dw;
  if (job.chunks > 1) {
    job.partials = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job.chunks * weights) * sizeof(float));
  }
  gb_run_pieces(job.chunks * p->groups * job.parts, run_piece, &job);
  if (job.chunks > 1) gb_add_partials(job.partials, job.chunks, weights, dw);
  return true;
}
