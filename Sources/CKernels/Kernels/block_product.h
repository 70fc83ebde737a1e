// Products of small matrices that lie in the nearest caches, on the calling thread. For use inside larger kernels.

#if VECTOR_BYTES == 64
#define PRODUCT_VECTORS 4
#define MOST_ROWS_1 12
#define MOST_ROWS_2 12
#define MOST_ROWS_3 8
#define MOST_ROWS_4 6
#else
#define PRODUCT_VECTORS 2
#define MOST_ROWS_1 8
#define MOST_ROWS_2 6
#endif
/// A multiple of most tiles' rows: work on whole groups wastes little.
#define ROW_GROUP 12

#define UNROLLED _Pragma("clang loop unroll(full)")

#define FILE "block_product_loops.h"
#define WITHOUT_BF16
#include "each_float.h"
