// Chooses the table of kernels for this processor, once.

#include "CKernels.h"
#include "parallel.h"
#include "segments.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

extern const gb_kernels gb_portable_kernels;

_Atomic size_t gb_streamed_bytes = (size_t)8 << 20;

#if defined(__x86_64__)
extern const gb_kernels gb_avx512_kernels, gb_avx2_kernels;

static const gb_kernels *choose(const char *asked) {
  __builtin_cpu_init();
  // An EPYC's cores have 32 MiB of third-level cache for few of them, and write 16 MiB into it faster than past it.
  if (__builtin_cpu_is("amd")) gb_streamed_bytes = (size_t)32 << 20;
  const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  const bool avx512 = avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw")
                      && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl");
  // An ISA that the processor lacks is not an error: the variable asks for a lower one.
  if (asked != NULL && strcmp(asked, "portable") == 0) return &gb_portable_kernels;
  if (asked != NULL && strcmp(asked, "avx2") == 0 && avx2) return &gb_avx2_kernels;
  if (avx512) return &gb_avx512_kernels;
  return avx2 ? &gb_avx2_kernels : &gb_portable_kernels;
}
#else
static const gb_kernels *choose(const char *asked) {
  (void)asked;
  return &gb_portable_kernels;
}
#endif

static _Atomic(const gb_kernels *) chosen;

static void set_up(void) {
  gb_fit_segments();
  atomic_store_explicit(&chosen, choose(getenv("GLASSBOX_ISA")), memory_order_release);
}

const gb_kernels *gb_cpu_kernels(void) {
  const gb_kernels *table = atomic_load_explicit(&chosen, memory_order_acquire);
  if (table == NULL) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, set_up);
    table = atomic_load_explicit(&chosen, memory_order_acquire);
  }
  return table;
}
