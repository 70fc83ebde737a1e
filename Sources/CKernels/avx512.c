// The kernels for x86-64 with AVX-512 (F, BW, DQ, VL).

#if defined(__x86_64__)

#include <immintrin.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "philox.h"
#include "segments.h"
#include "special_functions.h"
#include "walk.h"

// After the system headers: only the kernels may use the ISA.
#pragma clang attribute push(__attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma"))), apply_to = function)
#define ISA_NAME "avx512"
#define ISA_TABLE gb_avx512_kernels
#define VECTOR_BYTES 64
#include "Kernels/table.h"
#pragma clang attribute pop

#endif
