// Conversions from one dtype to every dtype (included by each_number.h).

#define LOOP(to, R)                                                                \
  static void N(to_##to)(intptr_t n, const void *x_, void *out_) {                 \
    const T *const x = x_;                                                         \
    R *const out = out_;                                                           \
    INDEPENDENT                                                                    \
    for (intptr_t i = 0; i < n; i++) out[i] = CONVERT(to, (C)LOAD(x[i]));          \
  }
LOOP(f32, float)
LOOP(f64, double)
LOOP(bf16, bf16)
LOOP(i32, int32_t)
LOOP(i64, int64_t)
LOOP(u8, uint8_t)
LOOP(truth, uint8_t)
#undef LOOP
