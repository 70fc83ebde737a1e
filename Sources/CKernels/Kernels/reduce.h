// Reductions of [outer, n, inner] to [outer, inner].

/// The accumulators of a block, and how many of them narrow rows are spread over.
#define COLUMNS 512
#define GROUPED 64

static inline intptr_t rows_read_as_one(intptr_t width, intptr_t step) {
  return width == step && width <= GROUPED / 2 ? GROUPED / width : 1;
}
static inline intptr_t rows_in_block(intptr_t width, intptr_t step) { return 64 * rows_read_as_one(width, step); }

typedef struct {
  size_t total_size, result_size;
  void (*start)(intptr_t n, void *totals);
  void (*blocks)(intptr_t rows, intptr_t width, intptr_t step, const void *x, void *totals);
  void (*merge)(intptr_t n, void *totals, const void *more);
  void (*finish)(intptr_t n, const void *totals, void *out);
  void (*rows)(intptr_t outer, intptr_t n, const void *x, void *out);
} reduction;

/// What Σ (x − x̄)² is merged in: how many elements, their mean and their sum.
typedef struct {
  double count, mean, squares;
} deviations;

static void start_deviations(intptr_t n, void *totals) { memset(totals, 0, (size_t)n * sizeof(deviations)); }

static void merge_deviations(intptr_t n, void *totals_, const void *more_) {
  deviations *const totals = totals_;
  const deviations *const more = more_;
  for (intptr_t i = 0; i < n; i++) {
    if (more[i].count == 0) continue;
    const double count = totals[i].count + more[i].count, share = more[i].count / count, away = more[i].mean - totals[i].mean;
    totals[i].squares += more[i].squares + away * away * totals[i].count * share;
    totals[i].mean += away * share;
    totals[i].count = count;
  }
}

#define FILE "reduce_rows.h"
#include "each_float.h"
#define FILE "deviation_loops.h"
#include "each_float.h"
#define FILE "reduce_loops.h"
#include "each_number.h"

#define T uint8_t
#define LOAD(x) (x)
#define NAME(part) all_##part
#define BLOCK uint8_t
#define TOTAL uint8_t
#define RESULT uint8_t
#define START 1
#define STEP(a, x) ((a) & (x))
#define MERGE(a, b) ((a) & (b))
#define FINISH(a) (a)
#include "one_reduction.h"

#define NAME(part) any_##part
#define BLOCK uint8_t
#define TOTAL uint8_t
#define RESULT uint8_t
#define START 0
#define STEP(a, x) ((a) | (x))
#define MERGE(a, b) ((a) | (b))
#define FINISH(a) (a)
#include "one_reduction.h"
#undef T
#undef LOAD

#define EACH(op)                                                                                                  \
  {&op##_reduction_f32, &op##_reduction_f64, &op##_reduction_bf16, &op##_reduction_i32, &op##_reduction_i64,      \
   &op##_reduction_u8, &op##_reduction_u8}
static const reduction *const reductions[GB_DEVIATIONS + 1][GB_BOOL + 1] = {
  [GB_SUM] = EACH(sum), [GB_PRODUCT] = EACH(product), [GB_MAX] = EACH(max), [GB_MIN] = EACH(min),
  [GB_ALL] = {[GB_BOOL] = &all_reduction}, [GB_ANY] = {[GB_BOOL] = &any_reduction},
  [GB_DEVIATIONS] = {&deviations_reduction_f32, &deviations_reduction_f64, &deviations_reduction_bf16},
};
#undef EACH

typedef struct {
  const reduction *kernel;
  intptr_t outer, n, inner;
  intptr_t tiles, chunk, chunks;  // tiles of columns, and chunks of `chunk` rows each
  const char *x;
  char *out, *totals;
  size_t size;
} reduce_call;

static void reduce_rows_piece(void *context, intptr_t begin, intptr_t end) {
  const reduce_call *const call = context;
  call->kernel->rows(end - begin, call->n, call->x + (size_t)(begin * call->n) * call->size,
                     call->out + (size_t)begin * call->kernel->result_size);
}

/// Unit (o · chunks + chunk) · tiles + tile.
static void reduce_units(void *context, intptr_t begin, intptr_t end) {
  const reduce_call *const call = context;
  const reduction *const kernel = call->kernel;
  for (intptr_t unit = begin; unit < end; unit++) {
    const intptr_t column = unit % call->tiles * COLUMNS, o_chunk = unit / call->tiles;
    const intptr_t chunk = o_chunk % call->chunks, o = o_chunk / call->chunks, row = chunk * call->chunk;
    const intptr_t width = call->inner - column < COLUMNS ? call->inner - column : COLUMNS;
    const intptr_t rows = call->n - row < call->chunk ? call->n - row : call->chunk;
    const char *const x = call->x + (size_t)((o * call->n + row) * call->inner + column) * call->size;
    _Alignas(64) char own_totals[COLUMNS * sizeof(deviations)];  // the largest of the totals
    char *const totals =
      call->chunks == 1 ? own_totals : call->totals + (size_t)(o_chunk * call->inner + column) * kernel->total_size;
    kernel->start(width, totals);
    kernel->blocks(rows, width, call->inner, x, totals);
    if (call->chunks == 1) {
      kernel->finish(width, totals, call->out + (size_t)(o * call->inner + column) * kernel->result_size);
    }
  }
}

typedef void argument_row(intptr_t n, const void *x, int64_t *out);
typedef void argument_columns(intptr_t n, intptr_t width, intptr_t step, const void *x, int64_t *out);
static argument_row *const argument_rows[2][GB_BOOL + 1] = {
  {NUMBERS(argmax_row), argmax_row_u8}, {NUMBERS(argmin_row), argmin_row_u8}};
#define EACH(op)                                                                                             \
  {op##_columns_f32, op##_columns_f64, op##_columns_bf16, op##_columns_i32, op##_columns_i64, op##_columns_u8, \
   op##_columns_u8}
static argument_columns *const arguments_of_columns[2][GB_BOOL + 1] = {EACH(argmax), EACH(argmin)};
#undef EACH

typedef struct {
  argument_row *row;
  argument_columns *columns;
  intptr_t n, inner, tiles;
  intptr_t chunks;  // of a long row
  const char *x;
  int64_t *out;
  size_t size;
} argument_call;

static void argument_units(void *context, intptr_t begin, intptr_t end) {
  const argument_call *const call = context;
  for (intptr_t unit = begin; unit < end; unit++) {
    const intptr_t o = unit / call->tiles, column = unit % call->tiles * COLUMNS;
    const intptr_t width = call->inner - column < COLUMNS ? call->inner - column : COLUMNS;
    const char *const x = call->x + (size_t)(o * call->n * call->inner + column) * call->size;
    int64_t *const out = call->out + o * call->inner + column;
    if (call->inner == 1) call->row(call->n, x, out);
    else call->columns(call->n, width, call->inner, x, out);
  }
}

static void argument_chunk(void *context, intptr_t begin, intptr_t end) {
  const argument_call *const call = context;
  for (intptr_t unit = begin; unit < end; unit++) {
    const intptr_t first = unit % call->chunks * GB_GRAIN, n = call->n - first < GB_GRAIN ? call->n - first : GB_GRAIN;
    call->row(n, call->x + (size_t)(unit / call->chunks * call->n + first) * call->size, call->out + unit);
    call->out[unit] += first;
  }
}

/// Few long rows: each chunk's extreme, and then the extreme of those.
static void argument_of_long_rows(const argument_call *rows, intptr_t outer) {
  argument_call call = *rows;
  call.chunks = (call.n + GB_GRAIN - 1) / GB_GRAIN;
  const size_t positions = (size_t)(outer * call.chunks) * sizeof(int64_t), extremes = (size_t)call.chunks * call.size;
  call.out = gb_allocate(positions);
  char *const values = gb_allocate(extremes);
  gb_split(outer * call.chunks, 1, argument_chunk, &call);
  for (intptr_t o = 0; o < outer; o++) {
    const int64_t *const found = call.out + o * call.chunks;
    for (intptr_t chunk = 0; chunk < call.chunks; chunk++) {
      memcpy(values + (size_t)chunk * call.size, call.x + (size_t)(o * call.n + found[chunk]) * call.size, call.size);
    }
    int64_t best;
    call.row(call.chunks, values, &best);
    rows->out[o] = found[best];
  }
  gb_free(values, extremes);
  gb_free(call.out, positions);
}

static void reduce(gb_reduce_op op, gb_dtype dtype, intptr_t outer, intptr_t n, intptr_t inner, const void *x, void *out) {
  if (outer == 0 || inner == 0) return;
  const size_t size = gb_size_of(dtype);
  const intptr_t tiles = (inner + COLUMNS - 1) / COLUMNS, width = inner < COLUMNS ? inner : COLUMNS;
  if (op == GB_ARGMAX || op == GB_ARGMIN) {
    if (n == 0) gb_unsupported("the position of an extreme of nothing", op, dtype);
    argument_call call = {.row = argument_rows[op - GB_ARGMAX][dtype],
                          .columns = arguments_of_columns[op - GB_ARGMAX][dtype],
                          .n = n, .inner = inner, .tiles = tiles, .x = x, .out = out, .size = size};
    if (inner == 1 && outer < 16 && n > 2 * GB_GRAIN) {
      argument_of_long_rows(&call, outer);
      return;
    }
    gb_split(outer * tiles, gb_rows_per_piece(n * width), argument_units, &call);
    return;
  }
  const reduction *const kernel = reductions[op][dtype];
  if (kernel == NULL) gb_unsupported("reduce", op, dtype);
  reduce_call call = {.kernel = kernel, .outer = outer, .n = n, .inner = inner, .tiles = tiles, .chunk = n > 0 ? n : 1,
                      .chunks = 1, .x = x, .out = out, .size = size};
  if (inner == 1 && (n <= 2 * GB_GRAIN || outer >= 16)) {
    gb_split(outer, gb_rows_per_piece(n), reduce_rows_piece, &call);
    return;
  }
  // With few long columns, the rows are split too.
  if (outer * tiles < 16 && n * width > 2 * GB_GRAIN) {
    const intptr_t block = rows_in_block(width, inner);
    call.chunk = (GB_GRAIN / width + block - 1) / block * block;
    call.chunks = (n + call.chunk - 1) / call.chunk;
  }
  const size_t bytes = (size_t)(outer * call.chunks * inner) * kernel->total_size;
  if (call.chunks > 1) call.totals = gb_allocate(bytes);
  gb_split(outer * tiles * call.chunks, gb_rows_per_piece(call.chunk * width), reduce_units, &call);
  if (call.chunks == 1) return;
  const size_t line = (size_t)inner * kernel->total_size;
  for (intptr_t o = 0; o < outer; o++) {
    char *const totals = call.totals + (size_t)(o * call.chunks) * line;
    for (intptr_t chunk = 1; chunk < call.chunks; chunk++) kernel->merge(inner, totals, totals + (size_t)chunk * line);
    kernel->finish(inner, totals, call.out + (size_t)(o * inner) * kernel->result_size);
  }
  gb_free(call.totals, bytes);
}
