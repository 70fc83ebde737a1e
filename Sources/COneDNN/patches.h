// A convolution as a matrix product: the patches that the kernel sees become the columns of a matrix.
// Included once for each element type, with SCALAR and GEMM(...) defined.
//
// For one sample and one group, with the filters as W [filters/group, channels/group·kernel], a block of whole output
// rows as P [channels/group·kernel, pixels]:  y = W·P,  dP = Wᵀ·g,  dW = g·Pᵀ.

#include <string.h>

#include "COneDNN.h"
#include "pieces.h"

typedef struct {
  const gb_conv2d *shape;
  const SCALAR *x, *w, *bias, *g;
  SCALAR *result, *partials;
  intptr_t chunks;
} patch_job;

static intptr_t least(intptr_t a, intptr_t b) { return a < b ? a : b; }

/// Output columns lo..<hi whose tap stands inside the picture: 0 ≤ column·stride + shift < width.
static void inside(intptr_t width, intptr_t out_width, intptr_t stride, intptr_t shift, intptr_t *lo, intptr_t *hi) {
  intptr_t first = shift >= 0 ? 0 : (-shift + stride - 1) / stride;
  intptr_t last = shift >= width ? 0 : (width - shift + stride - 1) / stride;
  *hi = least(last, out_width);
  *lo = least(first, *hi < 0 ? 0 : *hi);
  if (*hi < *lo) *hi = *lo;
}

/// Writes (fold false) or adds back (fold true) the patches of output rows top..<bottom of one group's channels of x.
static void move_patches(const gb_conv2d *s, intptr_t top, intptr_t bottom, SCALAR *x, SCALAR *patches, int fold) {
  intptr_t out_width = s->out_size[1], stride = s->stride[1];
  for (intptr_t c = 0; c < s->channels / s->groups; c++) {
    SCALAR *plane = x + c * s->size[0] * s->size[1];
    for (intptr_t ky = 0; ky < s->kernel[0]; ky++) {
      for (intptr_t kx = 0; kx < s->kernel[1]; kx++) {
        intptr_t lo, hi, shift = kx * s->dilation[1] - s->padding[1];
        inside(s->size[1], out_width, stride, shift, &lo, &hi);
        for (intptr_t oy = top; oy < bottom; oy++, patches += out_width) {
          intptr_t y = oy * s->stride[0] + ky * s->dilation[0] - s->padding[0];
          int outside = y < 0 || y >= s->size[0];
          // Never form a pointer before the plane: shift alone may be negative.
          if (fold) {
            if (outside) continue;
            SCALAR *row = plane + y * s->size[1];
            for (intptr_t ox = lo; ox < hi; ox++) row[ox * stride + shift] += patches[ox];
          } else if (outside) {
            memset(patches, 0, (size_t)out_width * sizeof(SCALAR));
          } else {
            const SCALAR *row = plane + y * s->size[1];
            for (intptr_t ox = 0; ox < lo; ox++) patches[ox] = 0;
            if (stride == 1) {
              if (hi > lo) memcpy(patches + lo, row + lo + shift, (size_t)(hi - lo) * sizeof(SCALAR));
            } else {
              for (intptr_t ox = lo; ox < hi; ox++) patches[ox] = row[ox * stride + shift];
            }
            for (intptr_t ox = hi; ox < out_width; ox++) patches[ox] = 0;
          }
        }
      }
    }
  }
}

/// Output rows a block: its patches should stay in the second-level cache.
static intptr_t block_rows(const gb_conv2d *s) {
  intptr_t row = s->channels / s->groups * s->kernel[0] * s->kernel[1] * s->out_size[1] * (intptr_t)sizeof(SCALAR);
  intptr_t rows = row > 0 ? (512 << 10) / row : s->out_size[0];
  return rows < 1 ? 1 : least(rows, s->out_size[0]);
}

/// One sample's, one group's sizes in elements.
typedef struct {
  intptr_t filters, taps, pixels, x, y, w, rows;
  SCALAR *patches;
} patch_sizes;

static patch_sizes sizes(const gb_conv2d *s) {
  patch_sizes z = {.filters = s->filters / s->groups,
                   .taps = s->channels / s->groups * s->kernel[0] * s->kernel[1],
                   .pixels = s->out_size[0] * s->out_size[1],
                   .x = s->channels / s->groups * s->size[0] * s->size[1],
                   .rows = block_rows(s)};
  z.y = z.filters * z.pixels;
  z.w = z.filters * z.taps;
  z.patches = gb_thread_buffer(GB_SOURCE, (size_t)(z.taps * z.rows * s->out_size[1]) * sizeof(SCALAR));
  return z;
}

/// Piece `index` is one group of one sample.
static void forward_piece(void *context, intptr_t index) {
  const patch_job *job = context;
  const gb_conv2d *s = job->shape;
  patch_sizes z = sizes(s);
  intptr_t group = index % s->groups;
  SCALAR *y = job->result + index * z.y;
  for (intptr_t top = 0; top < s->out_size[0]; top += z.rows) {
    intptr_t bottom = least(top + z.rows, s->out_size[0]), pixels = (bottom - top) * s->out_size[1];
    // The cast drops const, but without `fold` x is only read.
    move_patches(s, top, bottom, (SCALAR *)job->x + index * z.x, z.patches, 0);
    GEMM(0, 0, z.filters, pixels, z.taps, job->w + group * z.w, z.taps, z.patches, pixels, 0, y + top * s->out_size[1],
         z.pixels);
  }
  if (!job->bias) return;
  for (intptr_t f = 0; f < z.filters; f++) {
    SCALAR bias = job->bias[group * z.filters + f];
    for (intptr_t i = 0; i < z.pixels; i++) y[f * z.pixels + i] += bias;
  }
}

static void input_piece(void *context, intptr_t index) {
  const patch_job *job = context;
  const gb_conv2d *s = job->shape;
  patch_sizes z = sizes(s);
  const SCALAR *g = job->g + index * z.y, *w = job->w + index % s->groups * z.w;
  SCALAR *x = job->result + index * z.x;
  memset(x, 0, (size_t)z.x * sizeof(SCALAR));
  for (intptr_t top = 0; top < s->out_size[0]; top += z.rows) {
    intptr_t bottom = least(top + z.rows, s->out_size[0]), pixels = (bottom - top) * s->out_size[1];
    GEMM(1, 0, z.taps, pixels, z.filters, w, z.taps, g + top * s->out_size[1], z.pixels, 0, z.patches, pixels);
    move_patches(s, top, bottom, x, z.patches, 1);
  }
}

/// Piece `index` is one chunk of the batch, all groups; its sum goes to its own place.
static void weight_piece(void *context, intptr_t index) {
  const patch_job *job = context;
  const gb_conv2d *s = job->shape;
  patch_sizes z = sizes(s);
  SCALAR *partial = job->partials + index * s->groups * z.w;
  intptr_t first = gb_piece_start(s->batch, job->chunks, index);
  intptr_t last = gb_piece_start(s->batch, job->chunks, index + 1);
  memset(partial, 0, (size_t)(s->groups * z.w) * sizeof(SCALAR));
  for (intptr_t i = first * s->groups; i < last * s->groups; i++) {
    for (intptr_t top = 0; top < s->out_size[0]; top += z.rows) {
      intptr_t bottom = least(top + z.rows, s->out_size[0]), pixels = (bottom - top) * s->out_size[1];
      move_patches(s, top, bottom, (SCALAR *)job->x + i * z.x, z.patches, 0);
      GEMM(0, 1, z.filters, z.taps, pixels, job->g + i * z.y + top * s->out_size[1], z.pixels, z.patches, pixels, 1,
           partial + i % s->groups * z.w, z.taps);
    }
  }
}

/// Nothing to sum over, or nothing to fill: the libraries need not know about those.
static int is_degenerate(const gb_conv2d *s) {
  return s->batch <= 0 || s->channels <= 0 || s->filters <= 0 || s->kernel[0] <= 0 || s->kernel[1] <= 0 ||
         s->size[0] <= 0 || s->size[1] <= 0 || s->out_size[0] <= 0 || s->out_size[1] <= 0;
}

static void degenerate_forward(const gb_conv2d *s, const SCALAR *bias, SCALAR *y) {
  intptr_t pixels = s->out_size[0] * s->out_size[1];
  for (intptr_t i = 0; i < s->batch * s->filters; i++) {
    for (intptr_t j = 0; j < pixels; j++) y[i * pixels + j] = bias ? bias[i % s->filters] : 0;
  }
}

static void degenerate_input(const gb_conv2d *s, SCALAR *dx) {
  memset(dx, 0, (size_t)(s->batch * s->channels * s->size[0] * s->size[1]) * sizeof(SCALAR));
}

static intptr_t weight_count(const gb_conv2d *s) {
  return s->filters * (s->channels / s->groups) * s->kernel[0] * s->kernel[1];
}

static void degenerate_weight(const gb_conv2d *s, SCALAR *dw) {
  memset(dw, 0, (size_t)weight_count(s) * sizeof(SCALAR));
}

static void patch_forward(const gb_conv2d *s, const SCALAR *x, const SCALAR *w, const SCALAR *bias, SCALAR *y) {
  patch_job job = {.shape = s, .x = x, .w = w, .bias = bias, .result = y};
  gb_run_pieces(s->batch * s->groups, forward_piece, &job);
}

static void patch_input(const gb_conv2d *s, const SCALAR *g, const SCALAR *w, SCALAR *dx) {
  patch_job job = {.shape = s, .g = g, .w = w, .result = dx};
  gb_run_pieces(s->batch * s->groups, input_piece, &job);
}

/// dw = partials[0] + partials[1] + …, in that order.
static void add_partials(const SCALAR *partials, intptr_t chunks, intptr_t count, SCALAR *dw) {
  memcpy(dw, partials, (size_t)count * sizeof(SCALAR));
  for (intptr_t chunk = 1; chunk < chunks; chunk++) {
    const SCALAR *partial = partials + chunk * count;
    for (intptr_t i = 0; i < count; i++) dw[i] += partial[i];
  }
}

static void patch_weight(const gb_conv2d *s, const SCALAR *x, const SCALAR *g, SCALAR *dw) {
  intptr_t count = weight_count(s);
  patch_job job = {.shape = s, .x = x, .g = g, .chunks = least(s->batch, 8)};
  job.partials = gb_thread_buffer(GB_SHARED_PARTIALS, (size_t)(job.chunks * count) * sizeof(SCALAR));
  gb_run_pieces(job.chunks, weight_piece, &job);
  add_partials(job.partials, job.chunks, count, dw);
}
