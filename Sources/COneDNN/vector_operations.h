// Part of each_instruction_set.h.

typedef float SET(vector) __attribute__((vector_size(LANES * 4), aligned(4), may_alias));

/// {Σ lanes of v[0], …, Σ lanes of v[3]}.
static inline TARGET quad SET(add_lanes)(const SET(vector) v[4]) {
  // In each group of four lanes: halves of two vectors added, then of all four; then the groups.
  SET(vector) a = __builtin_shufflevector(v[0], v[1], LOW_SINGLES) + __builtin_shufflevector(v[0], v[1], HIGH_SINGLES);
  SET(vector) b = __builtin_shufflevector(v[2], v[3], LOW_SINGLES) + __builtin_shufflevector(v[2], v[3], HIGH_SINGLES);
  SET(vector) sums = __builtin_shufflevector(a, b, LOW_PAIRS) + __builtin_shufflevector(a, b, HIGH_PAIRS);
  quad groups[LANES / 4];
  __builtin_memcpy(groups, &sums, sizeof groups);
  UNROLLED for (int i = 1; i < LANES / 4; i++) groups[0] += groups[i];
  return groups[0];
}
