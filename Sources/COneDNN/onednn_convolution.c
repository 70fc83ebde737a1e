// The batch is cut into pieces, and each runs the primitive between reorders into the layouts that the primitive likes,
// while the piece is in the cache.

#include "onednn_convolution.h"

#include <string.h>

#include "convolution_pieces.h"
#include "primitive_cache.h"

typedef struct {
  const gb_conv2d *shape;
  gb_direction direction;
  const float *x, *w, *bias, *y;
  float *result;
  intptr_t pieces;
  /// For pieces of the smaller batch size and of one more; the weights in each one's layout.
  gb_convolution *convolutions[2];
  const void *weights[2];
} convolution_job;

static const void *reordered(const gb_operand *operand, const float *plain, gb_buffer buffer) {
  if (!operand->reorder) return plain;
  void *own = gb_thread_buffer(buffer, operand->own_bytes);
  gb_argument arguments[] = {{DNNL_ARG_FROM, operand->plain, plain}, {DNNL_ARG_TO, operand->own, own}};
  gb_execute(operand->reorder, 2, arguments);
  return own;
}

static void *result_buffer(const gb_operand *operand, float *plain, gb_buffer buffer) {
  return operand->reorder ? gb_thread_buffer(buffer, operand->own_bytes) : plain;
}

static void write_result(const gb_operand *operand, const void *own, float *plain) {
  if (!operand->reorder) return;
  gb_argument arguments[] = {{DNNL_ARG_FROM, operand->own, own}, {DNNL_ARG_TO, operand->plain, plain}};
  gb_execute(operand->reorder, 2, arguments);
}

static void run_piece(void *context, intptr_t index) {
  const convolution_job *job = context;
  const gb_conv2d *s = job->shape;
  intptr_t first = gb_piece_start(s->batch, job->pieces, index);
  intptr_t more = gb_piece_start(s->batch, job->pieces, index + 1) - first - s->batch / job->pieces;
  const gb_convolution *c = job->convolutions[more];
  intptr_t x_offset = first * s->channels * s->size[0] * s->size[1];
  intptr_t y_offset = first * s->filters * s->out_size[0] * s->out_size[1];
  gb_argument scratchpad = {DNNL_ARG_SCRATCHPAD, c->scratchpad, gb_thread_buffer(GB_SCRATCHPAD, c->scratchpad_bytes)};

  if (job->direction == GB_FORWARD) {
    const void *x = reordered(&c->x, job->x + x_offset, GB_SOURCE);
    float *plain = job->result + y_offset;
    void *y = result_buffer(&c->y, plain, GB_DESTINATION);
    gb_argument arguments[] = {{DNNL_ARG_SRC, c->x.own, x},
                               {DNNL_ARG_WEIGHTS, c->w.own, job->weights[more]},
                               {DNNL_ARG_DST, c->y.own, y},
                               scratchpad,
                               {DNNL_ARG_BIAS, c->bias, job->bias}};
    gb_execute(c->primitive, job->bias ? 5 : 4, arguments);
    write_result(&c->y, y, plain);
  } else if (job->direction == GB_INPUT_GRADIENT) {
    const void *g = reordered(&c->y, job->y + y_offset, GB_DESTINATION);
    float *plain = job->result + x_offset;
    void *dx = result_buffer(&c->x, plain, GB_SOURCE);
    gb_argument arguments[] = {{DNNL_ARG_DIFF_SRC, c->x.own, dx},
                               {DNNL_ARG_WEIGHTS, c->w.own, job->weights[more]},
                               {DNNL_ARG_DIFF_DST, c->y.own, g},
                               scratchpad};
    gb_execute(c->primitive, 4, arguments);
    write_result(&c->x, dx, plain);
  } else {
    const void *x = reordered(&c->x, job->x + x_offset, GB_SOURCE);
    const void *g = reordered(&c->y, job->y + y_offset, GB_DESTINATION);
    float *plain = job->result + index * s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
    void *dw = result_buffer(&c->w, plain, GB_WEIGHTS);
    gb_argument arguments[] = {{DNNL_ARG_SRC, c->x.own, x},
                               {DNNL_ARG_DIFF_WEIGHTS, c->w.own, dw},
                               {DNNL_ARG_DIFF_DST, c->y.own, g},
                               scratchpad};
    gb_execute(c->primitive, 4, arguments);
    write_result(&c->w, dw, plain);
  }
}

static void reorder_weights(void *context, intptr_t index) {
  (void)index;
  convolution_job *job = context;
  static const gb_buffer names[2] = {GB_SHARED_WEIGHTS, GB_SHARED_OTHER_WEIGHTS};
  for (int i = 0; i < 2; i++) {
    if (job->convolutions[i]) job->weights[i] = reordered(&job->convolutions[i]->w, job->w, names[i]);
  }
}

/// False if oneDNN has no such convolution.
static bool prepare(convolution_job *job) {
  const gb_conv2d *s = job->shape;
  for (int more = 0; more < 2; more++) {
    if (more && s->batch % job->pieces == 0) break;
    gb_primitive_key key;
    memset(&key, 0, sizeof key);
    key.shape = *s;
    key.shape.batch = s->batch / job->pieces + more;
    key.direction = job->direction;
    key.has_bias = job->bias != NULL;
    job->convolutions[more] = gb_convolution_acquire(&key);
    if (!job->convolutions[more]) return false;
  }
  return true;
}

static void finish(convolution_job *job) {
  gb_convolution_release(job->convolutions[0]);
  gb_convolution_release(job->convolutions[1]);
}

static bool run(convolution_job *job) {
  bool offered = prepare(job);
  if (offered) {
    if (job->direction != GB_WEIGHT_GRADIENT) gb_run_pieces(1, reorder_weights, job);
    gb_run_pieces(job->pieces, run_piece, job);
  }
  finish(job);
  return offered;
}

/// Every piece reads all weights. Where those do not stay in the second-level cache, there are only as many as the cores need:
/// 512 → 512 channels, 3×3, of 7×7 takes 10 ms for eight samples at once and 14 ms one by one.
static intptr_t pieces_of_batch(const gb_conv2d *s) {
  intptr_t pieces = gb_convolution_pieces(s, s->batch), most = gb_pieces_for_cores();
  intptr_t weights = s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
  return weights > 1 << 18 && pieces > most ? most : pieces;
}

bool gb_onednn_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y) {
  convolution_job job = {.shape = shape, .direction = GB_FORWARD, .x = x, .w = w, .bias = bias, .result = y};
  job.pieces = pieces_of_batch(shape);
  return run(&job);
}

bool gb_onednn_input(const gb_conv2d *shape, const float *g, const float *w, float *dx) {
  convolution_job job = {.shape = shape, .direction = GB_INPUT_GRADIENT, .y = g, .w = w, .result = dx};
  job.pieces = pieces_of_batch(shape);
  return run(&job);
}

bool gb_onednn_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw) {
  convolution_job job = {.shape = shape, .direction = GB_WEIGHT_GRADIENT, .x = x, .y = g, .result = dw};
  job.pieces = gb_weight_chunks(shape, shape->batch, shape->out_size[0] * shape->out_size[1], 400);
  intptr_t count = shape->filters * (shape->channels / shape->groups) * shape->kernel[0] * shape->kernel[1];
  if (job.pieces > 1) {
    job.result = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job.pieces * count) * sizeof(float));
  }
  if (!run(&job)) return false;
  if (job.pieces > 1) gb_add_partials(job.result, job.pieces, count, dw);
  return true;
}
