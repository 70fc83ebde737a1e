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
  T *const p = call->p, *const m = call->m, *const v = call->v, *const largest = call->largest;
  const T *const g = call->g;
  const gb_adam *const step = call->step;
  const T kept = (T)step->kept, decay = (T)step->weight_decay;
  const T fresh1 = (T)(1 - step->beta1), beta2 = (T)step->beta2, fresh2 = (T)(1 - step->beta2);
  const T mean_rate = (T)step->mean_rate, gradient_rate = (T)step->gradient_rate;
  const T root = (T)step->root, epsilon = (T)step->epsilon;
  // A loop for each choice: one that asks for every element would not be vectorised.
#define LOOP(MOST)                                                                                        \
  INDEPENDENT                                                                                             \
  for (intptr_t i = begin; i < end; i++) {                                                                \
    const T weight = p[i] * kept, gradient = g[i] + decay * p[i];                                         \
    const T mean = m[i] + fresh1 * (gradient - m[i]), square = beta2 * v[i] + fresh2 * gradient * gradient; \
    m[i] = mean;                                                                                          \
    v[i] = square;                                                                                        \
    MOST                                                                                                  \
    const T change = mean_rate * mean + gradient_rate * gradient;                                         \
    p[i] = weight - change / (__builtin_elementwise_sqrt(most) / root + epsilon);                         \
  }
  if (largest == NULL) {
    LOOP(const T most = square;)
  } else {
    LOOP(const T most = square < largest[i] ? largest[i] : square; largest[i] = most;)
  }
#undef LOOP
}

static void N(adagrad)(const step_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const sum = call->first;
  const T *const g = call->g;
  const T rate = (T)call->step->learning_rate, decay = (T)call->step->weight_decay, epsilon = (T)call->step->epsilon;
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T gradient = g[i] + decay * p[i], total = sum[i] + gradient * gradient;
    sum[i] = total;
    p[i] -= rate * (gradient / (__builtin_elementwise_sqrt(total) + epsilon));
  }
}

static void N(adadelta)(const step_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const squares = call->first, *const steps = call->second;
  const T *const g = call->g;
  const T rate = (T)call->step->learning_rate, decay = (T)call->step->weight_decay, epsilon = (T)call->step->epsilon;
  const T kept = (T)call->step->decay, fresh = (T)(1 - call->step->decay);
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T gradient = g[i] + decay * p[i], square = kept * squares[i] + fresh * gradient * gradient;
    const T root = __builtin_elementwise_sqrt(square + epsilon);
    const T change = __builtin_elementwise_sqrt(steps[i] + epsilon) / root * gradient;
    squares[i] = square;
    steps[i] = kept * steps[i] + fresh * change * change;
    p[i] -= rate * change;
  }
}

static void N(rms_prop)(const step_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const squares = call->first, *const means = call->second, *const velocity = call->third;
  const T *const g = call->g;
  const T rate = (T)call->step->learning_rate, decay = (T)call->step->weight_decay, epsilon = (T)call->step->epsilon;
  const T kept = (T)call->step->decay, fresh = (T)(1 - call->step->decay), momentum = (T)call->step->momentum;
  // A loop for each choice: one that asks for every element what is kept would not be vectorised.
#define LOOP(SPREAD, MOVE)                                                                            \
  {                                                                                                   \
    INDEPENDENT                                                                                       \
    for (intptr_t i = begin; i < end; i++) {                                                          \
      const T gradient = g[i] + decay * p[i], square = kept * squares[i] + fresh * gradient * gradient; \
      squares[i] = square;                                                                            \
      SPREAD                                                                                          \
      const T change = gradient / (__builtin_elementwise_sqrt(spread) + epsilon);                     \
      MOVE                                                                                            \
      p[i] -= rate * move;                                                                            \
    }                                                                                                 \
    return;                                                                                           \
  }
#define AROUND_ZERO const T spread = square;
#define AROUND_MEAN                                     \
  const T mean = means[i] + fresh * (gradient - means[i]); \
  means[i] = mean;                                      \
  const T spread = square - mean * mean;
#define AT_ONCE const T move = change;
#define WITH_MOMENTUM                                   \
  const T move = momentum * velocity[i] + change;       \
  velocity[i] = move;
  if (means == NULL && velocity == NULL) LOOP(AROUND_ZERO, AT_ONCE)
  if (means == NULL) LOOP(AROUND_ZERO, WITH_MOMENTUM)
  if (velocity == NULL) LOOP(AROUND_MEAN, AT_ONCE)
  LOOP(AROUND_MEAN, WITH_MOMENTUM)
#undef LOOP
#undef AROUND_ZERO
#undef AROUND_MEAN
#undef AT_ONCE
#undef WITH_MOMENTUM
}

static void N(adamax)(const step_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const m = call->first, *const u = call->second;
  const T *const g = call->g;
  const T rate = (T)call->step->learning_rate, decay = (T)call->step->weight_decay, epsilon = (T)call->step->epsilon;
  const T fresh = (T)(1 - call->step->decay), kept = (T)call->step->second_decay;
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T gradient = g[i] + decay * p[i], mean = m[i] + fresh * (gradient - m[i]);
    const T before = kept * u[i], now = __builtin_elementwise_abs(gradient) + epsilon;
    const T largest = now < before ? before : now;
    m[i] = mean;
    u[i] = largest;
    p[i] -= rate * (mean / largest);
  }
}

static void N(lion)(const step_call *call, intptr_t begin, intptr_t end) {
  T *const p = call->p, *const m = call->first;
  const T *const g = call->g;
  const T rate = (T)call->step->learning_rate, kept = (T)(1 - call->step->learning_rate * call->step->weight_decay);
  const T beta1 = (T)call->step->decay, fresh1 = (T)(1 - call->step->decay);
  const T beta2 = (T)call->step->second_decay, fresh2 = (T)(1 - call->step->second_decay);
  INDEPENDENT
  for (intptr_t i = begin; i < end; i++) {
    const T direction = beta1 * m[i] + fresh1 * g[i];
    // NaN passes on, as it does in the other steps.
    const T sign = direction > 0 ? (T)1 : direction < 0 ? (T)-1 : direction == 0 ? (T)0 : direction;
    p[i] = kept * p[i] - rate * sign;
    m[i] = beta2 * m[i] + fresh2 * g[i];
  }
}
