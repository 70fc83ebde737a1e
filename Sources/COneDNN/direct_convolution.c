#include "direct_convolution.h"

#include "convolution_pieces.h"
#include "direct_kernels.h"
#include "direct_plan.h"
#include "transpose.h"

typedef struct {
  const gb_conv2d *shape;
  bool input_gradient;
  gb_direct_plan plan;
  const gb_direct_kernels *kernels;
  const float *source, *source_end, *w, *bias;
  float *result, *packed;
  /// Results come in blocks of nearly equal size. A unit of work is one share of the blocks of one band of one group of
  /// one sample: each share lays the band out for itself, so there is one, except for very small batches.
  intptr_t blocks, shares, units, pieces;
} direct_job;

/// The weights in the order the tiles read them: [group, block][result phase, source channel, tap, result].
/// Piece `index` is one block of one group.
static void pack_weights(void *context, intptr_t index) {
  const direct_job *job = context;
  const gb_direct_plan *p = &job->plan;
  intptr_t group = index / job->blocks, block = index % job->blocks;
  intptr_t first = gb_piece_start(p->result_channels, job->blocks, block);
  intptr_t count = gb_piece_start(p->result_channels, job->blocks, block + 1) - first;
  intptr_t kernel = job->shape->kernel[0] * job->shape->kernel[1], filter = job->shape->channels / p->groups * kernel;
  // From result to result and from source to source; the group's weights are contiguous.
  intptr_t to_result = job->input_gradient ? kernel : filter, to_source = job->input_gradient ? filter : kernel;
  intptr_t used = p->first_tap[p->result_phases] * p->source_channels;
  const float *w = job->w + group * p->result_channels * p->source_channels * kernel + first * to_result;
  float *packed = job->packed + (group * p->result_channels + first) * used;
  // The usual case: every tap in its natural order.
  bool natural = p->result_phases == 1 && p->first_tap[1] == kernel;
  if (natural && !job->input_gradient) {
    gb_transpose(used, count, w, to_result, packed, count);
    return;
  }
  for (intptr_t phase = 0; phase < p->result_phases; phase++) {
    for (intptr_t c = 0; c < p->source_channels; c++) {
      if (natural) {
        gb_transpose(kernel, count, w + c * to_source, to_result, packed, count);
        packed += kernel * count;
        continue;
      }
      for (intptr_t t = p->first_tap[phase]; t < p->first_tap[phase + 1]; t++, packed += count) {
        const float *from = w + c * to_source + p->kernel_index[t];
        for (intptr_t f = 0; f < count; f++) packed[f] = from[f * to_result];
      }
    }
  }
}

/// Puts `rows` rows of one channel's y phase, computed with the planes' pitch, where they belong; x phase r stands at
/// computed + r·phase_distance.
static void write_channel(const direct_job *job, intptr_t y_phase, intptr_t first_row, intptr_t rows,
                          const float *computed, intptr_t phase_distance, float bias, float *result) {
  const gb_direct_plan *p = &job->plan;
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  intptr_t width = x->result_size;
  float *row = result + (y->result_step * first_row + y->result_first[y_phase]) * width;
  if (x->result_step == 1 && y->result_step == 1) {
    job->kernels->write_rows(computed, p->pitch, bias, rows, width, row, width, row + rows * width);
    return;
  }
  for (intptr_t r = 0; r < rows; r++, computed += p->pitch, row += y->result_step * width) {
    if (x->result_step == 1) {
      job->kernels->write_rows(computed, p->pitch, bias, 1, width, row, width, row + width);
    } else if (x->result_step == 2 && x->result_phases == 2) {
      const float *of_phase[2] = {computed, computed + phase_distance};
      job->kernels->interleave_row(of_phase[x->result_first[0]], of_phase[x->result_first[1]], bias, width, row);
    } else {
      for (intptr_t rx = 0; rx < x->result_phases; rx++) {
        const float *from = computed + rx * phase_distance;
        float *to = row + x->result_first[rx];
        for (intptr_t o = 0; o < x->result_count[rx]; o++) to[o * x->result_step] = from[o] + bias;
      }
    }
  }
}

static void run_block(const direct_job *job, intptr_t phase, intptr_t filters, const float *weights,
                      const float *planes, intptr_t vectors, float *computed) {
  const gb_direct_plan *p = &job->plan;
  intptr_t most = job->kernels->accumulators / filters, lanes = job->kernels->lanes;
  if (most > GB_MOST_VECTORS) most = GB_MOST_VECTORS;
  intptr_t tiles = (vectors + most - 1) / most, first_tap = p->first_tap[phase];
  for (intptr_t i = 0; i < tiles; i++) {
    intptr_t from = gb_piece_start(vectors, tiles, i), count = gb_piece_start(vectors, tiles, i + 1) - from;
    job->kernels->sum[filters - 1][count - 1](weights, planes + from * lanes, p->planes * p->plane, p->source_channels,
                                              p->offset + first_tap, p->first_tap[phase + 1] - first_tap,
                                              computed + from * lanes, vectors * lanes);
  }
}

static void run_unit(const direct_job *job, intptr_t unit, float *planes, float *computed) {
  const gb_direct_plan *p = &job->plan;
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  intptr_t share = unit % job->shares, band = unit / job->shares % p->bands;
  intptr_t picture = unit / job->shares / p->bands, group = picture % p->groups;
  intptr_t begin = gb_piece_start(y->most_results, p->bands, band);
  intptr_t end = gb_piece_start(y->most_results, p->bands, band + 1);
  gb_fill_planes(p, job->kernels, p->source_channels, begin, end - begin + y->greatest_shift,
                 job->source + picture * p->source_channels * y->source_size * x->source_size, job->source_end, planes,
                 p->planes * p->plane);

  intptr_t lanes = job->kernels->lanes;
  intptr_t pixels = y->result_size * x->result_size, used = p->first_tap[p->result_phases] * p->source_channels;
  float *result = job->result + picture * p->result_channels * pixels;
  intptr_t last_block = gb_piece_start(job->blocks, job->shares, share + 1);
  for (intptr_t block = gb_piece_start(job->blocks, job->shares, share); block < last_block; block++) {
    intptr_t first = gb_piece_start(p->result_channels, job->blocks, block);
    intptr_t filters = gb_piece_start(p->result_channels, job->blocks, block + 1) - first;
    const float *weights = job->packed + (group * p->result_channels + first) * used;
    for (intptr_t ry = 0; ry < y->result_phases; ry++) {
      intptr_t rows = (y->result_count[ry] < end ? y->result_count[ry] : end) - begin;
      if (rows <= 0) continue;
      intptr_t vectors = ((rows - 1) * p->pitch + x->most_results + lanes - 1) / lanes;
      intptr_t phase_distance = filters * vectors * lanes;
      for (intptr_t rx = 0; rx < x->result_phases; rx++) {
        intptr_t phase = ry * x->result_phases + rx;
        run_block(job, phase, filters, weights + p->first_tap[phase] * p->source_channels * filters, planes, vectors,
                  computed + rx * phase_distance);
      }
      for (intptr_t f = 0; f < filters; f++) {
        float bias = job->bias ? job->bias[group * p->result_channels + first + f] : 0;
        write_channel(job, ry, begin, rows, computed + f * vectors * lanes, phase_distance, bias,
                      result + (first + f) * pixels);
      }
    }
  }
}

static void run_piece(void *context, intptr_t index) {
  const direct_job *job = context;
  const gb_direct_plan *p = &job->plan;
  intptr_t planes = p->source_channels * p->planes * p->plane + job->kernels->lanes;
  intptr_t results = GB_MOST_FILTERS * p->axis[1].result_phases * p->plane + job->kernels->lanes;
  float *source = gb_thread_buffer(GB_SOURCE, (size_t)planes * sizeof(float));
  float *computed = gb_thread_buffer(GB_DESTINATION, (size_t)results * sizeof(float));
  intptr_t end = gb_piece_start(job->units, job->pieces, index + 1);
  for (intptr_t unit = gb_piece_start(job->units, job->pieces, index); unit < end; unit++) {
    run_unit(job, unit, source, computed);
  }
}

static bool run(direct_job *job) {
  job->kernels = gb_direct_kernels_here();
  gb_direct_plan *p = &job->plan;
  if (!gb_plan_direct(job->shape, job->input_gradient, job->kernels->lanes, p)) return false;
  const gb_axis *y = &p->axis[0], *x = &p->axis[1];
  job->source_end = job->source + job->shape->batch * p->groups * p->source_channels * y->source_size * x->source_size;
  job->blocks = (p->result_channels + job->kernels->most_filters - 1) / job->kernels->most_filters;
  intptr_t weights = p->groups * p->result_channels * p->source_channels * p->first_tap[p->result_phases];
  job->packed = gb_thread_buffer(GB_SHARED_WEIGHTS, (size_t)weights * sizeof(float));
  intptr_t packs = p->groups * job->blocks;
  if (weights < 1 << 16) {
    for (intptr_t i = 0; i < packs; i++) pack_weights(job, i);
  } else {
    gb_run_pieces(packs, pack_weights, job);
  }
  job->units = job->shape->batch * p->groups * p->bands;
  job->shares = gb_convolution_pieces(job->shape, 8) / job->units;
  if (job->shares > job->blocks) job->shares = job->blocks;
  if (job->shares < 1) job->shares = 1;
  job->units *= job->shares;
  job->pieces = gb_convolution_pieces(job->shape, job->units);
  gb_run_pieces(job->pieces, run_piece, job);
  return true;
}

bool gb_direct_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y) {
  direct_job job = {.shape = shape, .source = x, .w = w, .bias = bias, .result = y};
  return run(&job);
}

bool gb_direct_input(const gb_conv2d *shape, const float *g, const float *w, float *dx) {
  direct_job job = {.shape = shape, .input_gradient = true, .source = g, .w = w, .result = dx};
  return run(&job);
}
