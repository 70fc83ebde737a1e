// Many Fourier transforms of one length: what fourier_f32.c and fourier_f64.c offer, and what they need.

#ifndef GB_FOURIER_H
#define GB_FOURIER_H

#include <stddef.h>

#include "parallel.h"

typedef enum gb_fourier_kind { GB_FORWARD, GB_INVERSE, GB_REAL, GB_HERMITIAN } gb_fourier_kind;

/// Rows begin ..< end.
typedef void gb_fourier_body(gb_fourier_kind kind, const gb_fourier_shape *shape, const void *plan, const void *x, void *y,
                             intptr_t begin, intptr_t end);
GB_HIDDEN gb_fourier_body gb_fourier_rows_f32, gb_fourier_rows_f64;

/// What depends on the length alone; a negative one asks for real rows of that even length.
GB_HIDDEN void *gb_fourier_plan_f32(intptr_t n);
GB_HIDDEN void *gb_fourier_plan_f64(intptr_t n);
GB_HIDDEN void gb_fourier_free_f32(void *plan);
GB_HIDDEN void gb_fourier_free_f64(void *plan);

/// malloc, or the end of the program.
GB_HIDDEN void *gb_fourier_memory(size_t bytes);

#endif
