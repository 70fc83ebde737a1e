// Cells, one after the other, each on a thread of its own; and the one report of how a cell ended.

#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <errno.h>
#include <link.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static const size_t stack_size = (size_t)512 << 20;  // reserved; what a cell does not touch costs nothing

/// Twice the number of the cell, plus one while it runs and nobody has claimed its end.
static atomic_uint_fast64_t state;
static _Thread_local uint_fast64_t own_state;  // of the cell that this thread runs; 0: none
static _Thread_local volatile sig_atomic_t is_waiting;

static pthread_mutex_t signalling = PTHREAD_MUTEX_INITIALIZER;
static pthread_t cell_thread;          // guarded by `signalling`
static bool is_alive;                  // whether it may be sent signals; guarded by `signalling`
static volatile sig_atomic_t parking;  // 0: nobody asks; 1: at a safe place; 2: wherever it is
static atomic_bool is_parked;

volatile int32_t *reached_statement;
bool (*call_after_locks)(void (*function)(void));

static struct {
  ending how;
  int32_t statement;
  int signal, count;
  bool overflow, is_cell_thread;
  void *frames[64];
} end;
static sem_t ended;

// ---- ends

bool claim_end(void) {
  uint_fast64_t running = own_state ? own_state : atomic_load(&state);
  return (running & 1) && atomic_compare_exchange_strong(&state, &running, running - 1);
}

void post_end(ending how, int signal, bool overflow, void *const *frames, int count) {
  end.how = how;
  end.statement = *reached_statement;
  end.signal = signal;
  end.overflow = overflow;
  end.is_cell_thread = own_state != 0;
  end.count = count;
  for (int i = 0; i < count; i++) end.frames[i] = frames[i];
  sem_post(&ended);
}

_Noreturn void park(void) {
  sigset_t all;
  sigfillset(&all);
  pthread_sigmask(SIG_BLOCK, &all, NULL);
  if (own_state) {
    // What an endless recursion took is given back, but for the outermost part of the stack: others may have pointers to it.
    pthread_attr_t attributes;
    void *lowest;
    size_t size;
    if (end.overflow && pthread_getattr_np(pthread_self(), &attributes) == 0 &&
        pthread_attr_getstack(&attributes, &lowest, &size) == 0 && size > (1 << 20))
      madvise(lowest, size - (1 << 20), MADV_DONTNEED);
    atomic_store(&is_parked, true);
  }
  for (;;) pause();
}

/// Ends the thread of a cell that has come to its end by itself.
static void finish(ending how) {
  if (!claim_end()) park();  // it has been given up before
  pthread_mutex_lock(&signalling);
  is_alive = false;
  pthread_mutex_unlock(&signalling);
  post_end(how, 0, false, NULL, 0);
  free_handler_stack();
}

_Noreturn void cell_threw(void) {
  finish(THREW);
  pthread_exit(NULL);
}

static void *enter(void *entry) {
  own_state = atomic_load(&state);
  call_after_locks(NULL);  // the first call may allocate, which one from a signal's handler must not
  use_handler_stack();
  ((cell_entry *)entry)(0, NULL);
  finish(FINISHED);
  return NULL;
}

// ---- safe places

static struct {
  uintptr_t begin, end;
} code[1 << 14];
static atomic_int pieces_of_code;

static int add_segments(struct dl_phdr_info *info, size_t size, void *base) {
  (void)size;
  if (info->dlpi_addr != *(ElfW(Addr) *)base) return 0;
  for (int i = 0; i < info->dlpi_phnum; i++) {
    const ElfW(Phdr) *const part = &info->dlpi_phdr[i];
    const int n = atomic_load(&pieces_of_code);
    if (part->p_type != PT_LOAD || !(part->p_flags & PF_X) || n == sizeof code / sizeof code[0]) continue;
    code[n].begin = info->dlpi_addr + part->p_vaddr;
    code[n].end = code[n].begin + part->p_memsz;
    atomic_store(&pieces_of_code, n + 1);
  }
  return 1;
}

void add_parkable_code(void *library) {
  struct link_map *map;
  if (dlinfo(library, RTLD_DI_LINKMAP, &map) == 0) dl_iterate_phdr(add_segments, &map->l_addr);
}

bool is_parkable(uintptr_t address) {
  for (int i = atomic_load(&pieces_of_code) - 1; i >= 0; i--)
    if (address >= code[i].begin && address < code[i].end) return true;
  return false;
}

void set_waiting(int waiting) { is_waiting = waiting; }

bool is_to_park(void) { return own_state && parking; }
bool parks_anywhere(void) { return parking == 2; }
bool may_park(uintptr_t address) { return parks_anywhere() || is_waiting || is_parkable(address); }

/// Signals the cell's thread every 5 ms until it stands still or has ended; after `patience` signals, it stops wherever it is.
static void park_cell(int signals, int patience) {
  for (int i = 0; i < signals && !atomic_load(&is_parked); i++) {
    pthread_mutex_lock(&signalling);
    const bool alive = is_alive;
    parking = i < patience ? 1 : 2;
    if (alive) pthread_kill(cell_thread, INTERRUPT_SIGNAL);
    pthread_mutex_unlock(&signalling);
    if (!alive) break;
    usleep(5000);
  }
  parking = 0;
}

void interrupt_cell(void) {
  if (atomic_load(&state) & 1) park_cell(400, 200);
}

// ---- the report

static void *report(void *unused) {
  (void)unused;
  mark_host_thread();
  for (;;) {
    while (sem_wait(&ended) != 0 && errno == EINTR) {}
    // A task of the cell trapped: the cell's own thread stops as well, if it comes to a safe place.
    if (end.how == TRAPPED && !end.is_cell_thread) park_cell(40, 40);
    end_output();
    static char frames[1 << 14];
    size_t length = 0;
    frames[0] = 0;
    for (int i = 0; i < end.count; i++) {
      Dl_info info;
      if (!dladdr(end.frames[i], &info) || !info.dli_fname) continue;
      const size_t offset = (size_t)((char *)end.frames[i] - (char *)info.dli_fbase);
      const int n = snprintf(frames + length, sizeof frames - length, "\t%s+%zx", info.dli_fname, offset);
      if (n < 0 || (size_t)n >= sizeof frames - length) break;
      length += (size_t)n;
    }
    frames[length] = 0;
    switch (end.how) {
      case FINISHED: reply("end\tfinished"); break;
      case THREW: reply("end\tthrew\t%d", end.statement); break;
      case INTERRUPTED: reply("end\tinterrupted\t%d%s", end.statement, frames); break;
      case TRAPPED: reply("end\ttrapped\t%d\t%d\t%d%s", end.statement, end.signal, end.overflow, frames); break;
    }
  }
}

void start_reporting(void) {
  sem_init(&ended, 0, 0);
  pthread_t thread;
  pthread_create(&thread, NULL, report, NULL);
}

void start_cell(cell_entry *entry) {
  if (atomic_load(&state) & 1) return reply("failed\ta cell runs already");
  clear_input();
  atomic_store(&is_parked, false);
  *reached_statement = 0;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, stack_size);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_mutex_lock(&signalling);
  atomic_fetch_add(&state, 3);  // from even to odd: the next cell
  const int error = pthread_create(&cell_thread, &attributes, enter, entry);
  is_alive = error == 0;
  if (error) atomic_fetch_sub(&state, 1);
  pthread_mutex_unlock(&signalling);
  pthread_attr_destroy(&attributes);
  if (error) reply("failed\tno thread for the cell: %s", strerror(error));
}

void run_cell(const char *path, const char *entry) {
  void *const library = dlopen(path, RTLD_NOW | RTLD_GLOBAL);
  void *const function = library ? dlsym(library, entry) : NULL;
  if (!function) return reply("failed\t%s", dlerror());
  add_parkable_code(library);
  start_cell(function);
}
