// Turns columns into rows.

#ifndef GB_TRANSPOSE_H
#define GB_TRANSPOSE_H

#include <stdint.h>

/// to[i·to_row + j] = from[i + j·column] for i < rows and j < columns.
void gb_transpose(intptr_t rows, intptr_t columns, const float *from, intptr_t column, float *to, intptr_t to_row);

#endif
