// The gradient of choosing rows from a table.

typedef struct {
  gb_dtype dtype;
  size_t size;
  intptr_t width, k, part;
  int64_t padding;
  const char *g;
  const int64_t *index;
  char *out;
} embedding_call;

/// Slices of all rows, `part` elements wide: a slice is written by one thread, and in the order of the indices.
static void embedding_slices(void *context, intptr_t begin, intptr_t end) {
  const embedding_call *const call = context;
  add_row_loop *const add = add_rows[call->dtype];
  const intptr_t first = begin * call->part;
  const intptr_t width = call->width - first < (end - begin) * call->part ? call->width - first : (end - begin) * call->part;
  for (intptr_t j = 0; j < call->k; j++) {
    if (call->index[j] == call->padding) continue;
    add(width, call->g + (size_t)(j * call->width + first) * call->size,
        call->out + (size_t)(call->index[j] * call->width + first) * call->size);
  }
}

static void embedding_gradient(gb_dtype dtype, intptr_t n, intptr_t width, intptr_t k, const void *g, const int64_t *index,
                               int64_t padding, void *out) {
  fill(dtype, n * width, 0, out);
  // Slices of whole cache lines, and not so many that the indices are read too often.
  const intptr_t line = 64 / (intptr_t)gb_size_of(dtype), share = (width + 7) / 8;
  embedding_call call = {.dtype = dtype, .size = gb_size_of(dtype), .width = width, .k = k,
                         .part = (share + line - 1) / line * line, .padding = padding, .g = g, .index = index, .out = out};
  if (width > 0) gb_split((width + call.part - 1) / call.part, gb_rows_per_piece(k * call.part), embedding_slices, &call);
}
