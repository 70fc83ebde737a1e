#include "tree.h"

#include "CKernels.h"

#include <string.h>

/// How finely places are told apart: in steps of 2⁻²⁰ of the widest extent.
#define LEVELS 20
/// Cells of no more points are not divided.
#define LEAF 6
#define DIGIT 10

/// The bits of an axis's step, `dimensions` apart.
static uint64_t spread(uint64_t step, int dimensions) {
  uint64_t code = 0;
  for (int bit = 0; bit < LEVELS; bit++) code |= (step >> bit & 1) << (bit * dimensions);
  return code;
}

typedef struct keyed { uint64_t code; int32_t point; } keyed;

/// Sorts by the code, from its lowest digit to its highest. The result is in `a`.
static void sort(keyed *a, keyed *b, intptr_t count, int bits) {
  keyed *from = a, *to = b;
  for (int shift = 0; shift < bits; shift += DIGIT) {
    intptr_t starts[1 << DIGIT] = {0};
    for (intptr_t i = 0; i < count; i++) starts[from[i].code >> shift & ((1 << DIGIT) - 1)]++;
    intptr_t start = 0;
    for (int digit = 0; digit < 1 << DIGIT; digit++) {
      const intptr_t size = starts[digit];
      starts[digit] = start;
      start += size;
    }
    for (intptr_t i = 0; i < count; i++) to[starts[from[i].code >> shift & ((1 << DIGIT) - 1)]++] = from[i];
    keyed *other = from;
    from = to;
    to = other;
  }
  if (from != a) memcpy(a, from, (size_t)count * sizeof(keyed));
}

typedef struct growth {
  gb_tree *tree;
  const keyed *keys;
  int dimensions;
  float width;
} growth;

static int digit(const growth *g, intptr_t i, int level) {
  return (int)(g->keys[i].code >> (g->dimensions * (LEVELS - 1 - level)) & ((1u << g->dimensions) - 1));
}

/// Adds the cell of points first..<last, and those in it; `sums` get the sums of their places.
static void grow(growth *g, intptr_t first, intptr_t last, int level, double *sums) {
  gb_tree *t = g->tree;
  // A cell all of whose points are in one of its parts is that part.
  while (last - first > LEAF && level < LEVELS && digit(g, first, level) == digit(g, last - 1, level)) level++;
  gb_tree_cell *cell = &t->cell[t->cells++];
  const float width = g->width / (float)(1 << level);
  double own[3] = {0, 0, 0};
  const int is_leaf = last - first <= LEAF || level == LEVELS;
  if (is_leaf) {
    for (int a = 0; a < g->dimensions; a++)
      for (intptr_t i = first; i < last; i++) own[a] += (double)t->y[a * t->points + i];
  } else {
    for (intptr_t start = first; start < last;) {
      const int part = digit(g, start, level);
      intptr_t end = start + 1;
      while (end < last && digit(g, end, level) == part) end++;
      grow(g, start, end, level + 1, own);
      start = end;
    }
  }
  *cell = (gb_tree_cell){
      .square = width * width, .first = (int32_t)first, .last = (int32_t)last, .next = (int32_t)t->cells, .is_leaf = is_leaf};
  for (int a = 0; a < g->dimensions; a++) {
    cell->centre[a] = (float)(own[a] / (double)(last - first));
    sums[a] += own[a];
  }
}

gb_tree gb_make_tree(intptr_t points, int dimensions, const float *y) {
  // Each cell that is no leaf has two parts or more: there are fewer than two for each point.
  const size_t cells = (size_t)(2 * points) * sizeof(gb_tree_cell), keys = (size_t)points * sizeof(keyed);
  const size_t places = (size_t)(points * dimensions) * sizeof(float), order = (size_t)points * sizeof(int32_t);
  gb_tree tree = {.points = points, .bytes = cells + 2 * keys + places + order};
  char *block = tree.block = gb_allocate(tree.bytes);
  tree.cell = (gb_tree_cell *)block;
  keyed *key = (keyed *)(block + cells);
  tree.y = (float *)(block + cells + 2 * keys);
  tree.order = (int32_t *)(block + cells + 2 * keys + places);

  float low[3], width = 0;
  for (int a = 0; a < dimensions; a++) {
    float high = low[a] = y[a];
    for (intptr_t i = 1; i < points; i++) {
      const float value = y[i * dimensions + a];
      if (value < low[a]) low[a] = value;
      if (value > high) high = value;
    }
    if (high - low[a] > width) width = high - low[a];
  }
  const float scale = width > 0 ? (float)((1 << LEVELS) - 1) / width : 0;
  for (intptr_t i = 0; i < points; i++) {
    uint64_t code = 0;
    for (int a = 0; a < dimensions; a++)
      code |= spread((uint64_t)((y[i * dimensions + a] - low[a]) * scale), dimensions) << a;
    key[i] = (keyed){code, (int32_t)i};
  }
  sort(key, key + points, points, LEVELS * dimensions);
  for (intptr_t i = 0; i < points; i++) {
    tree.order[i] = key[i].point;
    for (int a = 0; a < dimensions; a++) tree.y[a * points + i] = y[key[i].point * dimensions + a];
  }
  growth g = {&tree, key, dimensions, width};
  double sums[3] = {0, 0, 0};
  grow(&g, 0, points, 0, sums);
  return tree;
}

void gb_free_tree(gb_tree tree) { gb_free(tree.block, tree.bytes); }
