#define REAL float
#define NAMED(name) name##_f32
#include "Kernels/fourier_transform.h"
