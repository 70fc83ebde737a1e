#define REAL float
#define LAPACK(name) LAPACK_s##name
#define BLAS(name) cblas_s##name
#define NAMED(name) gb_##name##_f32
#include "routines.h"
