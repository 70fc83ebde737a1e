// One step of an optimiser over a piece of a parameter (included by each_float.h for float32 and float64).

static void N(sgd)(const sgd_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const velocity = call->velocity;
  const T *const g = call->g;
  const T rate = (T)call->rate, momentum = (T)call->momentum, decay = (T)call->decay;
  const bool first = call->first, nesterov = call->nesterov;
  if (velocity == NULL) {
    INDEPENDENT
    for (intptr_t i = begin; i < end; i++) p[i] -= rate * (g[i] + decay * p[i]);
    return;
  }
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T gradient = g[i] + decay * p[i], v = first ? gradient : momentum * velocity[i] + gradient;
    velocity[i] = v;
    p[i] -= rate * (nesterov ? gradient + momentum * v : v);
  }
}

static void N(adam)(const adam_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const m = call->m, *const v = call->v;
  const T *const g = call->g;
  const gb_adam *const step = call->step;
  const T kept = (T)(step->decoupled ? 1 - step->learning_rate * step->weight_decay : 1);
  const T decay = (T)(step->decoupled ? 0 : step->weight_decay);
  const T fresh1 = (T)(1 - step->beta1), beta2 = (T)step->beta2, fresh2 = (T)(1 - step->beta2);
  const T rate = (T)(step->learning_rate / step->correction1), root = (T)sqrt(step->correction2);
  const T epsilon = (T)step->epsilon;
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T weight = p[i] * kept, gradient = g[i] + decay * p[i];
    const T mean = m[i] + fresh1 * (gradient - m[i]), square = beta2 * v[i] + fresh2 * gradient * gradient;
    m[i] = mean;
    v[i] = square;
    p[i] = weight - rate * (mean / (__builtin_elementwise_sqrt(square) / root + epsilon));
  }
}
