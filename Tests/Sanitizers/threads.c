// What the pool of threads and the allocator promise, under ThreadSanitizer: `scripts/sanitize` builds and runs it.
//
// Several threads open regions at once, regions stand inside regions, sizes and limits change from one to the next, and pauses let the
// workers fall asleep. Every task must have run exactly once when its region has ended, and its writes must be seen. Blocks of memory go
// from thread to thread.

#define _GNU_SOURCE
#include "CKernels.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CALLERS 4
#define MOST 300

static void require(bool holds, const char *what) {
  if (holds) return;
  fprintf(stderr, "threads: %s\n", what);
  abort();
}

/// A small generator for each thread (Knuth's MMIX constants).
static unsigned next(uint64_t *state, unsigned below) {
  *state = *state * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(*state >> 33) % below;
}

typedef struct {
  int done[MOST];  // not atomic: a region orders its tasks before its end
  int inner;       // tasks of a region within each task
  void (*parallel)(intptr_t, void (*)(void *, intptr_t), void *);
} region;

typedef struct {
  int done[8];
} inner_region;

static void inner_task(void *data, intptr_t i) { ((inner_region *)data)->done[i] += 1; }

static void task(void *data, intptr_t i) {
  region *const r = data;
  r->done[i] += 1;
  inner_region inner = {{0}};
  r->parallel(r->inner, inner_task, &inner);
  for (int k = 0; k < r->inner; k++) require(inner.done[k] == 1, "an inner task did not run once");
}

/// Blocks that one thread has written go through here to another one, which reads and frees them.
static struct {
  pthread_mutex_t lock;
  unsigned char *block;
  size_t bytes;
} hand = {.lock = PTHREAD_MUTEX_INITIALIZER};

static void pass_on(unsigned char *block, size_t bytes) {
  pthread_mutex_lock(&hand.lock);
  unsigned char *const other = hand.block;
  const size_t size = hand.bytes;
  hand.block = block;
  hand.bytes = bytes;
  pthread_mutex_unlock(&hand.lock);
  if (other == NULL) return;
  require(other[0] == (unsigned char)size && other[size - 1] == (unsigned char)size, "a block was given to two");
  gb_free(other, size);
}

static int rounds = 2000;

static void *caller(void *argument) {
  uint64_t state = (uint64_t)(intptr_t)argument;
  region *const r = malloc(sizeof *r);
  for (int round = 0; round < rounds; round++) {
    const unsigned n = next(&state, 4) == 0 ? next(&state, 3) : next(&state, MOST);
    gb_set_thread_limit((int)next(&state, 4));
    if (next(&state, 16) == 0) gb_set_threads((int)next(&state, 6));
    *r = (region){.inner = next(&state, 3) == 0 ? (int)next(&state, 8) : 0};
    r->parallel = next(&state, 2) == 0 ? gb_parallel : gb_parallel_for_libraries;
    r->parallel(n, task, r);
    for (unsigned i = 0; i < MOST; i++) require(r->done[i] == (i < n), "a task did not run once");

    const size_t bytes = 1 + next(&state, next(&state, 8) == 0 ? 6 << 20 : 5000);
    unsigned char *const block = gb_allocate(bytes);
    block[0] = block[bytes - 1] = (unsigned char)bytes;
    pass_on(block, bytes);
    if (next(&state, 64) == 0) gb_memory_trim();
    const gb_memory memory = gb_memory_statistics();
    require(memory.peak >= memory.in_use, "the peak is below what is in use");
    if (next(&state, 50) == 0) usleep(400);  // longer than the workers look for work
  }
  free(r);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc > 1) rounds = atoi(argv[1]);
  pthread_t callers[CALLERS];
  for (intptr_t i = 0; i < CALLERS; i++) pthread_create(&callers[i], NULL, caller, (void *)(i + 1));
  for (int i = 0; i < CALLERS; i++) pthread_join(callers[i], NULL);
  pass_on(NULL, 0);
  printf("threads: %d callers, %d regions each: every task ran once\n", CALLERS, rounds);
  return 0;
}
