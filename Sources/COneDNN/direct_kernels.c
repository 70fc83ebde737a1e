#include "direct_kernels.h"

#include <stddef.h>

// The tiles that few and that many registers have room for.
#define EACH_SMALL_SUM(DO)                                                                           \
  DO(1, 1) DO(1, 2) DO(1, 3) DO(1, 4) DO(2, 1) DO(2, 2) DO(2, 3) DO(2, 4) DO(3, 1) DO(3, 2) DO(3, 3) \
  DO(3, 4) DO(4, 1) DO(4, 2) DO(4, 3)
#define EACH_LARGE_SUM(DO)                                                                                   \
  EACH_SMALL_SUM(DO) DO(4, 4) DO(5, 1) DO(5, 2) DO(5, 3) DO(5, 4) DO(6, 1) DO(6, 2) DO(6, 3) DO(6, 4) DO(7, 1) \
  DO(7, 2) DO(7, 3) DO(8, 1) DO(8, 2) DO(8, 3)
#define EACH_SMALL_DOT(DO)                                                                         \
  DO(1, 1) DO(1, 2) DO(1, 3) DO(2, 1) DO(2, 2) DO(2, 3) DO(3, 1) DO(3, 2) DO(3, 3) DO(4, 1) DO(4, 2) \
  DO(4, 3)
#define EACH_LARGE_DOT(DO)                                                                                   \
  EACH_SMALL_DOT(DO) DO(1, 4) DO(1, 5) DO(1, 6) DO(2, 4) DO(2, 5) DO(2, 6) DO(3, 4) DO(3, 5) DO(3, 6) DO(4, 4) \
  DO(4, 5) DO(4, 6)

#define KERNELS "direct_tiles.h"
#include "each_instruction_set.h"

const gb_direct_kernels *gb_direct_kernels_here(void) { return FOR_THIS_MACHINE(kernels); }
