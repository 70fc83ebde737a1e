// One step of an optimiser: one pass over a parameter, its gradient and its state.

typedef struct {
  gb_dtype dtype;
  void *p;
  const void *g;
  void *velocity;
  double rate, momentum, decay;
  bool nesterov, first;
} sgd_call;

typedef struct {
  gb_dtype dtype;
  void *p;
  const void *g;
  void *m, *v;
  const gb_adam *step;
} adam_call;

#define FILE "optimiser_loops.h"
#define WITHOUT_BF16
#include "each_float.h"

static void sgd_piece(void *context, intptr_t begin, intptr_t end) {
  const sgd_call *const call = context;
  if (call->dtype == GB_FLOAT32) sgd_f32(call, begin, end);
  else sgd_f64(call, begin, end);
}

static void sgd(gb_dtype dtype, intptr_t n, void *p, const void *g, void *velocity, double learning_rate, double momentum,
                double weight_decay, bool nesterov, bool first) {
  if (dtype > GB_FLOAT64) gb_unsupported("sgd", 0, dtype);
  sgd_call call = {dtype, p, g, velocity, learning_rate, momentum, weight_decay, nesterov, first};
  gb_split(n, GB_GRAIN / 2, sgd_piece, &call);
}

static void adam_piece(void *context, intptr_t begin, intptr_t end) {
  const adam_call *const call = context;
  if (call->dtype == GB_FLOAT32) adam_f32(call, begin, end);
  else adam_f64(call, begin, end);
}

static void adam(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, void *v, const gb_adam *step) {
  if (dtype > GB_FLOAT64) gb_unsupported("adam", 0, dtype);
  adam_call call = {dtype, p, g, m, v, step};
  gb_split(n, GB_GRAIN / 4, adam_piece, &call);
}
