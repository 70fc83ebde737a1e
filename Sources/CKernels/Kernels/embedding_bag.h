// Sums, means and maxima of bags of a table's rows, without a copy of the rows. A bag is written by one thread.

#define FILE "embedding_bag_loops.h"
#include "each_float.h"

typedef void bag_sum_loop(intptr_t width, intptr_t count, const int64_t *index, const double *scale, const void *table, void *out);
typedef void bag_max_loop(intptr_t width, intptr_t count, const int64_t *index, const void *table, void *out, int64_t *winners);
typedef void add_scaled_row_loop(intptr_t n, double scale, const void *x, void *out);
typedef double row_product_loop(intptr_t n, const void *a, const void *b);
static bag_sum_loop *const bag_sums[] = {FLOATS(bag_sum)};
static bag_max_loop *const bag_maxima[] = {FLOATS(bag_max)};
static add_scaled_row_loop *const add_scaled_rows[] = {FLOATS(add_scaled_row)};
static row_product_loop *const row_products[] = {FLOATS(row_product)};

typedef struct {
  gb_dtype dtype;
  size_t size;
  intptr_t width, k, part;
  const int64_t *ends, *index, *bag;
  const double *scale;
  const char *table, *g;
  char *out;
  int64_t *winners;
  double *products;
} bag_call;

static void bag_rows(void *context, intptr_t begin, intptr_t end) {
  const bag_call *const call = context;
  for (intptr_t b = begin; b < end; b++) {
    const intptr_t first = b == 0 ? 0 : call->ends[b - 1], count = call->ends[b] - first;
    char *const out = call->out + (size_t)(b * call->width) * call->size;
    if (call->winners != NULL) {
      bag_maxima[call->dtype](call->width, count, call->index + first, call->table, out, call->winners + b * call->width);
    } else {
      const double *const scale = call->scale == NULL ? NULL : call->scale + first;
      bag_sums[call->dtype](call->width, count, call->index + first, scale, call->table, out);
    }
  }
}

static void embedding_bag(gb_dtype dtype, intptr_t width, intptr_t bags, const int64_t *ends, const int64_t *index,
                          const double *scale, const void *table, void *out, int64_t *winners) {
  if (dtype > GB_BFLOAT16) gb_unsupported("embedding_bag", 0, dtype);
  bag_call call = {.dtype = dtype, .size = gb_size_of(dtype), .width = width, .ends = ends, .index = index, .scale = scale,
                   .table = table, .out = out, .winners = winners};
  const intptr_t share = bags > 0 ? ends[bags - 1] / bags + 1 : 1;
  gb_split(bags, gb_rows_per_piece(share * width), bag_rows, &call);
}

/// Slices of all rows, `part` elements wide: a slice is written by one thread, and in the order of the indices.
static void bag_slices(void *context, intptr_t begin, intptr_t end) {
  const bag_call *const call = context;
  const intptr_t first = begin * call->part, last = end * call->part;
  const intptr_t width = (call->width < last ? call->width : last) - first;
  for (intptr_t j = 0; j < call->k; j++) {
    add_scaled_rows[call->dtype](width, call->scale == NULL ? 1 : call->scale[j],
                                 call->g + (size_t)(call->bag[j] * call->width + first) * call->size,
                                 call->out + (size_t)(call->index[j] * call->width + first) * call->size);
  }
}

static void bag_products(void *context, intptr_t begin, intptr_t end) {
  const bag_call *const call = context;
  for (intptr_t j = begin; j < end; j++) {
    call->products[j] = row_products[call->dtype](call->width, call->g + (size_t)(call->bag[j] * call->width) * call->size,
                                                  call->table + (size_t)(call->index[j] * call->width) * call->size);
  }
}

static void embedding_bag_gradient(gb_dtype dtype, intptr_t rows, intptr_t width, intptr_t k, const int64_t *bag,
                                   const int64_t *index, const double *scale, const void *g, const void *table, void *out,
                                   double *products) {
  bag_call call = {.dtype = dtype, .size = gb_size_of(dtype), .width = width, .k = k, .index = index, .bag = bag,
                   .scale = scale, .table = table, .g = g, .out = out, .products = products};
  if (products != NULL) gb_split(k, gb_rows_per_piece(width), bag_products, &call);
  if (out == NULL) return;
  fill(dtype, rows * width, 0, out);
  // Slices of whole cache lines, and not so many that the indices are read too often.
  const intptr_t line = 64 / (intptr_t)gb_size_of(dtype), share = (width + 7) / 8;
  call.part = (share + line - 1) / line * line;
  if (width > 0) gb_split((width + call.part - 1) / call.part, gb_rows_per_piece(k * call.part), bag_slices, &call);
}
