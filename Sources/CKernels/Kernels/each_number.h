// Includes FILE once for each dtype but bool, with these macros:
//   N(name)        the name with the dtype's suffix
//   T, C           the stored type, and the type that arithmetic happens in
//   W              C, or for integers the unsigned type in which arithmetic wraps instead of being undefined
//   LOAD, STORE    between T and C
//   IS_FLOAT       1 or 0
//   IS_NAN(x)      of a C; for integers never
//   LEAST, GREATEST  the ends of T's range
//   CONVERT(to, x) a C as the dtype with the suffix `to`
//   OF_DOUBLE(x)   a double as a T

#define N_(name, suffix) name##_##suffix
#define N__(name, suffix) N_(name, suffix)
#define N(name) N__(name, SUFFIX)
#define CONVERT_(to, from) to##_of_##from
#define CONVERT__(to, from) CONVERT_(to, from)
#define CONVERT(to, x) CONVERT__(to, KIND)(x)
#define OF_DOUBLE(x) CONVERT__(SUFFIX, double)(x)

#define IS_FLOAT 1
#define IS_NAN(x) ((x) != (x))
#define LEAST (-INFINITY)
#define GREATEST INFINITY
#define SUFFIX f32
#define T float
#define C float
#define KIND float
#define W float
#define LOAD(x) (x)
#define STORE(x) (x)
#include FILE
#undef SUFFIX
#undef T
#undef LOAD
#undef STORE

#define SUFFIX bf16
#define T bf16
#define LOAD(x) float_of_bf16(x)
#define STORE(x) bf16_of_float(x)
#include FILE
#undef SUFFIX
#undef T
#undef C
#undef KIND
#undef W
#undef LOAD
#undef STORE

#define SUFFIX f64
#define T double
#define C double
#define KIND double
#define W double
#define LOAD(x) (x)
#define STORE(x) (x)
#include FILE
#undef SUFFIX
#undef T
#undef C
#undef KIND
#undef W
#undef IS_FLOAT
#undef IS_NAN
#undef LEAST
#undef GREATEST

#define IS_FLOAT 0
#define IS_NAN(x) false
#define SUFFIX i32
#define T int32_t
#define LEAST INT32_MIN
#define GREATEST INT32_MAX
#define C int32_t
#define KIND int64_t
#define W uint32_t
#include FILE
#undef SUFFIX
#undef T
#undef LEAST
#undef GREATEST
#undef C
#undef KIND
#undef W

#define SUFFIX i64
#define T int64_t
#define LEAST INT64_MIN
#define GREATEST INT64_MAX
#define C int64_t
#define KIND int64_t
#define W uint64_t
#include FILE
#undef SUFFIX
#undef T
#undef LEAST
#undef GREATEST
#undef C
#undef KIND
#undef W

#define SUFFIX u8
#define T uint8_t
#define LEAST 0
#define GREATEST UINT8_MAX
#define C uint8_t
#define KIND int64_t
#define W uint32_t
#include FILE
#undef SUFFIX
#undef T
#undef LEAST
#undef GREATEST
#undef C
#undef KIND
#undef W
#undef IS_FLOAT
#undef IS_NAN
#undef LOAD
#undef STORE

#undef N
#undef N_
#undef N__
#undef CONVERT
#undef CONVERT_
#undef CONVERT__
#undef OF_DOUBLE
#undef FILE
