#include "pointwise.h"

#include "convolution_pieces.h"
#include "product.h"
#include "transpose.h"

/// With the pixels of one picture as columns: y = W·x, dx = Wᵀ·g, dW = g·xᵀ.
typedef struct {
  const gb_conv2d *shape;
  const float *source, *w, *bias, *x, *g;
  float *result;
  /// Per group.
  intptr_t sources, results, pixels;
  /// A unit is one block of pixels of one group of one sample; or, for dW, one group of one sample.
  intptr_t blocks, units, pieces;
} pointwise_job;

bool gb_is_pointwise(const gb_conv2d *s) {
  for (int i = 0; i < 2; i++) {
    if (s->kernel[i] != 1 || s->stride[i] != 1 || s->padding[i] != 0 || s->out_size[i] != s->size[i]) return false;
  }
  return true;
}

static void run_piece(void *context, intptr_t index) {
  const pointwise_job *job = context;
  intptr_t end = gb_piece_start(job->units, job->pieces, index + 1), groups = job->shape->groups;
  for (intptr_t unit = gb_piece_start(job->units, job->pieces, index); unit < end; unit++) {
    intptr_t picture = unit / job->blocks, group = picture % groups;
    intptr_t left = gb_piece_start(job->pixels, job->blocks, unit % job->blocks);
    intptr_t n = gb_piece_start(job->pixels, job->blocks, unit % job->blocks + 1) - left;
    gb_product product = {job->results, n, job->sources, job->sources, 1, job->pixels, 1, job->pixels, false};
    float *result = job->result + picture * job->results * job->pixels + left;
    gb_multiply(&product, job->w + group * job->results * job->sources,
                job->source + picture * job->sources * job->pixels + left, NULL, result);
    if (!job->bias) continue;
    for (intptr_t f = 0; f < job->results; f++) {
      float bias = job->bias[group * job->results + f];
      for (intptr_t i = 0; i < n; i++) result[f * job->pixels + i] += bias;
    }
  }
}

static void run(pointwise_job *job) {
  const gb_conv2d *s = job->shape;
  job->pixels = s->size[0] * s->size[1];
  intptr_t pictures = s->batch * s->groups, wanted = gb_convolution_pieces(s, INTPTR_MAX);
  // Blocks of no fewer than 256 pixels: each reads all the weights.
  job->blocks = job->pixels / 256 < wanted / pictures ? job->pixels / 256 : wanted / pictures;
  if (job->blocks < 1) job->blocks = 1;
  job->units = pictures * job->blocks;
  job->pieces = wanted < job->units ? wanted : job->units;
  gb_run_pieces(job->pieces, run_piece, job);
}

void gb_pointwise_forward(const gb_conv2d *s, const float *x, const float *w, const float *bias, float *y) {
  pointwise_job job = {.shape = s, .source = x, .w = w, .bias = bias, .result = y};
  job.sources = s->channels / s->groups, job.results = s->filters / s->groups;
  run(&job);
}

void gb_pointwise_input(const gb_conv2d *s, const float *g, const float *w, float *dx) {
  pointwise_job job = {.shape = s, .source = g, .result = dx};
  job.sources = s->filters / s->groups, job.results = s->channels / s->groups;
  float *turned = gb_thread_buffer(GB_SHARED_WEIGHTS, (size_t)(s->filters * job.results) * sizeof(float));
  for (intptr_t group = 0; group < s->groups; group++) {
    intptr_t offset = group * job.sources * job.results;
    gb_transpose(job.results, job.sources, w + offset, job.results, turned + offset, job.sources);
  }
  job.w = turned;
  run(&job);
}

/// Piece `index` is one group of one chunk of the batch, with a sum of its own.
static void run_weight_piece(void *context, intptr_t index) {
  const pointwise_job *job = context;
  intptr_t group = index % job->shape->groups, chunk = index / job->shape->groups;
  intptr_t first = gb_piece_start(job->shape->batch, job->pieces, chunk);
  intptr_t end = gb_piece_start(job->shape->batch, job->pieces, chunk + 1);
  for (intptr_t sample = first; sample < end; sample++) {
    intptr_t picture = sample * job->shape->groups + group;
    gb_product product = {.m = job->results, .n = job->sources, .k = job->pixels, .a_row = job->pixels, .a_column = 1};
    product.b_row = 1, product.b_column = job->pixels, product.c_row = job->sources, product.adds = sample > first;
    gb_multiply(&product, job->g + picture * job->results * job->pixels, job->x + picture * job->sources * job->pixels,
                NULL, job->result + index * job->results * job->sources);
  }
}

void gb_pointwise_weight(const gb_conv2d *s, const float *x, const float *g, float *dw) {
  pointwise_job job = {.shape = s, .x = x, .g = g, .result = dw};
  job.sources = s->channels / s->groups, job.results = s->filters / s->groups, job.pixels = s->size[0] * s->size[1];
  intptr_t weights = s->filters * job.sources;
  job.pieces = gb_weight_chunks(s, s->batch, job.pixels, 400);
  if (job.pieces > 1) job.result = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job.pieces * weights) * sizeof(float));
  gb_run_pieces(job.pieces * s->groups, run_weight_piece, &job);
  if (job.pieces > 1) gb_add_partials(job.result, job.pieces, weights, dw);
}
