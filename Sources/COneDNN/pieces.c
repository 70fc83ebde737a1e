#include "pieces.h"

#include <cblas.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "COneDNN.h"

static void run_in_order(intptr_t n, void (*body)(void *context, intptr_t i), void *context) {
  for (intptr_t i = 0; i < n; i++) body(context, i);
}

static _Atomic(gb_parallel_function) parallel = run_in_order;
static pthread_once_t openblas_once = PTHREAD_ONCE_INIT;

void gb_onednn_set_parallel(gb_parallel_function function) { parallel = function ? function : run_in_order; }

// An OpenBLAS on OpenMP ignores this and asks OpenMP, like oneDNN; an OpenBLAS on threads of its own needs it.
static void hold_openblas_to_one_thread(void) { openblas_set_num_threads(1); }

typedef struct {
  gb_piece piece;
  void *context;
} piece_call;

static void run_piece(void *context, intptr_t index) {
  const piece_call *call = context;
  pthread_once(&openblas_once, hold_openblas_to_one_thread);
  call->piece(call->context, index);
}

void gb_run_pieces(intptr_t count, gb_piece piece, void *context) {
  piece_call call = {piece, context};
  parallel(count, run_piece, &call);
}

intptr_t gb_pieces_for_cores(void) {
  static _Atomic intptr_t pieces;
  if (pieces == 0) {
    intptr_t power = 2;
    while (power < sysconf(_SC_NPROCESSORS_CONF) && power < 64) power *= 2;
    pieces = power;
  }
  return pieces;
}

typedef struct {
  void *address[GB_BUFFERS];
  size_t bytes[GB_BUFFERS];
} thread_buffers;

static pthread_key_t buffers_key;
static pthread_once_t buffers_once = PTHREAD_ONCE_INIT;
static _Thread_local thread_buffers *buffers;

static void free_buffers(void *context) {
  thread_buffers *old = context;
  for (int i = 0; i < GB_BUFFERS; i++) free(old->address[i]);
  free(old);
}

static void create_buffers_key(void) { pthread_key_create(&buffers_key, free_buffers); }

void *gb_thread_buffer(gb_buffer name, size_t bytes) {
  if (!buffers) {
    pthread_once(&buffers_once, create_buffers_key);
    buffers = calloc(1, sizeof *buffers);
    pthread_setspecific(buffers_key, buffers);
  }
  if (buffers->bytes[name] < bytes) {
    free(buffers->address[name]);
    buffers->bytes[name] = (bytes + 4095) / 4096 * 4096;
    buffers->address[name] = aligned_alloc(64, buffers->bytes[name]);
    if (!buffers->address[name]) gb_library_failure("aligned_alloc", 0);
  }
  return buffers->address[name];
}

_Noreturn void gb_library_failure(const char *call, int status) {
  fprintf(stderr, "Glassbox: %s failed with status %d.\n", call, status);
  abort();
}
