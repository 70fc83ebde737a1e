#include "winograd.h"

#include <string.h>

#include "direct_kernels.h"
#include "pieces.h"
#include "transpose.h"

typedef struct {
  void (*transform_row)(const float *rows, intptr_t pitch, intptr_t tiles, float *transformed, intptr_t distance);
  void (*write_tiles)(const float *products, intptr_t distance, float bias, intptr_t rows, intptr_t columns,
                      float *result);
  void (*transform_weights)(const float *weights, bool is_turned, intptr_t count, float *transformed, intptr_t distance);
} winograd_kernels;

#define KERNELS "winograd_tiles.h"
#include "each_instruction_set.h"

enum { PLACES = 16, TAPS = 9 };

/// A convolution of `sources` channels of [height, width] to `results` channels of [rows, columns].
typedef struct {
  const winograd_kernels *kernels;
  const gb_direct_kernels *sums;
  bool input_gradient;
  intptr_t batch, sources, results, height, width, rows, columns, padding;
  const float *source, *source_end, *w, *bias;
  float *result, *weights;
  /// Tiles of a row, rows of tiles of a picture, and of those how many a block has.
  intptr_t tiles, tile_rows, block_rows;
  /// Result channels come in groups of nearly equal size, each with its weights together: [16 places][sources, results of the group].
  intptr_t groups, weights_distance;
  /// A block's transformed sources are [16 places][sources, block_pitch], and its products the same of the results.
  intptr_t block_pitch, sources_distance, products_distance;
} winograd_job;

bool gb_is_winograd(const gb_conv2d *s) {
  for (int axis = 0; axis < 2; axis++) {
    if (s->kernel[axis] != 3 || s->stride[axis] != 1 || s->dilation[axis] != 1 || s->padding[axis] > 2) return false;
  }
  return s->groups == 1 && s->padding[0] == s->padding[1];
}

/// From place to place: 16 streams whose addresses were equal in their last 12 bits would push each other out of the cache.
static intptr_t spread(intptr_t floats) { return (floats + 1023) / 1024 * 1024 + 80; }

/// The weights of group `index`, transformed.
static void transform_weights(void *context, intptr_t index) {
  const winograd_job *job = context;
  intptr_t first = gb_piece_start(job->results, job->groups, index);
  intptr_t count = gb_piece_start(job->results, job->groups, index + 1) - first;
  float *turned = gb_thread_buffer(GB_SOURCE, (size_t)(job->sources * TAPS * count) * sizeof(float));
  if (job->input_gradient) {
    for (intptr_t c = 0; c < job->sources; c++) {
      gb_transpose(TAPS, count, job->w + (c * job->results + first) * TAPS, TAPS, turned + c * TAPS * count, count);
    }
  } else {
    gb_transpose(job->sources * TAPS, count, job->w + first * job->sources * TAPS, job->sources * TAPS, turned, count);
  }
  float *to = job->weights + index * PLACES * job->weights_distance;
  for (intptr_t c = 0; c < job->sources; c++) {
    job->kernels->transform_weights(turned + c * TAPS * count, job->input_gradient, count, to + c * count,
                                    job->weights_distance);
  }
}

/// Rows top..<top + count of one picture's tiles.
typedef struct {
  intptr_t picture, top, count;
} tile_run;

/// As many of the rows at..<end of all pictures' tiles as are of the first one's picture.
static tile_run run_at(const winograd_job *job, intptr_t at, intptr_t end) {
  tile_run run = {.picture = at / job->tile_rows, .top = at % job->tile_rows};
  run.count = end - at < job->tile_rows - run.top ? end - at : job->tile_rows - run.top;
  return run;
}

static void transform_sources(const winograd_job *job, intptr_t first, intptr_t end, float *padded, float *transformed) {
  intptr_t pitch = 2 * job->tiles + 2;
  for (intptr_t c = 0; c < job->sources; c++) {
    float *to = transformed + c * job->block_pitch;
    for (intptr_t at = first; at < end;) {
      tile_run run = run_at(job, at, end);
      const float *source = job->source + (run.picture * job->sources + c) * job->height * job->width;
      // Rows from_row..<to_row of the picture, which may begin above it and end below it.
      intptr_t from_row = 2 * run.top - job->padding, to_row = from_row + 2 * run.count + 2;
      intptr_t above = from_row < 0 ? -from_row : 0, below = to_row > job->height ? to_row - job->height : 0;
      intptr_t inside = to_row - from_row - above - below;
      memset(padded, 0, (size_t)(above * pitch) * sizeof(float));
      job->sums->pad_rows(source + (from_row + above) * job->width, job->source_end, job->width, 1, inside, job->padding,
                          job->width, padded + above * pitch, pitch);
      memset(padded + (above + inside) * pitch, 0, (size_t)(below * pitch) * sizeof(float));
      at += run.count;
      for (intptr_t i = 0; i < run.count; i++, to += job->tiles) {
        job->kernels->transform_row(padded + 2 * i * pitch, pitch, job->tiles, to, job->sources_distance);
      }
    }
  }
}

static void multiply(const winograd_job *job, intptr_t columns, const float *sources, float *products) {
  static const intptr_t no_offset = 0;
  intptr_t lanes = job->sums->lanes, vectors = (columns + lanes - 1) / lanes;
  for (intptr_t place = 0; place < PLACES; place++) {
    for (intptr_t group = 0; group < job->groups; group++) {
      intptr_t first = gb_piece_start(job->results, job->groups, group);
      intptr_t count = gb_piece_start(job->results, job->groups, group + 1) - first;
      intptr_t most = job->sums->accumulators / count;
      if (most > GB_MOST_VECTORS) most = GB_MOST_VECTORS;
      intptr_t tiles = (vectors + most - 1) / most;
      const float *weights = job->weights + (group * PLACES + place) * job->weights_distance;
      const float *from = sources + place * job->sources_distance;
      float *to = products + place * job->products_distance + first * job->block_pitch;
      for (intptr_t i = 0; i < tiles; i++) {
        intptr_t begin = gb_piece_start(vectors, tiles, i), some = gb_piece_start(vectors, tiles, i + 1) - begin;
        job->sums->sum[count - 1][some - 1](weights, from + begin * lanes, job->block_pitch, job->sources, &no_offset, 1,
                                            to + begin * lanes, job->block_pitch);
      }
    }
  }
}

static void write_results(const winograd_job *job, intptr_t first, intptr_t end, const float *products) {
  for (intptr_t k = 0; k < job->results; k++) {
    const float *from = products + k * job->block_pitch;
    float bias = job->bias ? job->bias[k] : 0;
    for (intptr_t at = first; at < end;) {
      tile_run run = run_at(job, at, end);
      float *result = job->result + (run.picture * job->results + k) * job->rows * job->columns;
      at += run.count;
      for (intptr_t row = 2 * run.top; row < 2 * (run.top + run.count); row += 2, from += job->tiles) {
        job->kernels->write_tiles(from, job->products_distance, bias, job->rows - row < 2 ? 1 : 2, job->columns,
                                  result + row * job->columns);
      }
    }
  }
}

static void run_block(void *context, intptr_t index) {
  const winograd_job *job = context;
  intptr_t first = index * job->block_rows, end = first + job->block_rows, all = job->batch * job->tile_rows;
  if (end > all) end = all;
  intptr_t slack = 4 * job->sums->lanes, padded = (2 * job->block_rows + 2) * (2 * job->tiles + 2) + slack;
  float *sources = gb_thread_buffer(GB_SOURCE, (size_t)(PLACES * job->sources_distance) * sizeof(float));
  float *products = gb_thread_buffer(GB_DESTINATION, (size_t)(PLACES * job->products_distance + slack) * sizeof(float));
  transform_sources(job, first, end, gb_thread_buffer(GB_PACKED, (size_t)padded * sizeof(float)), sources);
  multiply(job, (end - first) * job->tiles, sources, products);
  write_results(job, first, end, products);
}

/// Rows of tiles in a block: so many that what belongs to it stays in the second-level cache, but no fewer than two tiles of the sums;
/// near that, the number that wastes the fewest lanes and leaves no core without work at the end.
static intptr_t choose_rows(const winograd_job *job) {
  intptr_t all = job->batch * job->tile_rows, lanes = job->sums->lanes, cores = gb_pieces_for_cores(), chosen = 1;
  intptr_t wanted = (640 << 10) / (PLACES * (intptr_t)sizeof(float) * (job->sources + job->results));
  if (wanted < 4 * lanes) wanted = 4 * lanes;
  double best = 0;
  for (intptr_t rows = 1; rows <= all && (rows == 1 || rows * job->tiles <= 2 * wanted); rows++) {
    intptr_t columns = rows * job->tiles, vectors = (columns + lanes - 1) / lanes;
    intptr_t blocks = (all + rows - 1) / rows, turns = (blocks + cores - 1) / cores;
    double full = (double)columns / (double)(vectors * lanes), busy = (double)all / (double)(turns * cores * rows);
    double near = columns < wanted ? (double)columns / (double)wanted : (double)wanted / (double)columns;
    double score = full * (busy < 1 ? busy : 1) * (0.8 + 0.2 * near);
    if (score > best) best = score, chosen = rows;
  }
  return chosen;
}

static void run(winograd_job *job) {
  job->kernels = FOR_THIS_MACHINE(winograd);
  job->sums = gb_direct_kernels_here();
  intptr_t lanes = job->sums->lanes;
  job->source_end = job->source + job->batch * job->sources * job->height * job->width;
  job->tiles = (job->columns + 1) / 2, job->tile_rows = (job->rows + 1) / 2;
  job->block_rows = choose_rows(job);
  // The last tiles' vectors run over into the next channel's, which are written after them.
  job->block_pitch = (job->block_rows * job->tiles + lanes - 1) / lanes * lanes;
  job->sources_distance = spread(job->sources * job->block_pitch + lanes);
  job->products_distance = spread(job->results * job->block_pitch);
  job->groups = (job->results + job->sums->most_filters - 1) / job->sums->most_filters;
  job->weights_distance = spread(job->sources * ((job->results + job->groups - 1) / job->groups));
  job->weights = gb_thread_buffer(GB_SHARED_WEIGHTS,
                                  (size_t)(job->groups * PLACES * job->weights_distance) * sizeof(float));
  gb_run_pieces(job->groups, transform_weights, job);
  gb_run_pieces((job->batch * job->tile_rows + job->block_rows - 1) / job->block_rows, run_block, job);
}

void gb_winograd_forward(const gb_conv2d *s, const float *x, const float *w, const float *bias, float *y) {
  winograd_job job = {.batch = s->batch, .sources = s->channels, .results = s->filters, .height = s->size[0],
                      .width = s->size[1], .rows = s->out_size[0], .columns = s->out_size[1], .padding = s->padding[0],
                      .source = x, .w = w, .bias = bias, .result = y};
  run(&job);
}

void gb_winograd_input(const gb_conv2d *s, const float *g, const float *w, float *dx) {
  winograd_job job = {.input_gradient = true, .batch = s->batch, .sources = s->filters, .results = s->channels,
                      .height = s->out_size[0], .width = s->out_size[1], .rows = s->size[0], .columns = s->size[1],
                      .padding = 2 - s->padding[0], .source = g, .w = w, .result = dx};
  run(&job);
}
