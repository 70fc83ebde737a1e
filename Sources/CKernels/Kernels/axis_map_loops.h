// One row of a sparse map's result, for one floating dtype (included by each_float.h). The sums are in C, and rounded once.

static void N(axis_map_row)(const gb_axis_map *map, intptr_t row, intptr_t inner, const T *x, T *out) {
  const intptr_t begin = map->starts[row], end = map->starts[row + 1];
  if (inner == 1) {
    C sum = 0;
    for (intptr_t t = begin; t < end; t++) sum += (C)map->weights[t] * LOAD(x[map->columns[t]]);
    out[0] = STORE(sum);
    return;
  }
  enum { BLOCK = 128 };
  for (intptr_t first = 0; first < inner; first += BLOCK) {
    const intptr_t n = inner - first < BLOCK ? inner - first : BLOCK;
    C sums[BLOCK] = {0};
    for (intptr_t t = begin; t < end; t++) {
      const C weight = (C)map->weights[t];
      const T *const source = x + map->columns[t] * inner + first;
      for (intptr_t i = 0; i < n; i++) sums[i] += weight * LOAD(source[i]);
    }
    for (intptr_t i = 0; i < n; i++) out[first + i] = STORE(sums[i]);
  }
}
