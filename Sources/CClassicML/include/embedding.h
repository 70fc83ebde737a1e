// Kernels of t-SNE: the forces between the points of an embedding.
//
// Points are cut into groups by their number alone, never by the number of threads: so are the sums' last bits.

#ifndef CCLASSICML_EMBEDDING_H
#define CCLASSICML_EMBEDDING_H

#include <stdint.h>

/// forcesᵢ = Σⱼ wᵢⱼ²·(yᵢ − yⱼ) with wᵢⱼ = 1/(1 + ‖yᵢ − yⱼ‖²), by Barnes and Hut's tree: a cell that looks small from a
/// point (its width below `angle` times its distance) counts as one point with its mass. Returns Σ wᵢⱼ over all i ≠ j.
/// `y` and `forces` are [points, dimensions], of 1 to 3 dimensions.
double gb_repulsion(intptr_t points, int dimensions, float angle, const float *y, float *forces);

/// forcesᵢ = Σⱼ pᵢⱼ·wᵢⱼ·(yᵢ − yⱼ) over the neighbours of each point: j and p of point i are at starts[i] up to starts[i
/// + 1]. Unless NULL, `costs` [points] becomes Σⱼ pᵢⱼ·ln(1 + ‖yᵢ − yⱼ‖²).
void gb_attraction(
    intptr_t points, int dimensions, const float *y, const int64_t *starts, const int32_t *neighbours, const float *p,
    float *forces, double *costs);

#endif
