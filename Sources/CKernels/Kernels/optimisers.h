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
  void *m, *v, *largest;
  const gb_adam *step;
} adam_call;

/// What belongs to a parameter, in the order of the kernel's arguments; null where it is not kept.
typedef struct {
  gb_dtype dtype;
  void *p;
  const void *g;
  void *first, *second, *third;
  const gb_step *step;
} step_call;

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

static void adam(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, void *v, void *largest,
                 const gb_adam *step) {
  if (dtype > GB_FLOAT64) gb_unsupported("adam", 0, dtype);
  adam_call call = {dtype, p, g, m, v, largest, step};
  gb_split(n, GB_GRAIN / 4, adam_piece, &call);
}

#define STEP(name)                                                                \
  static void name##_piece(void *context, intptr_t begin, intptr_t end) {         \
    const step_call *const call = context;                                        \
    if (call->dtype == GB_FLOAT32) name##_f32(call, begin, end);                  \
    else name##_f64(call, begin, end);                                            \
  }                                                                               \
  static void run_##name(intptr_t n, step_call call) {                            \
    if (call.dtype > GB_FLOAT64) gb_unsupported(#name, 0, call.dtype);            \
    gb_split(n, GB_GRAIN / 4, name##_piece, &call);                               \
  }
STEP(adagrad)
STEP(adadelta)
STEP(rms_prop)
STEP(adamax)
STEP(lion)
#undef STEP

static void adagrad(gb_dtype dtype, intptr_t n, void *p, const void *g, void *sum, const gb_step *step) {
  run_adagrad(n, (step_call){dtype, p, g, sum, NULL, NULL, step});
}
static void adadelta(gb_dtype dtype, intptr_t n, void *p, const void *g, void *s, void *t, const gb_step *step) {
  run_adadelta(n, (step_call){dtype, p, g, s, t, NULL, step});
}
static void rms_prop(gb_dtype dtype, intptr_t n, void *p, const void *g, void *s, void *mean, void *velocity,
                     const gb_step *step) {
  run_rms_prop(n, (step_call){dtype, p, g, s, mean, velocity, step});
}
static void adamax(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, void *u, const gb_step *step) {
  run_adamax(n, (step_call){dtype, p, g, m, u, NULL, step});
}
static void lion(gb_dtype dtype, intptr_t n, void *p, const void *g, void *m, const gb_step *step) {
  run_lion(n, (step_call){dtype, p, g, m, NULL, NULL, step});
}
