// Matrix products and convolutions by oneDNN (float32, bfloat16) and OpenBLAS (float64), behind one small interface that both
// oneDNN 2.x (Debian 12) and 3.x (Ubuntu 24.04) fill.
//
// The libraries run on one thread each time; the work is cut into pieces by the problem's size and the machine's cores, never by
// the number of threads, and the pieces run on the pool given to gb_onednn_set_parallel. So the bits do not depend on that number.

#ifndef CONEDNN_H
#define CONEDNN_H

#include <stdbool.h>
#include <stdint.h>

/// C = A·B (+ bias) for a batch of row-major matrices. A is m×k, B is k×n, C is m×n and contiguous (row stride n).
/// A's element (i, p) stands at a[i·a_row + p·a_column]; one of the two strides is 1 (likewise B). So a transposed view needs no copy.
/// Batch b begins at a + a_offsets[b], and so on, in elements (null: one matrix at offset 0). C's batch b begins at b·m·n.
/// `bias` (nullable) has n elements and is added to every row.
typedef struct gb_matmul {
  intptr_t m, n, k;
  intptr_t a_row, a_column, b_row, b_column;
  intptr_t batch;
  const intptr_t *a_offsets, *b_offsets;
} gb_matmul;

void gb_matmul_f32(const gb_matmul *shape, const float *a, const float *b, const float *bias, float *c);
void gb_matmul_f64(const gb_matmul *shape, const double *a, const double *b, const double *bias, double *c);

/// The same in bfloat16: sums in float32, rounded once. Only where gb_has_matmul_bf16.
void gb_matmul_bf16(const gb_matmul *shape, const uint16_t *a, const uint16_t *b, const uint16_t *bias, uint16_t *c);
/// Whether the processor multiplies pairs of bfloat16 and the matrices are large enough to gain by it.
bool gb_has_matmul_bf16(intptr_t m, intptr_t n, intptr_t k);

/// A 2-D convolution (cross-correlation, as in every deep-learning library):
/// x [batch, channels, height, width], w [filters, channels/groups, kernel], y [batch, filters, out], all contiguous NCHW.
/// Any kernel, stride, padding, dilation (1 = dense) and groups.
typedef struct gb_conv2d {
  intptr_t batch, channels, filters, groups;
  intptr_t size[2], kernel[2], stride[2], padding[2], dilation[2], out_size[2];
} gb_conv2d;

/// y = x ⋆ w (+ bias[filters], nullable).
void gb_conv2d_f32(const gb_conv2d *shape, const float *x, const float *w, const float *bias, float *y);
/// dx = the transpose of ⋆ in x, applied to g.
void gb_conv2d_input_f32(const gb_conv2d *shape, const float *g, const float *w, float *dx);
/// dw = the transpose of ⋆ in w, applied to g.
void gb_conv2d_weight_f32(const gb_conv2d *shape, const float *x, const float *g, float *dw);

/// The same in float64 by patches and matrix products.
void gb_conv2d_f64(const gb_conv2d *shape, const double *x, const double *w, const double *bias, double *y);
void gb_conv2d_input_f64(const gb_conv2d *shape, const double *g, const double *w, double *dx);
void gb_conv2d_weight_f64(const gb_conv2d *shape, const double *x, const double *g, double *dw);

/// The same in bfloat16, with sums in float32; the gradient of the weights is float32. Each returns false, having done nothing, where
/// the processor does not multiply pairs of bfloat16, or there are too few channels to gain by it.
bool gb_conv2d_bf16(const gb_conv2d *shape, const uint16_t *x, const uint16_t *w, const uint16_t *bias, uint16_t *y);
bool gb_conv2d_input_bf16(const gb_conv2d *shape, const uint16_t *g, const uint16_t *w, uint16_t *dx);
bool gb_conv2d_weight_bf16(const gb_conv2d *shape, const uint16_t *x, const uint16_t *g, float *dw);

/// The pool that pieces run on: runs body(context, i) for i in 0..<n, oneDNN and OpenBLAS held to one thread inside. Until it is
/// set, pieces run one after another on the caller. (`TensorCore` passes CKernels' gb_parallel_for_libraries: this target imports no other.)
typedef void (*gb_parallel_function)(intptr_t n, void (*body)(void *context, intptr_t i), void *context);
void gb_onednn_set_parallel(gb_parallel_function parallel);

/// "oneDNN 2.6.3" and the like, for reports.
const char *gb_onednn_version(void);

#endif
