// Reducing a contiguous row of one floating dtype by vectors (included by each_float.h). Four accumulators hide the
// additions' latency; the last vector is padded with the neutral element.

#define ROW(name, start, step, across)                                                          \
  static inline C N(name)(intptr_t n, const T *x) {                                             \
    V a = SPLAT(V, start), b = a, c = a, d = a;                                                 \
    for (; n >= 4 * LANES; n -= 4 * LANES, x += 4 * LANES) {                                    \
      a = step(a, VLOAD(x));                                                                    \
      b = step(b, VLOAD(x + LANES));                                                            \
      c = step(c, VLOAD(x + 2 * LANES));                                                        \
      d = step(d, VLOAD(x + 3 * LANES));                                                        \
    }                                                                                           \
    for (; n >= LANES; n -= LANES, x += LANES) a = step(a, VLOAD(x));                           \
    if (n > 0) b = step(b, load_part(n, x, start));                                             \
    return across(step(step(a, b), step(c, d)));                                                \
  }
#define PLUS(a, b) ((a) + (b))
ROW(sum_of_row, 0, PLUS, sum_lanes)
ROW(max_of_row, -INFINITY, vmax, max_lanes)
ROW(min_of_row, INFINITY, vmin, min_lanes)
#undef PLUS
#undef ROW
