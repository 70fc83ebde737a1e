#define REAL double
#define LAPACK(name) LAPACK_d##name
#define BLAS(name) cblas_d##name
#define NAMED(name) gb_##name##_f64
#include "routines.h"
