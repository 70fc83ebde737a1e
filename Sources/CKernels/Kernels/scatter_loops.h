// out[index[i]·step + i·advance] = what a mode makes of it and x[i], for one dtype (included by each_number.h), in order of i.

#define SCATTER(name, expression)                                                                              \
  static void N(name)(intptr_t n, intptr_t step, const void *x_, const int64_t *index, void *out_) {           \
    const T *const x = x_;                                                                                     \
    T *const out = out_;                                                                                       \
    for (intptr_t i = 0; i < n; i++) {                                                                         \
      T *const place = out + index[i] * step + i;                                                              \
      const C old = LOAD(*place), new = LOAD(x[i]);                                                            \
      (void)old;                                                                                               \
      *place = STORE(expression);                                                                              \
    }                                                                                                          \
  }
SCATTER(scatter_assign, new)
SCATTER(scatter_product, (C)((W)old * (W)new))
SCATTER(scatter_max, new > old || IS_NAN(new) ? new : old)
SCATTER(scatter_min, new < old || IS_NAN(new) ? new : old)
#undef SCATTER
