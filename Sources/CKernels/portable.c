// The kernels for any processor: vectors of 16 bytes, which x86-64 and aarch64 both have.

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "philox.h"
#include "segments.h"
#include "special_functions.h"
#include "walk.h"

#define ISA_NAME "portable"
#define ISA_TABLE gb_portable_kernels
#define VECTOR_BYTES 16
#include "Kernels/table.h"
