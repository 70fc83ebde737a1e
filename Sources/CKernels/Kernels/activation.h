// y = f(x; p, q), and its derivative times a gradient.

#define FILE "activation_loops.h"
#include "each_float.h"

typedef void activation_loop(intptr_t n, const void *x, double p, double q, void *out);
typedef void activation_gradient_loop(intptr_t n, const void *g, const void *x, double p, double q, void *out);

static activation_loop *const activation_loops[GB_POLYGAMMA + 1][GB_BFLOAT16 + 1] = {
  [GB_GELU] = {FLOATS(gelu)},
  [GB_GELU_TANH] = {FLOATS(gelu_tanh)},
  [GB_SILU] = {FLOATS(silu)},
  [GB_MISH] = {FLOATS(mish)},
  [GB_SOFTPLUS] = {FLOATS(softplus)},
  [GB_ELU] = {FLOATS(elu)},
  [GB_LEAKY_RELU] = {FLOATS(leaky_relu)},
  [GB_HARD_SWISH] = {FLOATS(hard_swish)},
  [GB_HARD_SIGMOID] = {FLOATS(hard_sigmoid)},
  [GB_POLYGAMMA] = {FLOATS(polygamma)},
};

#define GRADIENTS(name) name##_gradient_f32, name##_gradient_f64, name##_gradient_bf16

static activation_gradient_loop *const activation_gradient_loops[GB_HARD_SIGMOID + 1][GB_BFLOAT16 + 1] = {
  [GB_GELU] = {GRADIENTS(gelu)},
  [GB_GELU_TANH] = {GRADIENTS(gelu_tanh)},
  [GB_SILU] = {GRADIENTS(silu)},
  [GB_MISH] = {GRADIENTS(mish)},
  [GB_SOFTPLUS] = {GRADIENTS(softplus)},
  [GB_ELU] = {GRADIENTS(elu)},
  [GB_LEAKY_RELU] = {GRADIENTS(leaky_relu)},
  [GB_HARD_SWISH] = {GRADIENTS(hard_swish)},
  [GB_HARD_SIGMOID] = {GRADIENTS(hard_sigmoid)},
};

typedef struct {
  activation_loop *value;
  activation_gradient_loop *gradient;
  const char *g, *x;
  char *out;
  double p, q;
  size_t size;
  bool streamed;
} activation_call;

static void activation_part(const activation_call *call, intptr_t n, size_t offset, void *out) {
  if (call->gradient) {
    call->gradient(n, call->g + offset, call->x + offset, call->p, call->q, out);
  } else {
    call->value(n, call->x + offset, call->p, call->q, out);
  }
}

static void activation_piece(void *context, intptr_t begin, intptr_t end) {
  const activation_call *const call = context;
  if (!call->streamed) {
    activation_part(call, end - begin, (size_t)begin * call->size, call->out + (size_t)begin * call->size);
    return;
  }
  _Alignas(64) char buffer[STREAM_BUFFER];
  const intptr_t most = STREAM_BUFFER / (intptr_t)call->size;
  for (intptr_t i = begin; i < end; i += most) {
    const intptr_t n = end - i < most ? end - i : most;
    activation_part(call, n, (size_t)i * call->size, buffer);
    stream((size_t)n * call->size, buffer, call->out + (size_t)i * call->size);
  }
  end_stream();
}

static void run_activation(activation_call *call, intptr_t n, intptr_t cost) {
  const intptr_t grain = GB_GRAIN / cost;
  if (n > grain) {
    call->streamed = is_streamed((size_t)n * call->size, call->out, call->x, call->g);
    gb_split(n, grain, activation_piece, call);
  } else {
    activation_part(call, n, 0, call->out);
  }
}

static void activation(gb_activation op, gb_dtype dtype, intptr_t n, const void *x, double p, double q, void *out) {
  if (dtype > GB_BFLOAT16) gb_unsupported("activation", op, dtype);
  activation_call call = {.value = activation_loops[op][dtype], .x = x, .out = out, .p = p, .q = q, .size = gb_size_of(dtype)};
  run_activation(&call, n, op == GB_POLYGAMMA ? 32 : 4);
}

static void activation_gradient(gb_activation op, gb_dtype dtype, intptr_t n, const void *g, const void *x, double p, double q,
                                void *out) {
  if (dtype > GB_BFLOAT16 || op > GB_HARD_SIGMOID) gb_unsupported("activation gradient", op, dtype);
  activation_call call = {.gradient = activation_gradient_loops[op][dtype], .g = g, .x = x, .out = out, .p = p, .q = q,
                          .size = gb_size_of(dtype)};
  run_activation(&call, n, 4);
}
