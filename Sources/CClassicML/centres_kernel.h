// Samples against centres, for one element type and one instruction set. Who includes it defines REAL, LANES (how many
// of them a vector holds) and NAME(x). No include guard: it is read once for each.
//
// BLOCK samples at a time, copied without their origin if that matters, are multiplied by the transposed centres, a
// vector of which holds LANES centres: so there are no sums across lanes, and each vector of centres that is read
// serves BLOCK samples.

#define VECTOR NAME(vector)
#define INTEGERS NAME(integers)
typedef REAL VECTOR __attribute__((ext_vector_type(LANES)));
typedef INTEGER INTEGERS __attribute__((ext_vector_type(LANES)));
typedef VECTOR NAME(unaligned) __attribute__((aligned(sizeof(REAL))));
#define LOAD(p) (*(const NAME(unaligned) *)(p))
#define STORE(p, v) (*(NAME(unaligned) *)(p) = (v))
#define ALWAYS_INLINE static inline __attribute__((always_inline))

/// y − x·c of a block's rows and of `vectors` vectors of centres, y being ½‖c‖²; the centres lie `width` apart from
/// feature to feature. Meanwhile the block from `next` on comes from memory.
ALWAYS_INLINE void NAME(multiply)(
    const REAL *rows, intptr_t features, const REAL *c, const REAL *halves, intptr_t width, int vectors, REAL *scores,
    const REAL *next) {
  VECTOR products[BLOCK][2];
  for (int r = 0; r < BLOCK; r++)
    for (int v = 0; v < vectors; v++) products[r][v] = 0;
  for (intptr_t j = 0; j < features; j++) {
    __builtin_prefetch(next + j * BLOCK);
    VECTOR column[2];
    for (int v = 0; v < vectors; v++) column[v] = LOAD(c + j * width + v * LANES);
#pragma clang loop unroll(full)
    for (int r = 0; r < BLOCK; r++)
#pragma clang loop unroll(full)
      for (int v = 0; v < vectors; v++) products[r][v] += rows[r * features + j] * column[v];
  }
  for (int r = 0; r < BLOCK; r++)
    for (int v = 0; v < vectors; v++)
      STORE(scores + r * width + v * LANES, LOAD(halves + v * LANES) - products[r][v]);
}

/// A row, less the origin; returns half of its squared length.
ALWAYS_INLINE REAL NAME(moved)(const REAL *x, const REAL *origin, intptr_t features, REAL *row) {
  VECTOR squares = 0;
  intptr_t j = 0;
  for (; j + LANES <= features; j += LANES) {
    VECTOR value = LOAD(x + j) - LOAD(origin + j);
    STORE(row + j, value);
    squares += value * value;
  }
  REAL sum = 0;
  for (; j < features; j++) {
    row[j] = x[j] - origin[j];
    sum += row[j] * row[j];
  }
  for (int l = 0; l < LANES; l++) sum += squares[l];
  return sum / 2;
}

/// Where the score is smallest; the first of equals.
ALWAYS_INLINE int32_t NAME(smallest)(const REAL *scores, intptr_t width) {
  VECTOR best = LOAD(scores);
  INTEGERS places = 0;
  for (intptr_t v = LANES; v < width; v += LANES) {
    VECTOR next = LOAD(scores + v);
    INTEGERS nearer = next < best;
    best = nearer ? next : best;
    places = nearer ? (INTEGERS)(INTEGER)v : places;
  }
  REAL least = best[0];
  for (int l = 1; l < LANES; l++) least = best[l] < least ? best[l] : least;
  for (int l = 0; l < LANES; l++) places[l] += l;
  return (int32_t)__builtin_reduce_min(best == least ? places : (INTEGERS)INT32_MAX);
}

/// The transposed centres and halves of their squared lengths, in `width` columns, of which those without a centre are
/// infinitely far.
static void NAME(pack)(centre_task *t) {
  const gb_centre_problem *p = &t->problem;
  const intptr_t width = t->width;
  const REAL *from = p->c;
  REAL *c = t->c, *halves = t->halves;
  for (intptr_t k = 0; k < width; k++) {
    REAL sum = 0;
    for (intptr_t j = 0; j < p->features; j++) {
      const REAL value = k < p->centres ? from[k * p->features + j] : 0;
      c[j * width + k] = value;
      sum += value * value;
    }
    halves[k] = k < p->centres ? sum / 2 : (REAL)INFINITY;
  }
}

/// What samples first..<last are found to be.
static void NAME(piece)(centre_task *t, intptr_t piece) {
  const gb_centre_problem *p = &t->problem;
  const intptr_t features = p->features, width = t->width;
  const intptr_t first = piece * t->rows, last = first + t->rows < p->samples ? first + t->rows : p->samples;
  const REAL *x = p->x, *origin = p->origin;
  const size_t bytes = (size_t)(BLOCK * (features + width)) * sizeof(REAL);
  REAL *copies = gb_allocate(bytes), *scores = copies + BLOCK * features;
  REAL *sums = t->sums == NULL ? NULL : (REAL *)t->sums + piece * p->centres * features;
  int64_t *counts = t->counts == NULL ? NULL : t->counts + piece * p->centres;
  if (sums != NULL) {
    memset(sums, 0, (size_t)(p->centres * features) * sizeof(REAL));
    memset(counts, 0, (size_t)p->centres * sizeof(int64_t));
  }
  intptr_t changed = 0;
  memset(copies, 0, bytes);
  const int is_direct = p->is_about_zero && t->distances == NULL;
  for (intptr_t i = first; i < last; i += BLOCK) {
    const int filled = last - i < BLOCK ? (int)(last - i) : BLOCK;
    const REAL *rows = is_direct && filled == BLOCK ? x + i * features : copies;
    REAL halves[BLOCK];
    if (rows == copies)
      for (int r = 0; r < filled; r++)
        halves[r] = NAME(moved)(x + (i + r) * features, origin, features, copies + r * features);
    const REAL *next = i + 2 * BLOCK <= last ? x + (i + BLOCK) * features : rows;
    intptr_t v = 0;
    for (; v + 2 * LANES <= width; v += 2 * LANES, next = rows)
      NAME(multiply)(rows, features, (REAL *)t->c + v, (REAL *)t->halves + v, width, 2, scores + v, next);
    if (v < width)
      NAME(multiply)(rows, features, (REAL *)t->c + v, (REAL *)t->halves + v, width, 1, scores + v, next);
    for (int r = 0; r < filled; r++) {
      const REAL *row = rows + r * features, *own = scores + r * width;
      if (t->distances != NULL) {
        REAL *y = (REAL *)t->distances + (i + r) * p->centres;
        for (intptr_t k = 0; k < p->centres; k++) {
          const REAL square = 2 * (halves[r] + own[k]);
          y[k] = square > 0 ? square : 0;
        }
        continue;
      }
      const int32_t place = NAME(smallest)(own, width);
      // Products that overflow are near nothing.
      const int32_t label = place < p->centres ? place : 0;
      changed += label != t->labels[i + r];
      t->labels[i + r] = label;
      if (sums == NULL) continue;
      REAL *sum = sums + label * features;
      intptr_t j = 0;
      for (; j + LANES <= features; j += LANES) STORE(sum + j, LOAD(sum + j) + LOAD(row + j));
      for (; j < features; j++) sum[j] += row[j];
      counts[label] += 1;
    }
  }
  t->changed[piece] = changed;
  gb_free(copies, bytes);
}

static void NAME(own)(centre_task *t, intptr_t piece) {
  const gb_centre_problem *p = &t->problem;
  const intptr_t features = p->features;
  const intptr_t first = piece * t->rows, last = first + t->rows < p->samples ? first + t->rows : p->samples;
  const REAL *origin = p->origin;
  for (intptr_t i = first; i < last; i++) {
    const REAL *x = (const REAL *)p->x + i * features, *c = (const REAL *)p->c + t->labels[i] * features;
    VECTOR squares = 0;
    intptr_t j = 0;
    for (; j + LANES <= features; j += LANES) {
      const VECTOR gap = LOAD(x + j) - LOAD(origin + j) - LOAD(c + j);
      squares += gap * gap;
    }
    double sum = 0;
    for (; j < features; j++) {
      const REAL gap = x[j] - origin[j] - c[j];
      sum += (double)(gap * gap);
    }
    for (int l = 0; l < LANES; l++) sum += (double)squares[l];
    t->own[i] = sum;
  }
}

#undef VECTOR
#undef INTEGERS
#undef LOAD
#undef STORE
#undef ALWAYS_INLINE
#undef NAME
#undef REAL
#undef INTEGER
#undef LANES
