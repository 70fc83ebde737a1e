#include "walk.h"

#include <string.h>

void gb_row_major(intptr_t rank, const intptr_t *sizes, intptr_t *strides) {
  intptr_t stride = 1;
  for (intptr_t d = rank - 1; d >= 0; d--) {
    strides[d] = stride;
    stride *= sizes[d];
  }
}

gb_walk gb_walk_make(intptr_t rank, const intptr_t *sizes, intptr_t operands, const intptr_t *const *strides) {
  gb_walk walk = {.operands = operands, .rank = 0, .count = 1, .grain = GB_GRAIN};
  for (intptr_t d = 0; d < rank; d++) {
    walk.count *= sizes[d];
    if (sizes[d] == 1) continue;
    const intptr_t last = walk.rank - 1;
    bool merges = last >= 0;
    for (intptr_t k = 0; merges && k < operands; k++) {
      merges = walk.strides[k][last] == strides[k][d] * sizes[d];
    }
    const intptr_t target = merges ? last : walk.rank++;
    walk.sizes[target] = merges ? walk.sizes[target] * sizes[d] : sizes[d];
    for (intptr_t k = 0; k < operands; k++) walk.strides[k][target] = strides[k][d];
  }
  if (walk.rank == 0) {
    walk.rank = 1;
    walk.sizes[0] = 1;
    // A single element counts as contiguous.
    for (intptr_t k = 0; k < operands; k++) walk.strides[k][0] = 1;
  }
  return walk;
}

bool gb_walk_is_contiguous(const gb_walk *walk, intptr_t operand) {
  intptr_t stride = 1;
  for (intptr_t d = walk->rank - 1; d >= 0; d--) {
    if (walk->strides[operand][d] != stride) return false;
    stride *= walk->sizes[d];
  }
  return true;
}

/// Where the walk stands: the coordinates of a row and each operand's offset there.
typedef struct {
  intptr_t coordinates[GB_MAX_RANK], offsets[GB_MAX_OPERANDS];
} place;

static place place_of_row(const gb_walk *walk, intptr_t row) {
  place p = {0};
  for (intptr_t d = walk->rank - 2; d >= 0; d--) {
    p.coordinates[d] = row % walk->sizes[d];
    row /= walk->sizes[d];
    for (intptr_t k = 0; k < walk->operands; k++) p.offsets[k] += p.coordinates[d] * walk->strides[k][d];
  }
  return p;
}

static inline void next_row(const gb_walk *walk, place *p) {
  for (intptr_t d = walk->rank - 2; d >= 0; d--) {
    for (intptr_t k = 0; k < walk->operands; k++) p->offsets[k] += walk->strides[k][d];
    if (++p->coordinates[d] < walk->sizes[d]) return;
    for (intptr_t k = 0; k < walk->operands; k++) p->offsets[k] -= walk->sizes[d] * walk->strides[k][d];
    p->coordinates[d] = 0;
  }
}

typedef struct {
  const gb_walk *walk;
  gb_walk_row *row;
  void *context;
  intptr_t pieces;  // of each row
} rows;

static void visit_pieces(void *context, intptr_t begin, intptr_t end) {
  const rows *const r = context;
  const gb_walk *const walk = r->walk;
  const intptr_t length = walk->sizes[walk->rank - 1];
  place p = place_of_row(walk, begin / r->pieces);
  intptr_t piece = begin % r->pieces;
  for (intptr_t i = begin; i < end; i++) {
    const intptr_t first = piece * walk->grain;
    const intptr_t n = length - first < walk->grain ? length - first : walk->grain;
    intptr_t offsets[GB_MAX_OPERANDS];
    for (intptr_t k = 0; k < walk->operands; k++) {
      offsets[k] = p.offsets[k] + first * walk->strides[k][walk->rank - 1];
    }
    r->row(r->context, walk, offsets, n);
    if (++piece == r->pieces) {
      piece = 0;
      next_row(walk, &p);
    }
  }
}

void gb_walk_rows(const gb_walk *walk, gb_walk_row *row, void *context) {
  if (walk->count == 0) return;
  const intptr_t length = walk->sizes[walk->rank - 1];
  rows r = {walk, row, context, (length + walk->grain - 1) / walk->grain};
  gb_split(walk->count / length * r.pieces, length >= walk->grain ? 1 : walk->grain / length, visit_pieces, &r);
}

#define GATHER(T)                                                                                            \
  static void gather_##T(const T *source, intptr_t stride, intptr_t n, T *out) {                             \
    if (stride == 1) {                                                                                       \
      for (intptr_t i = 0; i < n; i++) out[i] = source[i];                                                   \
    } else if (stride == 0) {                                                                                \
      const T value = *source;                                                                               \
      for (intptr_t i = 0; i < n; i++) out[i] = value;                                                       \
    } else {                                                                                                 \
      for (intptr_t i = 0; i < n; i++) out[i] = source[i * stride];                                          \
    }                                                                                                        \
  }
GATHER(any8)
GATHER(any16)
GATHER(any32)
GATHER(any64)

void gb_walk_gather(const gb_walk *walk, intptr_t operand, size_t element_size, const void *base, intptr_t begin, intptr_t n,
                    void *out) {
  const intptr_t length = walk->sizes[walk->rank - 1], stride = walk->strides[operand][walk->rank - 1];
  place p = place_of_row(walk, begin / length);
  intptr_t first = begin % length;
  for (intptr_t done = 0; done < n;) {
    const intptr_t m = length - first < n - done ? length - first : n - done;
    const intptr_t offset = p.offsets[operand] + first * stride;
    switch (element_size) {
      case 1: gather_any8((const any8 *)base + offset, stride, m, (any8 *)out + done); break;
      case 2: gather_any16((const any16 *)base + offset, stride, m, (any16 *)out + done); break;
      case 4: gather_any32((const any32 *)base + offset, stride, m, (any32 *)out + done); break;
      default: gather_any64((const any64 *)base + offset, stride, m, (any64 *)out + done); break;
    }
    done += m;
    first = 0;
    next_row(walk, &p);
  }
}
