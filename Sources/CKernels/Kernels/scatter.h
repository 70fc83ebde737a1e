// Writing at indices: assignment, products and extremes. (Addition is `scatter_add`.) What comes later wins or is combined later.

#define FILE "scatter_loops.h"
#include "each_number.h"

static void scatter_assign_bool(intptr_t n, intptr_t step, const void *x, const int64_t *index, void *out) {
  scatter_assign_u8(n, step, x, index, out);
}

typedef void scatter_loop(intptr_t n, intptr_t step, const void *x, const int64_t *index, void *out);
static scatter_loop *const scatter_loops[GB_SCATTER_MIN + 1][GB_BOOL + 1] = {
  [GB_SCATTER_ASSIGN] = {NUMBERS(scatter_assign), scatter_assign_bool},
  [GB_SCATTER_PRODUCT] = {NUMBERS(scatter_product)},
  [GB_SCATTER_MAX] = {NUMBERS(scatter_max)},
  [GB_SCATTER_MIN] = {NUMBERS(scatter_min)},
};

typedef struct {
  scatter_loop *loop;
  size_t size;
  intptr_t n, inner, k;
  const char *x;
  const int64_t *index;
  char *out;
} scatter_call;

static void scatter_units(void *context, intptr_t begin, intptr_t end) {
  const scatter_call *const call = context;
  for (intptr_t o = begin; o < end; o++) {
    char *const out = call->out + (size_t)(o * call->n * call->inner) * call->size;
    for (intptr_t j = 0; j < call->k; j++) {
      const intptr_t row = (o * call->k + j) * call->inner;
      call->loop(call->inner, call->inner, call->x + (size_t)row * call->size, call->index + row, out);
    }
  }
}

static intptr_t scatter(gb_scatter_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                        const int64_t *index, void *out) {
  const intptr_t outside = first_outside(outer * k * inner, index, n);
  if (outside >= 0) return outside;
  scatter_call call = {scatter_loops[op][dtype], gb_size_of(dtype), n, inner, k, x, index, out};
  if (call.loop == NULL) gb_unsupported("scatter", op, dtype);
  gb_split(outer, gb_rows_per_piece(k * inner), scatter_units, &call);
  return -1;
}
