#define REAL double
#define NAMED(name) name##_f64
#include "Kernels/fourier_transform.h"
