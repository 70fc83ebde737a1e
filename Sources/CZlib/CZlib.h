// zlib: gzip and deflate.

#ifndef CZLIB_H
#define CZLIB_H

#include <zlib.h>

// zlib's entry point is a macro, which Swift does not see. Bits 8 to 15 give the window; 16 more ask for gzip.
static inline int glassbox_inflate_init(z_stream *_Nonnull stream, int windowBits) {
  return inflateInit2(stream, windowBits);
}

static inline int glassbox_deflate_init(z_stream *_Nonnull stream, int level, int windowBits) {
  return deflateInit2(stream, level, Z_DEFLATED, windowBits, 8, Z_DEFAULT_STRATEGY);
}

#endif
