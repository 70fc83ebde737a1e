// Lines that readLine has asked the notebook for.

#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdlib.h>
#include <string.h>

typedef struct entry {
  char *line;  // NULL: the end of the input
  struct entry *next;
} entry;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static entry *first, **last = &first;
static sem_t lines;  // all zeros is a semaphore of the process at 0

static void append(char *line) {
  entry *const new = malloc(sizeof *new);
  if (!new) abort();
  *new = (entry){line, NULL};
  pthread_mutex_lock(&lock);
  *last = new;
  last = &new->next;
  pthread_mutex_unlock(&lock);
  sem_post(&lines);
}

void add_input(const char *line) { append(strdup(line)); }
void end_input(void) { append(NULL); }

static char *take(void) {
  pthread_mutex_lock(&lock);
  entry *const taken = first;
  char *const line = taken->line;
  first = taken->next;
  if (!first) last = &first;
  pthread_mutex_unlock(&lock);
  free(taken);
  return line;
}

void clear_input(void) {
  while (sem_trywait(&lines) == 0) free(take());
}

char *next_input(void) {
  set_waiting(1);
  while (sem_wait(&lines) != 0 && errno == EINTR) {}
  set_waiting(0);
  return take();
}
