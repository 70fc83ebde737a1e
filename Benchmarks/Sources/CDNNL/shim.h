// oneDNN's own matrix product, to compare ours with.
#include <dnnl.h>

extern void omp_set_num_threads(int threads);
