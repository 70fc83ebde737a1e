// The batch is cut into pieces, and each runs the primitive between reorders into the layouts that the primitive likes,
// while the piece is in the cache. Where there are more weights than anything else, the filters are cut instead.

#include "onednn_convolution.h"

#include <string.h>

#include "convolution_pieces.h"
#include "primitive_cache.h"
#include "product.h"

typedef struct {
  const gb_conv2d *shape;
  gb_direction direction;
  bool is_bf16;
  const void *x, *w, *bias, *y;
  /// The gradient of the weights is float32 always.
  void *result;
  intptr_t pieces;
  bool cuts_filters;
  /// For pieces of the smaller size and of one more; the weights in each one's layout.
  gb_primitive *convolutions[2];
  const void *weights[2];
} convolution_job;

static const void *reordered(const gb_operand *operand, const void *plain, gb_buffer buffer) {
  if (!operand->reorder) return plain;
  void *own = gb_thread_buffer(buffer, operand->own_bytes);
  gb_argument arguments[] = {{DNNL_ARG_FROM, operand->plain, plain}, {DNNL_ARG_TO, operand->own, own}};
  gb_execute(operand->reorder, 2, arguments);
  return own;
}

static void *result_buffer(const gb_operand *operand, void *plain, gb_buffer buffer) {
  return operand->reorder ? gb_thread_buffer(buffer, operand->own_bytes) : plain;
}

static void write_result(const gb_operand *operand, const void *own, void *plain) {
  if (!operand->reorder) return;
  gb_argument arguments[] = {{DNNL_ARG_FROM, operand->own, own}, {DNNL_ARG_TO, operand->plain, plain}};
  gb_execute(operand->reorder, 2, arguments);
}

static void run_piece(void *context, intptr_t index) {
  const convolution_job *job = context;
  const gb_conv2d *s = job->shape;
  intptr_t first = gb_piece_start(s->batch, job->pieces, index);
  intptr_t more = gb_piece_start(s->batch, job->pieces, index + 1) - first - s->batch / job->pieces;
  const gb_primitive *c = job->convolutions[more];
  intptr_t bytes = job->is_bf16 ? sizeof(uint16_t) : sizeof(float);
  intptr_t x_offset = first * s->channels * s->size[0] * s->size[1] * bytes;
  intptr_t y_offset = first * s->filters * s->out_size[0] * s->out_size[1] * bytes;
  const char *x_start = job->x, *y_start = job->y;
  char *result = job->result;
  gb_argument scratchpad = {DNNL_ARG_SCRATCHPAD, c->scratchpad, gb_thread_buffer(GB_SCRATCHPAD, c->scratchpad_bytes)};

  if (job->direction == GB_FORWARD) {
    const void *x = reordered(&c->x, x_start + x_offset, GB_SOURCE);
    void *plain = result + y_offset;
    void *y = result_buffer(&c->y, plain, GB_DESTINATION);
    gb_argument arguments[] = {{DNNL_ARG_SRC, c->x.own, x},
                               {DNNL_ARG_WEIGHTS, c->w.own, job->weights[more]},
                               {DNNL_ARG_DST, c->y.own, y},
                               scratchpad,
                               {DNNL_ARG_BIAS, c->bias, job->bias}};
    gb_execute(c->primitive, job->bias ? 5 : 4, arguments);
    write_result(&c->y, y, plain);
  } else if (job->direction == GB_INPUT_GRADIENT) {
    const void *g = reordered(&c->y, y_start + y_offset, GB_DESTINATION);
    void *plain = result + x_offset;
    void *dx = result_buffer(&c->x, plain, GB_SOURCE);
    gb_argument arguments[] = {{DNNL_ARG_DIFF_SRC, c->x.own, dx},
                               {DNNL_ARG_WEIGHTS, c->w.own, job->weights[more]},
                               {DNNL_ARG_DIFF_DST, c->y.own, g},
                               scratchpad};
    gb_execute(c->primitive, 4, arguments);
    write_result(&c->x, dx, plain);
  } else {
    const void *x = reordered(&c->x, x_start + x_offset, GB_SOURCE);
    const void *g = reordered(&c->y, y_start + y_offset, GB_DESTINATION);
    float *plain = (float *)job->result + index * s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
    void *dw = result_buffer(&c->w, plain, GB_WEIGHTS);
    gb_argument arguments[] = {{DNNL_ARG_SRC, c->x.own, x},
                               {DNNL_ARG_DIFF_WEIGHTS, c->w.own, dw},
                               {DNNL_ARG_DIFF_DST, c->y.own, g},
                               scratchpad};
    gb_execute(c->primitive, 4, arguments);
    write_result(&c->w, dw, plain);
  }
}

/// The forward convolution of all samples with one piece of the filters.
static void run_filters(void *context, intptr_t index) {
  const convolution_job *job = context;
  const gb_conv2d *s = job->shape;
  intptr_t first = gb_piece_start(s->filters, job->pieces, index), pixels = s->out_size[0] * s->out_size[1];
  intptr_t more = gb_piece_start(s->filters, job->pieces, index + 1) - first - s->filters / job->pieces;
  const gb_primitive *c = job->convolutions[more];
  intptr_t bytes = job->is_bf16 ? sizeof(uint16_t) : sizeof(float);
  const char *weights = job->w, *bias = job->bias;
  const void *x = reordered(&c->x, job->x, GB_SOURCE);
  const void *w =
      reordered(&c->w, weights + first * s->channels * s->kernel[0] * s->kernel[1] * bytes, GB_WEIGHTS);
  void *plain = (char *)job->result + first * pixels * bytes;
  void *y = result_buffer(&c->y, plain, GB_DESTINATION);
  gb_argument arguments[] = {
      {DNNL_ARG_SRC, c->x.own, x},
      {DNNL_ARG_WEIGHTS, c->w.own, w},
      {DNNL_ARG_DST, c->y.own, y},
      {DNNL_ARG_SCRATCHPAD, c->scratchpad, gb_thread_buffer(GB_SCRATCHPAD, c->scratchpad_bytes)},
      {DNNL_ARG_BIAS, c->bias, bias ? bias + first * bytes : NULL}};
  gb_execute(c->primitive, bias ? 5 : 4, arguments);
  write_result(&c->y, y, plain);
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
  intptr_t total = job->cuts_filters ? s->filters : s->batch;
  for (int more = 0; more < 2; more++) {
    if (more && total % job->pieces == 0) break;
    gb_primitive_key key;
    memset(&key, 0, sizeof key);
    key.shape.convolution = *s;
    if (job->cuts_filters) {
      key.shape.convolution.filters = s->filters / job->pieces + more;
      key.y_sample = s->filters * s->out_size[0] * s->out_size[1];
    } else {
      key.shape.convolution.batch = s->batch / job->pieces + more;
    }
    key.direction = job->direction;
    key.has_bias = job->bias != NULL;
    key.is_bf16 = job->is_bf16;
    job->convolutions[more] = gb_primitive_acquire(&key);
    if (!job->convolutions[more]) return false;
  }
  return true;
}

static void finish(convolution_job *job) {
  gb_primitive_release(job->convolutions[0]);
  gb_primitive_release(job->convolutions[1]);
}

static bool run(convolution_job *job) {
  bool offered = prepare(job);
  if (offered) {
    bool shares_weights = job->direction != GB_WEIGHT_GRADIENT && !job->cuts_filters;
    if (shares_weights) gb_run_pieces(1, reorder_weights, job);
    gb_run_pieces(job->pieces, job->cuts_filters ? run_filters : run_piece, job);
  }
  finish(job);
  return offered;
}

/// How to cut a convolution whose every piece of the batch reads all weights. Where those do not stay in the second-level cache, there
/// are only as many pieces as the cores need: 512 → 512 channels, 3×3, of 7×7 takes 10 ms for eight samples at once and 14 ms one by one.
/// And where there are more weights than pixels, each piece had better read a part of the weights.
static void choose_pieces(convolution_job *job) {
  const gb_conv2d *s = job->shape;
  intptr_t cores = gb_pieces_for_cores();
  intptr_t weights = s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
  job->pieces = gb_convolution_pieces(s, s->batch);
  if (weights <= 1 << 18) return;
  intptr_t pixels = s->batch * s->channels * s->size[0] * s->size[1];
  job->cuts_filters = job->direction == GB_FORWARD && s->groups == 1 && weights > pixels && s->filters >= 64 * cores;
  if (job->cuts_filters || job->pieces > cores) job->pieces = cores;
}

static bool run_over_batch(convolution_job *job) {
  choose_pieces(job);
  return run(job);
}

static bool run_for_weights(convolution_job *job, float *dw) {
  const gb_conv2d *s = job->shape;
  job->direction = GB_WEIGHT_GRADIENT;
  job->result = dw;
  job->pieces = gb_weight_chunks(s, s->batch, s->out_size[0] * s->out_size[1], 400);
  intptr_t count = s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
  if (job->pieces > 1) {
    job->result = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job->pieces * count) * sizeof(float));
  }
  if (!run(job)) return false;
  if (job->pieces > 1) gb_add_partials(job->result, job->pieces, count, dw);
  return true;
}

bool gb_onednn_forward(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y) {
  convolution_job job = {.shape = shape, .direction = GB_FORWARD, .x = x, .w = w, .bias = bias, .result = y};
  return run_over_batch(&job);
}

bool gb_onednn_input(const gb_conv2d *shape, const float *g, const float *w, float *dx) {
  convolution_job job = {.shape = shape, .direction = GB_INPUT_GRADIENT, .y = g, .w = w, .result = dx};
  return run_over_batch(&job);
}

bool gb_onednn_weight(const gb_conv2d *shape, const float *x, const float *g, float *dw) {
  convolution_job job = {.shape = shape, .x = x, .y = g};
  return run_for_weights(&job, dw);
}

/// As measured on a core with AVX512_BF16 against float32 with casts: 1.1 to 2.7 times as fast from 16 channels on, and down to a sixth
/// with few.
static bool prefers_bf16(const gb_conv2d *s) {
  intptr_t channels = s->channels / s->groups, filters = s->filters / s->groups;
  bool is_empty = s->batch < 1 || s->out_size[0] < 1 || s->out_size[1] < 1 || s->kernel[0] < 1 || s->kernel[1] < 1;
  return channels >= 16 && filters >= 16 && !is_empty && gb_has_bf16();
}

bool gb_conv2d_bf16(const gb_conv2d *shape, const uint16_t *x, const uint16_t *w, const uint16_t *bias, uint16_t *y) {
  convolution_job job = {.shape = shape, .is_bf16 = true, .x = x, .w = w, .bias = bias, .result = y};
  return prefers_bf16(shape) && run_over_batch(&job);
}

bool gb_conv2d_input_bf16(const gb_conv2d *shape, const uint16_t *g, const uint16_t *w, uint16_t *dx) {
  convolution_job job = {
      .shape = shape, .direction = GB_INPUT_GRADIENT, .is_bf16 = true, .y = g, .w = w, .result = dx};
  return prefers_bf16(shape) && run_over_batch(&job);
}

bool gb_conv2d_weight_bf16(const gb_conv2d *shape, const uint16_t *x, const uint16_t *g, float *dw) {
  convolution_job job = {.shape = shape, .is_bf16 = true, .x = x, .y = g};
  return prefers_bf16(shape) && run_for_weights(&job, dw);
}
