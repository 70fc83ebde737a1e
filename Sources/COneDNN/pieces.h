// How the work of this target is run: cut into pieces by the problem's size and the machine's cores, each piece on one thread, so
// that the bits of a result never depend on how many threads there are.

#ifndef GB_PIECES_H
#define GB_PIECES_H

#include <stddef.h>
#include <stdint.h>

typedef void (*gb_piece)(void *context, intptr_t index);

/// Runs piece(context, i) for every i in 0..<count on the pool.
void gb_run_pieces(intptr_t count, gb_piece piece, void *context);

/// Piece `index` of `count` even pieces of 0..<total begins here (and ends where the next begins).
static inline intptr_t gb_piece_start(intptr_t total, intptr_t count, intptr_t index) {
  return total / count * index + (index < total % count ? index : total % count);
}

/// As many pieces as keep all of the machine's cores busy, the ones that are switched off for us included; a power of two. For work
/// where each piece costs something by itself.
intptr_t gb_pieces_for_cores(void);

/// What a thread's buffer is for: two that are in use at the same time need two names.
typedef enum {
  GB_SHARED_WEIGHTS,
  GB_SHARED_OTHER_WEIGHTS,
  GB_SHARED_PARTIALS,
  GB_SOURCE,
  GB_WEIGHTS,
  GB_DESTINATION,
  GB_SCRATCHPAD,
  GB_PACKED,
  GB_BUFFERS
} gb_buffer;

/// The calling thread's buffer of that name, 64-byte aligned, grown to at least `bytes`; what was in it may be lost.
void *gb_thread_buffer(gb_buffer name, size_t bytes);

/// The first failed call into a library ends the process: it would mean a bug here, and no result could be trusted.
_Noreturn void gb_library_failure(const char *call, int status);

#endif
