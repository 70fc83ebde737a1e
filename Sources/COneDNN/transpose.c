#include "transpose.h"

typedef float quad __attribute__((vector_size(16), aligned(4), may_alias));

static void transpose_4(const float *from, intptr_t from_row, float *to, intptr_t to_row) {
  quad q[4];
  for (int i = 0; i < 4; i++) q[i] = *(const quad *)(from + i * from_row);
  quad low = __builtin_shufflevector(q[0], q[1], 0, 4, 1, 5), low2 = __builtin_shufflevector(q[2], q[3], 0, 4, 1, 5);
  quad high = __builtin_shufflevector(q[0], q[1], 2, 6, 3, 7), high2 = __builtin_shufflevector(q[2], q[3], 2, 6, 3, 7);
  *(quad *)to = __builtin_shufflevector(low, low2, 0, 1, 4, 5);
  *(quad *)(to + to_row) = __builtin_shufflevector(low, low2, 2, 3, 6, 7);
  *(quad *)(to + 2 * to_row) = __builtin_shufflevector(high, high2, 0, 1, 4, 5);
  *(quad *)(to + 3 * to_row) = __builtin_shufflevector(high, high2, 2, 3, 6, 7);
}

void gb_transpose(intptr_t rows, intptr_t columns, const float *from, intptr_t column, float *to, intptr_t to_row) {
  // A cache line of each column at a time: columns a power of two apart would drive each other out of the cache.
  enum { LINE = 16 };
  for (intptr_t top = 0; top < rows; top += LINE) {
    intptr_t bottom = rows - top < LINE ? rows : top + LINE, quads = top + (bottom - top) / 4 * 4, j = 0;
    for (; j + 4 <= columns; j += 4) {
      for (intptr_t i = top; i < quads; i += 4) transpose_4(from + j * column + i, column, to + i * to_row + j, to_row);
      for (intptr_t i = quads; i < bottom; i++) {
        for (intptr_t l = j; l < j + 4; l++) to[i * to_row + l] = from[l * column + i];
      }
    }
    for (; j < columns; j++) {
      for (intptr_t i = top; i < bottom; i++) to[i * to_row + j] = from[j * column + i];
    }
  }
}
