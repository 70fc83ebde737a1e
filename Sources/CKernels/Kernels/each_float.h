// Includes FILE once for each floating dtype in FLOATS (default: all three), with these macros:
//   N(name)        the name with the dtype's suffix
//   T, C           the stored type, and the type that arithmetic happens in
//   LOAD, STORE    between the two
//   V, VMASK       a vector of LANES Cs, and the integer vector that comparing two of them gives
//   VLOAD, VSTORE  move LANES elements between memory and V
// A function marked per dtype is written once, as ordinary code, instead of inside a macro.

#define N_(name, suffix) name##_##suffix
#define N__(name, suffix) N_(name, suffix)
#define N(name) N__(name, SUFFIX)

#define SUFFIX f32
#define T float
#define C float
#define V vf32
#define VMASK vi32
#define LANES F32_LANES
#define LOAD(x) (x)
#define STORE(x) (x)
#define VLOAD(p) load_f32(p)
#define VSTORE(p, v) store_f32(p, v)
#include FILE
#undef SUFFIX
#undef T
#undef LOAD
#undef STORE
#undef VLOAD
#undef VSTORE

#ifndef WITHOUT_BF16
#define SUFFIX bf16
#define T bf16
#define LOAD(x) float_of_bf16(x)
#define STORE(x) bf16_of_float(x)
#define VLOAD(p) load_bf16(p)
#define VSTORE(p, v) store_bf16(p, v)
#include FILE
#undef SUFFIX
#undef T
#undef LOAD
#undef STORE
#undef VLOAD
#undef VSTORE
#endif
#undef C
#undef V
#undef VMASK
#undef LANES

#define SUFFIX f64
#define T double
#define C double
#define V vf64
#define VMASK vi64
#define LANES F64_LANES
#define LOAD(x) (x)
#define STORE(x) (x)
#define VLOAD(p) load_f64(p)
#define VSTORE(p, v) store_f64(p, v)
#include FILE
#undef SUFFIX
#undef T
#undef C
#undef V
#undef VMASK
#undef LANES
#undef LOAD
#undef STORE
#undef VLOAD
#undef VSTORE

#undef N
#undef N_
#undef N__
#undef FILE
#undef WITHOUT_BF16
