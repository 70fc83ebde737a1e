// float32 convolutions: which way to take, by the shape alone.

#include <stddef.h>

#include "COneDNN.h"
#include "direct_convolution.h"
#include "onednn_convolution.h"
#include "pointwise.h"
#include "product.h"
#include "winograd.h"

static void gemm(int a_transposed, int b_transposed, intptr_t m, intptr_t n, intptr_t k, const float *a,
                 intptr_t a_leading, const float *b, intptr_t b_leading, float beta, float *c, intptr_t c_leading) {
  gb_product product = {.m = m, .n = n, .k = k, .c_row = c_leading, .adds = beta != 0};
  product.a_row = a_transposed ? 1 : a_leading, product.a_column = a_transposed ? a_leading : 1;
  product.b_row = b_transposed ? 1 : b_leading, product.b_column = b_transposed ? b_leading : 1;
  gb_multiply(&product, a, b, NULL, c);
}

#define SCALAR float
#define GEMM gemm
#include "patches.h"

typedef enum { FORWARD, INPUT, WEIGHT } direction;

/// As measured on two cores with AVX-512 against oneDNN 2.6. oneDNN's layouts cost two passes over the data and are
/// made for many channels; ours cost the margin of each row, which is a large part of a small picture.
static bool prefers_direct(const gb_conv2d *s, direction direction) {
  intptr_t channels = s->channels / s->groups, filters = s->filters / s->groups;
  intptr_t outputs = s->out_size[0] * s->out_size[1], inputs = s->size[0] * s->size[1];
  bool depthwise = channels == 1 && filters == 1 && s->groups >= 16;
  // The gradient of x is computed for every position of x, also where few outputs reach it.
  bool mostly_reached = 3 * outputs * s->stride[0] * s->stride[1] > 2 * inputs;
  if (direction == WEIGHT) return (channels < 16 && filters < 32) || outputs >= (channels < 64 ? 196 : 400);
  if (depthwise) return false;
  if (direction == FORWARD) return channels < 256 || outputs > 64 || s->batch < 4;
  return filters < 32 || (mostly_reached && (filters < 256 || outputs > 64));
}

/// As measured in the same way: with few channels its passes over the data cost what it saves in products, and with many the 16 transformed
/// weights that stand for 9 no longer stay in the caches.
static bool prefers_winograd(const gb_conv2d *s) {
  bool many = s->channels >= 16 && s->filters >= 16 && s->channels + s->filters >= 64;
  return many && s->channels * s->filters <= 1 << 16 && gb_is_winograd(s);
}

void gb_conv2d_f32(const gb_conv2d *s, const float *x, const float *w, const float *bias, float *y) {
  if (is_degenerate(s)) return degenerate_forward(s, bias, y);
  if (gb_is_pointwise(s)) return gb_pointwise_forward(s, x, w, bias, y);
  if (prefers_winograd(s)) return gb_winograd_forward(s, x, w, bias, y);
  if (prefers_direct(s, FORWARD) && gb_direct_forward(s, x, w, bias, y)) return;
  if (!gb_onednn_forward(s, x, w, bias, y)) patch_forward(s, x, w, bias, y);
}

void gb_conv2d_input_f32(const gb_conv2d *s, const float *g, const float *w, float *dx) {
  if (is_degenerate(s)) return degenerate_input(s, dx);
  if (gb_is_pointwise(s)) return gb_pointwise_input(s, g, w, dx);
  if (prefers_winograd(s)) return gb_winograd_input(s, g, w, dx);
  if (prefers_direct(s, INPUT) && gb_direct_input(s, g, w, dx)) return;
  if (!gb_onednn_input(s, g, w, dx)) patch_input(s, g, w, dx);
}

void gb_conv2d_weight_f32(const gb_conv2d *s, const float *x, const float *g, float *dw) {
  if (is_degenerate(s)) return degenerate_weight(s, dw);
  if (gb_is_pointwise(s)) return gb_pointwise_weight(s, x, g, dw);
  if (prefers_direct(s, WEIGHT) && gb_direct_weight(s, x, g, dw)) return;
  if (!gb_onednn_weight(s, x, g, dw)) patch_weight(s, x, g, dw);
}
