// Stores that go past the caches, for outputs so large that they would not stay there.
//
// An ordinary store first reads the line it writes to. Measured on 2.8 GHz Ice Lake, one thread: adding 4 Mi float32 takes
// 4.1 ms with ordinary stores and 2.8 ms with these; below 2 Mi, reading the result back soon costs more than was gained.
// So the size from which this pays, gb_streamed_bytes, is the processor's: dispatch.c sets it.

/// Whether to stream an output. In place there is nothing to gain: the line has just been read.
static inline bool is_streamed(size_t bytes, const void *out, const void *a, const void *b) {
  return bytes >= gb_streamed_bytes && out != NULL && ((uintptr_t)out & 63) == 0 && out != a && out != b;
}

/// Copies to an output that is_streamed. At the end, before another thread may read the output: end_stream.
static void stream(size_t bytes, const void *source, void *target) {
  size_t i = 0;
  if (((uintptr_t)target & (VECTOR_BYTES - 1)) == 0) {
    for (; i + VECTOR_BYTES <= bytes; i += VECTOR_BYTES) {
      __builtin_nontemporal_store(load_f32((const float *)((const char *)source + i)), (vf32 *)((char *)target + i));
    }
  }
  memcpy((char *)target + i, (const char *)source + i, bytes - i);
}

/// Such stores may be seen late; this makes them seen.
static inline void end_stream(void) { __atomic_thread_fence(__ATOMIC_SEQ_CST); }

/// Bytes computed at a time into a buffer in the nearest cache, then streamed.
#define STREAM_BUFFER 4096
