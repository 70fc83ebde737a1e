// Strided copies with conversion.

#define FILE "cast_loops.h"
#include "each_number.h"

typedef void cast_loop(intptr_t n, const void *x, void *out);

#define FROM(suffix)                                                                                         \
  {to_f32_##suffix, to_f64_##suffix, to_bf16_##suffix, to_i32_##suffix, to_i64_##suffix, to_u8_##suffix, to_truth_##suffix}
static cast_loop *const casts[GB_BOOL + 1][GB_BOOL + 1] = {FROM(f32), FROM(f64), FROM(bf16), FROM(i32), FROM(i64), FROM(u8), FROM(u8)};
#undef FROM

/// A row of elements of one size, any steps.
#define MOVE(U)                                                                                              \
  static void move_##U(intptr_t n, intptr_t from, const U *source, intptr_t to, U *target) {                 \
    if (to == 1) {                                                                                           \
      for (intptr_t i = 0; i < n; i++) target[i] = source[i * from];                                         \
    } else {                                                                                                 \
      for (intptr_t i = 0; i < n; i++) target[i * to] = source[i * from];                                    \
    }                                                                                                        \
  }
MOVE(any8)
MOVE(any16)
MOVE(any32)
MOVE(any64)
#undef MOVE

static void move_row(size_t size, intptr_t n, intptr_t from, const void *source, intptr_t to, void *target) {
  if (to == 1 && from == 1) {
    memcpy(target, source, (size_t)n * size);
  } else if (to == 1 && from == 0) {
    splat(size, source, n, target);
  } else {
    switch (size) {
      case 1: move_any8(n, from, source, to, target); break;
      case 2: move_any16(n, from, source, to, target); break;
      case 4: move_any32(n, from, source, to, target); break;
      default: move_any64(n, from, source, to, target); break;
    }
  }
}

typedef struct {
  size_t from_size, to_size;
  const char *source;
  char *target;
  cast_loop *cast;
  bool streamed;
  intptr_t tile, width, source_step, target_step;  // of copy_transposed
} copy_call;

// The operands of the walks: 0 is the target, 1 the source.

static void copy_row(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n) {
  const copy_call *const call = context;
  const intptr_t last = walk->rank - 1, from = walk->strides[1][last], to = walk->strides[0][last];
  const char *const source = call->source + offsets[1] * (intptr_t)call->from_size;
  char *const target = call->target + offsets[0] * (intptr_t)call->to_size;
  if (call->streamed && from == 1 && to == 1 && n >= SPREAD) {
    stream((size_t)n * call->to_size, source, target);
    end_stream();
  } else {
    move_row(call->to_size, n, from, source, to, target);
  }
}

static void cast_row(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n) {
  const copy_call *const call = context;
  const intptr_t last = walk->rank - 1, from = walk->strides[1][last], to = walk->strides[0][last];
  const char *source = call->source + offsets[1] * (intptr_t)call->from_size;
  char *target = call->target + offsets[0] * (intptr_t)call->to_size;
  if (from == 1 && to == 1 && !call->streamed) {
    call->cast(n, source, target);
    return;
  }
  _Alignas(64) char gathered[SPREAD * 8], converted[SPREAD * 8];
  for (intptr_t i = 0; i < n; i += SPREAD) {
    const intptr_t m = n - i < SPREAD ? n - i : SPREAD;
    const char *const next = source + i * from * (intptr_t)call->from_size;
    if (from != 1) move_row(call->from_size, m, from, next, 1, gathered);
    call->cast(m, from == 1 ? next : gathered, converted);
    if (to == 1 && call->streamed) stream((size_t)m * call->to_size, converted, target + i * (intptr_t)call->to_size);
    else move_row(call->to_size, m, 1, converted, to, target + i * to * (intptr_t)call->to_size);
  }
  if (call->streamed) end_stream();
}

// Transposing: the source runs along one dimension, the target along another. Going tile by tile keeps both sides' cache
// lines near until every element of them has been used.

#define TILE 16

/// Up to TILE rows and columns through a buffer. Reading and writing whole lines, it never comes back to a line: with a
/// power of two as step, all lines of a tile fall in one set of the cache and would drive each other out.
#define TRANSPOSE_PART(U)                                                                                      \
  static void transpose_part_##U(intptr_t rows, intptr_t columns, const U *source, intptr_t source_step,       \
                                 U *target, intptr_t target_step) {                                            \
    U tile[TILE][TILE];                                                                                        \
    for (intptr_t c = 0; c < columns; c++) {                                                                   \
      for (intptr_t r = 0; r < rows; r++) tile[r][c] = source[r + c * source_step];                            \
    }                                                                                                          \
    for (intptr_t r = 0; r < rows; r++) {                                                                      \
      for (intptr_t c = 0; c < columns; c++) target[r * target_step + c] = tile[r][c];                         \
    }                                                                                                          \
  }
TRANSPOSE_PART(any8)
TRANSPOSE_PART(any16)
TRANSPOSE_PART(any32)
TRANSPOSE_PART(any64)
#undef TRANSPOSE_PART

/// A whole tile in registers: zipping the first half of the rows with the second, log₂ LANES times over, is a perfect
/// shuffle of the elements' addresses, and the last one leaves rows and columns exchanged.
#define TRANSPOSE_SQUARE(U, V, LANES)                                                                          \
  static inline void transpose_square_##U(const U *source, intptr_t source_step, U *target, intptr_t target_step,    \
                                          bool streamed) {                                                           \
    V rows[LANES], zipped[LANES];                                                                              \
    for (int c = 0; c < LANES; c++) memcpy(&rows[c], source + c * source_step, sizeof(V));                     \
    _Pragma("clang loop unroll(full)")                                                                         \
    for (int step = 1; step < LANES; step *= 2) {                                                              \
      _Pragma("clang loop unroll(full)")                                                                       \
      for (int c = 0; c < LANES / 2; c++) {                                                                    \
        zipped[2 * c] = ZIP_FRONT(LANES, rows[c], rows[c + LANES / 2]);                                        \
        zipped[2 * c + 1] = ZIP_BACK(LANES, rows[c], rows[c + LANES / 2]);                                     \
      }                                                                                                        \
      memcpy(rows, zipped, sizeof rows);                                                                       \
    }                                                                                                          \
    if (streamed) {                                                                                            \
      for (int r = 0; r < LANES; r++) __builtin_nontemporal_store(rows[r], (V *)(target + r * target_step));   \
    } else {                                                                                                   \
      for (int r = 0; r < LANES; r++) memcpy(target + r * target_step, &rows[r], sizeof(V));                   \
    }                                                                                                          \
  }
TRANSPOSE_SQUARE(any32, vu32, F32_LANES)
TRANSPOSE_SQUARE(any64, vu64, F64_LANES)
#undef TRANSPOSE_SQUARE

#define TRANSPOSE(U, whole_tile)                                                                               \
  static void transpose_##U(intptr_t rows, intptr_t columns, const U *source, intptr_t source_step, U *target, \
                            intptr_t target_step, bool streamed) {                                             \
    (void)streamed;                                                                                            \
    for (intptr_t first = 0; first < columns; first += TILE) {                                                 \
      const U *const from = source + first * source_step;                                                      \
      U *const to = target + first;                                                                            \
      const intptr_t width = columns - first < TILE ? columns - first : TILE;                                  \
      if (rows == TILE && width == TILE) {                                                                     \
        whole_tile;                                                                                            \
      } else {                                                                                                 \
        transpose_part_##U(rows, width, from, source_step, to, target_step);                                   \
      }                                                                                                        \
    }                                                                                                          \
  }
#define BY_SQUARES(U, LANES)                                                                                   \
  for (int r = 0; r < TILE; r += LANES) {                                                                      \
    for (int c = 0; c < TILE; c += LANES) {                                                                    \
      transpose_square_##U(from + r + c * source_step, source_step, to + r * target_step + c, target_step,     \
                             streamed);                                                                        \
    }                                                                                                          \
  }
TRANSPOSE(any8, transpose_part_any8(TILE, TILE, from, source_step, to, target_step))
TRANSPOSE(any16, transpose_part_any16(TILE, TILE, from, source_step, to, target_step))
TRANSPOSE(any32, BY_SQUARES(any32, F32_LANES))
TRANSPOSE(any64, BY_SQUARES(any64, F64_LANES))
#undef TRANSPOSE
#undef BY_SQUARES

static void transpose_tiles(void *context, const gb_walk *walk, const intptr_t *offsets, intptr_t n) {
  const copy_call *const call = context;
  const intptr_t last = walk->rank - 1, size = (intptr_t)call->to_size;
  const intptr_t rows = call->tile, width = call->width, from = call->source_step, to = call->target_step;
  // Only whole lines are worth streaming.
  const bool may_stream = call->streamed && to * size % 64 == 0;
  for (intptr_t i = 0; i < n; i++) {
    const void *const source = call->source + (offsets[1] + i * walk->strides[1][last]) * size;
    void *const target = call->target + (offsets[0] + i * walk->strides[0][last]) * size;
    const bool streamed = may_stream && (uintptr_t)target % 64 == 0;
    switch (size) {
      case 1: transpose_any8(rows, width, source, from, target, to, streamed); break;
      case 2: transpose_any16(rows, width, source, from, target, to, streamed); break;
      case 4: transpose_any32(rows, width, source, from, target, to, streamed); break;
      default: transpose_any64(rows, width, source, from, target, to, streamed); break;
    }
  }
  if (may_stream) end_stream();
}

/// The target runs along the walk's last dimension, the source along dimension d.
static void copy_transposed(const gb_walk *walk, intptr_t d, copy_call *call) {
  const intptr_t last = walk->rank - 1, rows = walk->sizes[d];
  call->width = walk->sizes[last];
  call->source_step = walk->strides[1][last];
  call->target_step = walk->strides[0][d];
  // The other dimensions are walked, and after them d in steps of a tile: first the whole tiles, then what is left.
  gb_walk tiles = *walk;
  for (intptr_t i = d; i < last; i++) {
    tiles.sizes[i] = walk->sizes[i + 1];
    for (intptr_t k = 0; k < 2; k++) tiles.strides[k][i] = walk->strides[k][i + 1];
  }
  tiles.rank = last;
  const intptr_t whole = rows / TILE;
  for (int rest = 0; rest < 2; rest++) {
    call->tile = rest ? rows % TILE : TILE;
    tiles.sizes[last - 1] = rest ? (rows % TILE > 0) : whole;
    tiles.strides[0][last - 1] = TILE * call->target_step;
    tiles.strides[1][last - 1] = TILE;
    tiles.count = 1;
    for (intptr_t i = 0; i < tiles.rank; i++) tiles.count *= tiles.sizes[i];
    tiles.grain = GB_GRAIN / (TILE * call->width) + 1;
    if (rest) {
      call->target += whole * TILE * call->target_step * (intptr_t)call->to_size;
      call->source += whole * TILE * (intptr_t)call->from_size;
    }
    gb_walk_rows(&tiles, transpose_tiles, call);
  }
}

static void copy(intptr_t rank, const intptr_t *sizes, gb_dtype from, const intptr_t *from_strides, const void *source,
                 gb_dtype to, const intptr_t *to_strides, void *target) {
  copy_call call = {.from_size = gb_size_of(from), .to_size = gb_size_of(to), .source = source, .target = target,
                    .cast = from == to ? NULL : casts[from][to]};
  // Any order of the elements will do: the target's own, forwards.
  intptr_t n[GB_MAX_RANK], to_steps[GB_MAX_RANK], from_steps[GB_MAX_RANK];
  for (intptr_t d = 0; d < rank; d++) {
    intptr_t to_step = to_strides[d], from_step = from_strides[d];
    if (to_step < 0 && sizes[d] > 0) {
      call.target += (sizes[d] - 1) * to_step * (intptr_t)call.to_size;
      call.source += (sizes[d] - 1) * from_step * (intptr_t)call.from_size;
      to_step = -to_step;
      from_step = -from_step;
    }
    intptr_t position = d;
    for (; position > 0 && to_steps[position - 1] < to_step; position--) {
      n[position] = n[position - 1];
      to_steps[position] = to_steps[position - 1];
      from_steps[position] = from_steps[position - 1];
    }
    n[position] = sizes[d];
    to_steps[position] = to_step;
    from_steps[position] = from_step;
  }
  const gb_walk walk = gb_walk_make(rank, n, 2, (const intptr_t *const[]){to_steps, from_steps});
  if (walk.count == 0) return;
  call.streamed = is_streamed((size_t)walk.count * call.to_size, call.target, source, NULL);
  if (call.cast != NULL) {
    gb_walk_rows(&walk, cast_row, &call);
    return;
  }
  const intptr_t last = walk.rank - 1;
  if (walk.strides[0][last] == 1 && walk.strides[1][last] != 1 && walk.sizes[last] >= 4) {
    for (intptr_t d = 0; d < last; d++) {
      if (walk.strides[1][d] == 1 && walk.sizes[d] >= 4) {
        copy_transposed(&walk, d, &call);
        return;
      }
    }
  }
  gb_walk_rows(&walk, copy_row, &call);
}

/// Whether reading an operand of a walk in row-major order means going down columns, of enough elements to matter.
static bool is_transposed(const gb_walk *walk, intptr_t operand) {
  const intptr_t last = walk->rank - 1, step = walk->strides[operand][last];
  if (walk->count < 4096 || step == 0 || step == 1) return false;
  for (intptr_t d = 0; d < last; d++) {
    if (walk->strides[operand][d] == 1 && walk->sizes[d] >= 4) return true;
  }
  return false;
}
