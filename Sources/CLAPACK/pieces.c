#include "pieces.h"

#include <cblas.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static void run_in_order(intptr_t n, void (*body)(void *context, intptr_t i), void *context) {
  for (intptr_t i = 0; i < n; i++) body(context, i);
}

static _Atomic(gb_lapack_parallel) parallel = run_in_order;
static pthread_once_t openblas_once = PTHREAD_ONCE_INIT;

void gb_lapack_set_parallel(gb_lapack_parallel function) { parallel = function ? function : run_in_order; }

// An OpenBLAS on OpenMP ignores this and asks OpenMP; an OpenBLAS on threads of its own needs it.
static void hold_openblas_to_one_thread(void) { openblas_set_num_threads(1); }

typedef struct {
  const gb_job *job;
  gb_matrices_body *body;
  intptr_t pieces;
} call;

static void run_piece(void *context, intptr_t index) {
  const call *c = context;
  pthread_once(&openblas_once, hold_openblas_to_one_thread);
  intptr_t batch = c->job->shape.batch;
  c->body(c->job, batch * index / c->pieces, batch * (index + 1) / c->pieces);
}

void gb_over_batch(const gb_job *job, double operations, gb_matrices_body *float32, gb_matrices_body *float64) {
  intptr_t batch = job->shape.batch;
  if (batch == 0) return;
  // A piece is worth waking a thread for, and there are enough of them to even out.
  double wanted = operations * (double)batch / 1e5;
  intptr_t pieces = wanted < 1 ? 1 : wanted > 64 ? 64 : (intptr_t)wanted;
  if (pieces > batch) pieces = batch;
  call c = {job, job->shape.is_double ? float64 : float32, pieces};
  parallel(pieces, run_piece, &c);
}

void *gb_workspace(size_t bytes) {
  void *block = malloc(bytes > 0 ? bytes : 1);
  if (!block) {
    fprintf(stderr, "Glassbox: LAPACK needs a workspace of %zu bytes, more than there is.\n", bytes);
    abort();
  }
  return block;
}
