// Philox4x32-10 for one counter, and how many counters a random kernel uses.

#include "CKernels.h"

#include "philox.h"

void gb_philox4x32_10(const uint32_t counter[4], const uint32_t key[2], uint32_t out[4]) {
  uint32_t c0 = counter[0], c1 = counter[1], c2 = counter[2], c3 = counter[3], k0 = key[0], k1 = key[1];
  for (int round = 0; round < PHILOX_ROUNDS; round++) {
    const uint64_t p0 = (uint64_t)PHILOX_M0 * c0, p1 = (uint64_t)PHILOX_M1 * c2;
    c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
    c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
    c1 = (uint32_t)p1;
    c3 = (uint32_t)p0;
    k0 += PHILOX_W0;
    k1 += PHILOX_W1;
  }
  out[0] = c0, out[1] = c1, out[2] = c2, out[3] = c3;
}

uint64_t gb_random_blocks(gb_random_kind kind, gb_dtype dtype, intptr_t n) {
  const bool two_words = kind == GB_INTEGERS || kind == GB_PERMUTATION
                         || ((kind == GB_UNIFORM || kind == GB_NORMAL) && dtype == GB_FLOAT64);
  const uint64_t elements = (uint64_t)n, per_block = two_words ? 2 : 4;
  return (elements + per_block - 1) / per_block;
}
