// float32 convolutions: which of the three ways to take.

#include <dnnl.h>

#include "COneDNN.h"
#include "direct_convolution.h"
#include "onednn_convolution.h"
#include "pieces.h"

static void gemm(int a_transposed, int b_transposed, dnnl_dim_t m, dnnl_dim_t n, dnnl_dim_t k, const float *a,
                 dnnl_dim_t a_leading, const float *b, dnnl_dim_t b_leading, float beta, float *c, dnnl_dim_t c_leading) {
  dnnl_status_t status = dnnl_sgemm(a_transposed ? 'T' : 'N', b_transposed ? 'T' : 'N', m, n, k, 1, a, a_leading, b,
                                    b_leading, beta, c, c_leading);
  if (status != dnnl_success) gb_library_failure("dnnl_sgemm", status);
}

#define SCALAR float
#define GEMM gemm
#include "patches.h"

static bool prefers_direct(const gb_conv2d *s) {
  (void)s;
  return true;
}

void gb_conv2d_f32(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y) {
  if (is_degenerate(shape)) return degenerate_forward(shape, bias, y);
  if (prefers_direct(shape) && gb_direct_forward(shape, x, w, bias, y)) return;
  if (!gb_onednn_forward(shape, x, w, bias, y)) patch_forward(shape, x, w, bias, y);
}

void gb_conv2d_input_f32(const gb_conv2d *shape, const float *g, const float *w, float *dx) {
  if (is_degenerate(shape)) return degenerate_input(shape, dx);
  if (prefers_direct(shape) && gb_direct_input(shape, g, w, dx)) return;
  if (!gb_onednn_input(shape, g, w, dx)) patch_input(shape, g, w, dx);
}

void gb_conv2d_weight_f32(const gb_conv2d *shape, const float *x, const float *g, float *dw) {
  if (is_degenerate(shape)) return degenerate_weight(shape, dw);
  if (prefers_direct(shape) && gb_direct_weight(shape, x, g, dw)) return;
  if (!gb_onednn_weight(shape, x, g, dw)) patch_weight(shape, x, g, dw);
}
