// The loops for one width of vectors; limits.c includes this once an instruction set, with WIDTH (bytes) and NAME defined.

typedef float NAME(vector) __attribute__((vector_size(WIDTH)));
#define V NAME(vector)
#define LANES (WIDTH / (long)sizeof(float))

// Twelve chains hide a multiply-add's latency, and with two constants they fit AVX2's sixteen registers.
static double NAME(multiply_adds)(void) {
  enum { CHAINS = 12, STEPS = 4096 };
  const V zero = {0}, factor = zero + opaque(0.999f), summand = zero + opaque(0.001f);
  V x[CHAINS];
  for (int c = 0; c < CHAINS; c++) x[c] = factor * (float)c;
  for (int i = 0; i < STEPS; i++)
    for (int c = 0; c < CHAINS; c++) x[c] = x[c] * factor + summand;
  V sum = zero;
  for (int c = 0; c < CHAINS; c++) sum += x[c];
  opaque(sum[0]);
  return 2.0 * CHAINS * STEPS * LANES;
}

static void NAME(triad)(float *y, const float *a, const float *b, long count) {
  const V factor = (V){0} + opaque(3);
  for (long i = 0; i < count; i += LANES) *(V *)(y + i) = *(const V *)(a + i) + factor * *(const V *)(b + i);
}

static void NAME(streamed_triad)(float *y, const float *a, const float *b, long count) {
  const V factor = (V){0} + opaque(3);
  for (long i = 0; i < count; i += LANES)
    __builtin_nontemporal_store(*(const V *)(a + i) + factor * *(const V *)(b + i), (V *)(y + i));
}

static void NAME(read)(const float *a, long count) {
  enum { CHAINS = 8 };
  V x[CHAINS] = {{0}};
  for (long i = 0; i < count; i += CHAINS * LANES)
    for (int c = 0; c < CHAINS; c++) x[c] += *(const V *)(a + i + c * LANES);
  V sum = {0};
  for (int c = 0; c < CHAINS; c++) sum += x[c];
  opaque(sum[0]);
}

static const loops NAME(loops) = {NAME(multiply_adds), NAME(triad), NAME(streamed_triad), NAME(read)};

#undef V
#undef LANES
#undef WIDTH
#undef NAME
