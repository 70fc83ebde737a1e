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
  gb_walk walk;  // not cleared: for a small tensor that would take as long as its elements
  walk.operands = operands;
  walk.rank = 0;
  walk.count = 1;
  walk.grain = GB_GRAIN;
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

// One odometer for the one operand, in one function for each size of element: rows are often only a few elements long.
#define GATHER(U)                                                                                            \
  static void gather_##U(const gb_walk *walk, const intptr_t *strides, const U *source, intptr_t begin,       \
                         intptr_t n, U *out) {                                                                \
    const intptr_t last = walk->rank - 1, length = walk->sizes[last], step = strides[last];                   \
    intptr_t coordinates[GB_MAX_RANK], row = begin / length, first = begin % length;                          \
    for (intptr_t d = last - 1; d >= 0; d--) {                                                                \
      coordinates[d] = row % walk->sizes[d];                                                                  \
      row /= walk->sizes[d];                                                                                  \
      source += coordinates[d] * strides[d];                                                                  \
    }                                                                                                         \
    while (n > 0) {                                                                                           \
      const intptr_t m = length - first < n ? length - first : n;                                             \
      const U *const from = source + first * step;                                                            \
      if (step == 1) {                                                                                        \
        for (intptr_t i = 0; i < m; i++) out[i] = from[i];                                                    \
      } else if (step == 0) {                                                                                 \
        for (intptr_t i = 0; i < m; i++) out[i] = *from;                                                      \
      } else {                                                                                                \
        for (intptr_t i = 0; i < m; i++) out[i] = from[i * step];                                             \
      }                                                                                                       \
      out += m;                                                                                               \
      n -= m;                                                                                                 \
      first = 0;                                                                                              \
      for (intptr_t d = last - 1; d >= 0; d--) {                                                              \
        source += strides[d];                                                                                 \
        if (++coordinates[d] < walk->sizes[d]) break;                                                         \
        source -= walk->sizes[d] * strides[d];                                                                \
        coordinates[d] = 0;                                                                                   \
      }                                                                                                       \
    }                                                                                                         \
  }
GATHER(any8)
GATHER(any16)
GATHER(any32)
GATHER(any64)
#undef GATHER

void gb_walk_gather(const gb_walk *walk, intptr_t operand, size_t element_size, const void *base, intptr_t begin, intptr_t n,
                    void *out) {
  const intptr_t *const strides = walk->strides[operand];
  switch (element_size) {
    case 1: gather_any8(walk, strides, base, begin, n, out); break;
    case 2: gather_any16(walk, strides, base, begin, n, out); break;
    case 4: gather_any32(walk, strides, base, begin, n, out); break;
    default: gather_any64(walk, strides, base, begin, n, out); break;
  }
}
