#include <pthread.h>
#include <string.h>

#include "pieces.h"
#include "primitive_cache.h"
#include "product.h"

static gb_primitive *acquire(const gb_product *p, bool has_bias) {
  gb_primitive_key key;
  memset(&key, 0, sizeof key);
  key.shape.product =
      (gb_product_shape){p->m, p->n, p->k, p->a_row, p->a_column, p->b_row, p->b_column, p->c_row};
  key.is_product = key.is_bf16 = 1;
  key.has_bias = has_bias;
  return gb_primitive_acquire(&key);
}

static bool library_has_products;

static void ask_library(void) {
#ifdef __x86_64__
  if (!__builtin_cpu_supports("avx512bf16")) return;
  const gb_product some = {16, 16, 16, 16, 1, 16, 1, 16, false};
  gb_primitive *primitive = acquire(&some, true);
  library_has_products = primitive != NULL;
  gb_primitive_release(primitive);
#endif
}

bool gb_has_bf16(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, ask_library);
  return library_has_products;
}

bool gb_has_matmul_bf16(intptr_t m, intptr_t n, intptr_t k) {
  return (double)m * (double)n * (double)k >= 1 << 16 && gb_has_bf16();
}

void gb_multiply_bf16(const gb_product *p, const uint16_t *a, const uint16_t *b, const uint16_t *bias, uint16_t *c) {
  gb_primitive *primitive = acquire(p, bias != NULL);
  if (!primitive) gb_library_failure("dnnl_matmul", 0);
  gb_argument arguments[] = {
      {DNNL_ARG_SRC, primitive->x.own, a},
      {DNNL_ARG_WEIGHTS, primitive->w.own, b},
      {DNNL_ARG_DST, primitive->y.own, c},
      {DNNL_ARG_SCRATCHPAD, primitive->scratchpad, gb_thread_buffer(GB_SCRATCHPAD, primitive->scratchpad_bytes)},
      {DNNL_ARG_BIAS, primitive->bias, bias}};
  gb_execute(primitive->primitive, bias ? 5 : 4, arguments);
  gb_primitive_release(primitive);
}
