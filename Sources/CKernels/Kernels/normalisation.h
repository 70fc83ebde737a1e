// Batch normalisation's parts, per channel of [batch, channels, space].

typedef struct {
  gb_dtype dtype;
  intptr_t batch, channels, space;
  const void *x, *g, *scale, *shift, *r, *weight;
  void *mean, *variance, *out, *dweight, *dshift;
  bool streamed;
} channels_call;

#define FILE "normalisation_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

/// Shorter runs of a channel are taken as columns.
#define SHORTEST_RUN 64

#define CHANNELS_PIECE(name)                                                            \
  static void name##_piece(void *context, intptr_t begin, intptr_t end) {               \
    const channels_call *const call = context;                                          \
    if (call->dtype == GB_FLOAT32) name##_f32(call, begin, end);                        \
    else name##_f64(call, begin, end);                                                  \
  }
CHANNELS_PIECE(moments_of_runs)
CHANNELS_PIECE(moments_of_columns)
CHANNELS_PIECE(channel_affine_rows)
CHANNELS_PIECE(channel_affine_columns)
CHANNELS_PIECE(gradient_of_runs)
CHANNELS_PIECE(gradient_of_columns)
#undef CHANNELS_PIECE

/// The channels of a piece of columns: a tile's worth, whatever the batch, since a tile is what is read together.
static intptr_t channels_of_tile(const channels_call *call) {
  const intptr_t per_tile = COLUMNS / call->space, enough = gb_rows_per_piece(call->batch * call->space);
  return enough <= per_tile ? per_tile : (enough + per_tile - 1) / per_tile * per_tile;
}

static void of_channels(channels_call *call, gb_range_body *runs, gb_range_body *columns) {
  if (call->dtype > GB_FLOAT64) gb_unsupported("normalisation", 0, call->dtype);
  if (call->space >= SHORTEST_RUN || call->space == 0) {
    gb_split(call->channels, gb_rows_per_piece(call->batch * call->space), runs, call);
  } else {
    gb_split(call->channels, channels_of_tile(call), columns, call);
  }
}

static void moments(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *x, void *mean,
                    void *variance) {
  channels_call call = {.dtype = dtype, .batch = batch, .channels = channels, .space = space, .x = x, .mean = mean,
                        .variance = variance};
  of_channels(&call, moments_of_runs_piece, moments_of_columns_piece);
}

static void channel_affine(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *x, const void *mean,
                           const void *scale, const void *shift, void *out) {
  if (dtype > GB_FLOAT64) gb_unsupported("normalisation", 0, dtype);
  channels_call call = {.dtype = dtype, .batch = batch, .channels = channels, .space = space, .x = x,
                        .mean = (void *)(uintptr_t)mean, .scale = scale, .shift = shift, .out = out};
  call.streamed = is_streamed((size_t)(batch * channels * space) * gb_size_of(dtype), out, x, NULL);
  if (space == 1) gb_split(batch, gb_rows_per_piece(channels), channel_affine_columns_piece, &call);
  else gb_split(batch * channels, gb_rows_per_piece(space), channel_affine_rows_piece, &call);
}

static void batch_norm_gradient(gb_dtype dtype, intptr_t batch, intptr_t channels, intptr_t space, const void *g, const void *x,
                                const void *mean, const void *r, const void *weight, void *dx, void *dweight, void *dshift) {
  channels_call call = {.dtype = dtype, .batch = batch, .channels = channels, .space = space, .g = g, .x = x,
                        .mean = (void *)(uintptr_t)mean, .r = r, .weight = weight, .out = dx, .dweight = dweight,
                        .dshift = dshift};
  of_channels(&call, gradient_of_runs_piece, gradient_of_columns_piece);
}
