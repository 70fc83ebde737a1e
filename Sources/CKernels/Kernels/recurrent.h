// Recurrent layers: all steps of one direction of one layer, the state's product and the cell's functions fused.
//
// Work is split over the rows of the batch, which do not depend on each other: a thread takes its rows through all steps, and
// no two threads wait for each other on the way.

#if VECTOR_BYTES == 64
#define STATE_ROWS 6
#elif VECTOR_BYTES == 32
#define STATE_ROWS 3
#else
#define STATE_ROWS 2
#endif
#define STATE_VECTORS 4
/// Rows of a panel that fill half of the first-level cache.
#define STATE_PART (24576 / (STATE_VECTORS * VECTOR_BYTES))
#define UNROLLED _Pragma("clang loop unroll(full)")

typedef struct {
  gb_dtype dtype;
  const gb_recurrence *r;
  const gb_recurrence_gradient *d;
  bool is_backward;
  /// Gates; the length of the sums; the panels that the weight is laid out in, and the vectors of columns in each.
  intptr_t gates, k, panels;
  int vectors;
  const void *packed;
} recurrence_call;

#define FILE "recurrent_product_loops.h"
#define WITHOUT_BF16
#include "each_float.h"
#define FILE "recurrent_cell_loops.h"
#define WITHOUT_BF16
#include "each_float.h"
#define FILE "recurrent_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

static void recurrence_piece(void *context, intptr_t begin, intptr_t end) {
  const recurrence_call *const call = context;
  if (call->dtype == GB_FLOAT32) {
    (call->is_backward ? recurrence_gradient_rows_f32 : recurrence_rows_f32)(call, begin, end);
  } else {
    (call->is_backward ? recurrence_gradient_rows_f64 : recurrence_rows_f64)(call, begin, end);
  }
}

static void run_recurrence(recurrence_call *call) {
  const gb_recurrence *const r = call->r;
  if (call->dtype > GB_FLOAT64) gb_unsupported("recurrence", r->cell, call->dtype);
  if (r->batch == 0) return;
  const intptr_t lanes = call->dtype == GB_FLOAT32 ? F32_LANES : F64_LANES;
  call->gates = r->cell == GB_LSTM ? 4 : r->cell == GB_GRU ? 3 : 1;
  call->k = call->is_backward ? call->gates * r->hidden : r->hidden;
  const bool by_gate = call->gates > 1 && !call->is_backward;
  call->vectors = by_gate ? (int)call->gates : STATE_VECTORS;
  const intptr_t columns = (by_gate ? 1 : STATE_VECTORS) * lanes;
  call->panels = (r->hidden + columns - 1) / columns;
  const size_t bytes = (size_t)(call->panels * call->k * call->vectors * lanes) * gb_size_of(call->dtype);
  void *const packed = r->weight == NULL ? NULL : gb_allocate(bytes);
  if (packed != NULL) {
    if (call->dtype == GB_FLOAT32) pack_weight_f32(call, packed); else pack_weight_f64(call, packed);
  }
  call->packed = packed;
  // About a quarter of the batch a piece, and half a million multiplications at least: less is not worth waking a thread for.
  const intptr_t work = r->time * call->gates * r->hidden * (r->weight == NULL ? 16 : r->hidden);
  const intptr_t least = (500000 + work - 1) / work, quarter = (r->batch + 3) / 4;
  const intptr_t fair = quarter < 4 ? 4 : quarter > 32 ? 32 : quarter;
  gb_split(r->batch, fair > least ? fair : least, recurrence_piece, call);
  if (packed != NULL) gb_free(packed, bytes);
}

static void recurrence(gb_dtype dtype, const gb_recurrence *r) {
  run_recurrence(&(recurrence_call){.dtype = dtype, .r = r});
}

static void recurrence_gradient(gb_dtype dtype, const gb_recurrence *r, const gb_recurrence_gradient *d) {
  run_recurrence(&(recurrence_call){.dtype = dtype, .r = r, .d = d, .is_backward = true});
}

#undef UNROLLED
#undef STATE_ROWS
#undef STATE_VECTORS
#undef STATE_PART
