// Reducing a contiguous row of one floating dtype by vectors (included by each_float.h). Four accumulators hide the
// additions' latency; the last vector is padded with the neutral element.

static inline C N(sum_of_row)(intptr_t n, const T *x) {
  V a = {0}, b = a, c = a, d = a;
  for (; n >= 4 * LANES; n -= 4 * LANES, x += 4 * LANES) {
    a += VLOAD(x), b += VLOAD(x + LANES), c += VLOAD(x + 2 * LANES), d += VLOAD(x + 3 * LANES);
  }
  for (; n >= LANES; n -= LANES, x += LANES) a += VLOAD(x);
  if (n > 0) b += load_part(n, x, 0);
  return sum_lanes((a + b) + (c + d));
}

// A NaN loses every comparison and is looked for beside them, in two vectors by one instruction.
#define EXTREME_ROW(name, start, better, across)                                                \
  static inline C N(name)(intptr_t n, const T *x) {                                             \
    V extreme[4] = {SPLAT(V, start), SPLAT(V, start), SPLAT(V, start), SPLAT(V, start)};        \
    VMASK nan = {0};                                                                            \
    for (; n >= 4 * LANES; n -= 4 * LANES, x += 4 * LANES) {                                    \
      const V v[4] = {VLOAD(x), VLOAD(x + LANES), VLOAD(x + 2 * LANES), VLOAD(x + 3 * LANES)};  \
      for (int i = 0; i < 4; i++) extreme[i] = vselect(v[i] better extreme[i], v[i], extreme[i]); \
      nan |= ((v[0] != v[0]) | (v[1] != v[1])) | ((v[2] != v[2]) | (v[3] != v[3]));             \
    }                                                                                           \
    for (; n > 0; n -= LANES, x += LANES) {                                                     \
      const V v = n >= LANES ? VLOAD(x) : load_part(n, x, start);                               \
      extreme[0] = vselect(v better extreme[0], v, extreme[0]);                                 \
      nan |= v != v;                                                                            \
    }                                                                                           \
    if (any_lane(nan)) return (C)NAN;                                                           \
    for (int i = 1; i < 4; i++) extreme[0] = vselect(extreme[i] better extreme[0], extreme[i], extreme[0]); \
    return across(extreme[0]);                                                                  \
  }
EXTREME_ROW(max_of_row, -INFINITY, >, max_lanes)
EXTREME_ROW(min_of_row, INFINITY, <, min_lanes)
#undef EXTREME_ROW
