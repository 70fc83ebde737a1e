// Reading and adding at indices. Additions go in order of j, so a result does not depend on the number of threads:
// only the outer dimension and the inner one are split.

#define FILE "index_loops.h"
#include "each_number.h"

static void add_row_bool(intptr_t n, const void *x, void *out) { or_bool(n, out, x, out); }

static void scatter_add_row_bool(intptr_t n, intptr_t step, intptr_t advance, const void *x_, const int64_t *index, void *out_) {
  const uint8_t *const x = x_;
  uint8_t *const out = out_;
  for (intptr_t i = 0; i < n; i++) out[index[i] * step + i * advance] |= x[i];
}

typedef void add_row_loop(intptr_t n, const void *x, void *out);
typedef void scatter_add_loop(intptr_t n, intptr_t step, intptr_t advance, const void *x, const int64_t *index,
                              void *out);
static add_row_loop *const add_rows[GB_BOOL + 1] = {NUMBERS(add_row), add_row_bool};
static scatter_add_loop *const scatter_add_rows[GB_BOOL + 1] = {NUMBERS(scatter_add_row), scatter_add_row_bool};

/// The position of the first index outside 0..<n, or −1.
static intptr_t first_outside(intptr_t count, const int64_t *index, intptr_t n) {
  intptr_t i = 0;
  for (; i + 64 <= count; i += 64) {
    uint64_t outside = 0;
    for (int k = 0; k < 64; k++) outside |= (uint64_t)index[i + k] >= (uint64_t)n;
    if (outside) break;
  }
  for (; i < count; i++) {
    if ((uint64_t)index[i] >= (uint64_t)n) return i;
  }
  return -1;
}

typedef struct {
  size_t size;
  gb_dtype dtype;
  intptr_t outer, n, inner, k;
  const char *x;
  const int64_t *index;
  char *out;
  intptr_t parts;  // of the inner dimension
} index_call;

static void select_rows(void *context, intptr_t begin, intptr_t end) {
  const index_call *const call = context;
  const size_t bytes = (size_t)call->inner * call->size;
  for (intptr_t row = begin; row < end; row++) {
    const intptr_t o = row / call->k, j = row % call->k;
    const char *const source = call->x + (size_t)(o * call->n + call->index[j]) * bytes;
    char *const target = call->out + (size_t)row * bytes;
    switch (bytes) {
      case 1: *target = *source; break;
      case 4: memcpy(target, source, 4); break;
      case 8: memcpy(target, source, 8); break;
      default: memcpy(target, source, bytes); break;
    }
  }
}

static intptr_t index_select(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                             const int64_t *index, void *out) {
  const intptr_t outside = first_outside(k, index, n);
  if (outside >= 0) return outside;
  index_call call = {.size = gb_size_of(dtype), .outer = outer, .n = n, .inner = inner, .k = k, .x = x, .index = index,
                     .out = out};
  if (inner > 0) gb_split(outer * k, gb_rows_per_piece(inner), select_rows, &call);
  return -1;
}

/// Unit o · parts + part: a slice of the inner dimension of one outer element.
static void add_units(void *context, intptr_t begin, intptr_t end) {
  const index_call *const call = context;
  add_row_loop *const add = add_rows[call->dtype];
  for (intptr_t unit = begin; unit < end; unit++) {
    const intptr_t o = unit / call->parts, part = unit % call->parts, share = (call->inner + call->parts - 1) / call->parts;
    const intptr_t first = part * share, width = call->inner - first < share ? call->inner - first : share;
    for (intptr_t j = 0; j < call->k && width > 0; j++) {
      add(width, call->x + (size_t)((o * call->k + j) * call->inner + first) * call->size,
          call->out + (size_t)((o * call->n + call->index[j]) * call->inner + first) * call->size);
    }
  }
}

static intptr_t index_add(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                          const int64_t *index, void *out) {
  const intptr_t outside = first_outside(k, index, n);
  if (outside >= 0) return outside;
  index_call call = {gb_size_of(dtype), dtype, outer, n, inner, k, x, index, out, inner >= 256 ? 4 : 1};
  if (inner == 0) return -1;
  if (inner == 1) {
    for (intptr_t o = 0; o < outer; o++) {
      scatter_add_rows[dtype](k, 1, 0, call.x + (size_t)(o * k) * call.size, index, call.out + (size_t)(o * n) * call.size);
    }
    return -1;
  }
  gb_split(outer * call.parts, gb_rows_per_piece(k * inner / call.parts), add_units, &call);
  return -1;
}

static void gather_units(void *context, intptr_t begin, intptr_t end) {
  const index_call *const call = context;
  if (call->inner == 1 && call->k == 1) {  // one element of each row
#define PICK(U)                                                                                  \
  for (intptr_t o = begin; o < end; o++) {                                                       \
    ((U *)call->out)[o] = ((const U *)call->x)[o * call->n + call->index[o]];                    \
  }
    switch (call->size) {
      case 1: PICK(any8) break;
      case 2: PICK(any16) break;
      case 4: PICK(any32) break;
      default: PICK(any64) break;
    }
#undef PICK
    return;
  }
  for (intptr_t row = begin; row < end; row++) {
    const intptr_t o = row / call->k, inner = call->inner;
    const int64_t *const index = call->index + row * inner;
#define ROW(U)                                                                                   \
  do {                                                                                           \
    const U *const x = (const U *)call->x + o * call->n * inner;                                 \
    U *const out = (U *)call->out + row * inner;                                                 \
    for (intptr_t i = 0; i < inner; i++) out[i] = x[index[i] * inner + i];                       \
  } while (0)
    switch (call->size) {
      case 1: ROW(any8); break;
      case 2: ROW(any16); break;
      case 4: ROW(any32); break;
      default: ROW(any64); break;
    }
#undef ROW
  }
}

static intptr_t gather(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                       const int64_t *index, void *out) {
  const intptr_t outside = first_outside(outer * k * inner, index, n);
  if (outside >= 0) return outside;
  index_call call = {.size = gb_size_of(dtype), .outer = outer, .n = n, .inner = inner, .k = k, .x = x, .index = index,
                     .out = out};
  gb_split(outer * k, gb_rows_per_piece(inner), gather_units, &call);
  return -1;
}

static void scatter_add_units(void *context, intptr_t begin, intptr_t end) {
  const index_call *const call = context;
  scatter_add_loop *const add = scatter_add_rows[call->dtype];
  for (intptr_t o = begin; o < end; o++) {
    char *const out = call->out + (size_t)(o * call->n * call->inner) * call->size;
    if (call->inner == 1) {
      add(call->k, 1, 0, call->x + (size_t)(o * call->k) * call->size, call->index + o * call->k, out);
      continue;
    }
    for (intptr_t j = 0; j < call->k; j++) {
      const intptr_t row = (o * call->k + j) * call->inner;
      add(call->inner, call->inner, 1, call->x + (size_t)row * call->size, call->index + row, out);
    }
  }
}

static intptr_t scatter_add(gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, intptr_t k, const void *x,
                            const int64_t *index, void *out) {
  const intptr_t outside = first_outside(outer * k * inner, index, n);
  if (outside >= 0) return outside;
  index_call call = {.size = gb_size_of(dtype), .dtype = dtype, .outer = outer, .n = n, .inner = inner, .k = k, .x = x,
                     .index = index, .out = out};
  if (inner > 0) gb_split(outer, gb_rows_per_piece(k * inner), scatter_add_units, &call);
  return -1;
}

static intptr_t nonzero(intptr_t n, const void *mask_, int64_t *out) {
  const uint8_t *const mask = mask_;
  intptr_t count = 0;
  if (out == NULL) {
    for (intptr_t i = 0; i < n; i++) count += mask[i] != 0;
    return count;
  }
  intptr_t i = 0;
  for (; i + 8 <= n; i += 8) {
    uint64_t eight;
    memcpy(&eight, mask + i, 8);
    if (eight == 0) continue;
    for (intptr_t k = i; k < i + 8; k++) {
      if (mask[k]) out[count++] = k;
    }
  }
  for (; i < n; i++) {
    if (mask[i]) out[count++] = i;
  }
  return count;
}
