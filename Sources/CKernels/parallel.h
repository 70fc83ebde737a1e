// Splitting work over the pool of threads.c. Splits depend on the size of the problem alone, so that no bit of a result
// depends on the number of threads.

#ifndef GB_PARALLEL_H
#define GB_PARALLEL_H

#include "CKernels.h"

#define GB_HIDDEN __attribute__((visibility("hidden")))

/// Work on elements (or rows, planes …) begin ..< end.
typedef void gb_range_body(void *context, intptr_t begin, intptr_t end);

/// Runs body over 0..<n in pieces of `grain`, except the last. A problem of one piece runs at once on the calling thread.
GB_HIDDEN void gb_split(intptr_t n, intptr_t grain, gb_range_body *body, void *context);

/// From this size of an output on, stores go past the caches (Kernels/stream.h).
extern GB_HIDDEN _Atomic size_t gb_streamed_bytes;

/// Elements per piece for work that costs about as much as moving the element through memory. A piece takes about 10 µs,
/// several times what waking the pool costs.
#define GB_GRAIN 32768

/// How many rows of n elements make a piece.
static inline intptr_t gb_rows_per_piece(intptr_t n) {
  return n >= GB_GRAIN ? 1 : GB_GRAIN / (n > 0 ? n : 1);
}

/// Say that the calling thread is about to take a lock, and that it has given it back: see gb_call_after_locks.
GB_HIDDEN void gb_lock_taken(void);
GB_HIDDEN void gb_lock_returned(void);

/// Stops for a pair of operation and dtype that the caller should have refused.
GB_HIDDEN _Noreturn void gb_unsupported(const char *kernel, int operation, int dtype);

static inline size_t gb_size_of(gb_dtype dtype) {
  static const uint8_t sizes[] = {4, 8, 2, 4, 8, 1, 1};
  return sizes[dtype];
}

// Elements of a size, whatever their type: writing through these may change any object.
typedef uint8_t __attribute__((may_alias)) any8;
typedef uint16_t __attribute__((may_alias)) any16;
typedef uint32_t __attribute__((may_alias)) any32;
typedef uint64_t __attribute__((may_alias)) any64;

#endif
