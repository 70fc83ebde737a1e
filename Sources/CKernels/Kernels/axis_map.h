// Sparse linear maps of one axis.

typedef struct {
  const gb_axis_map *map;
  intptr_t inner;
  const char *x;
  char *out;
} axis_map_call;

#define FILE "axis_map_loops.h"
#include "each_float.h"

#define AXIS_MAP_UNITS(suffix, T)                                                                    \
  static void axis_map_units_##suffix(void *context, intptr_t begin, intptr_t end) {                 \
    const axis_map_call *const call = context;                                                       \
    const gb_axis_map *const map = call->map;                                                        \
    const intptr_t inner = call->inner;                                                              \
    for (intptr_t unit = begin; unit < end; unit++) {                                                \
      const T *const x = (const T *)call->x + unit / map->to * map->from * inner;                    \
      axis_map_row_##suffix(map, unit % map->to, inner, x, (T *)call->out + unit * inner);           \
    }                                                                                                \
  }
AXIS_MAP_UNITS(f32, float)
AXIS_MAP_UNITS(bf16, bf16)
AXIS_MAP_UNITS(f64, double)
#undef AXIS_MAP_UNITS

static void axis_map(gb_dtype dtype, const gb_axis_map *map, intptr_t outer, intptr_t inner, const void *x, void *out) {
  gb_range_body *const units[] = {axis_map_units_f32, axis_map_units_f64, axis_map_units_bf16};
  if (dtype > GB_BFLOAT16) gb_unsupported("axis_map", 0, dtype);
  axis_map_call call = {map, inner, x, out};
  const intptr_t terms = map->to > 0 ? map->starts[map->to] / map->to + 1 : 1;
  gb_split(outer * map->to, gb_rows_per_piece(inner * terms), units[dtype], &call);
}
