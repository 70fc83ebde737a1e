// glassbox-cell-host LIBRARY TOKEN PARENT: loads the library that cells use, and obeys the process PARENT until either ends.

#define _GNU_SOURCE
#include "host.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { CONTROL = 3 };

static char prefix[80];
static size_t prefix_length;

// What CellRuntime, in the library, gives to the host, and the host to it.
typedef int32_t *start_function(
    void (*emit)(const char *, size_t), void (*threw)(void), void (*set_waiting)(int), char *(*next_input)(void));
static void (*drop_global)(const char *name, void *address);
static int (*probe)(void);

// A global is dropped as if a cell did so, because its deinitialiser may trap, print, or never end.
static struct {
  char name[512];
  void *address;
} dropped;

static int drop(int count, char **arguments) {
  (void)count, (void)arguments;
  drop_global(dropped.name, dropped.address);
  return 0;
}

static void write_all(int file, const char *bytes, size_t length) {
  while (length > 0) {
    const ssize_t n = write(file, bytes, length);
    if (n <= 0) return;
    bytes += n;
    length -= (size_t)n;
  }
}

void reply(const char *format, ...) {
  char line[1 << 15];
  va_list arguments;
  va_start(arguments, format);
  int length = vsnprintf(line, sizeof line - 1, format, arguments);
  va_end(arguments);
  if (length < 0) return;
  if ((size_t)length > sizeof line - 2) length = sizeof line - 2;
  for (int i = 0; i < length; i++)
    if (line[i] == '\n') line[i] = ' ';
  line[length] = '\n';
  write_all(CONTROL, line, (size_t)length + 1);
}

void emit(const char *payload, size_t length) {
  flockfile(stdout);
  fwrite_unlocked(prefix, 1, prefix_length, stdout);
  fwrite_unlocked(payload, 1, length, stdout);
  putc_unlocked('\a', stdout);
  fflush_unlocked(stdout);
  funlockfile(stdout);
}

void flush_output(void) {
  for (int attempt = 0; attempt < 20; attempt++) {
    if (ftrylockfile(stdout) == 0) {
      fflush_unlocked(stdout);
      funlockfile(stdout);
      return;
    }
    usleep(1000);
  }
}

void end_output(void) {
  flush_output();
  char mark[sizeof prefix + 8];
  const int length = snprintf(mark, sizeof mark, "%send\a", prefix);
  write_all(STDOUT_FILENO, mark, (size_t)length);
  write_all(STDERR_FILENO, mark, (size_t)length);
}

// A cell that calls exit() ends the process at once: destructors would pull the floor from under threads that still run.
static void leave(int status, void *unused) {
  (void)unused;
  flush_output();
  _exit(status);
}

static void obey(char *line) {
  const char *const command = strsep(&line, "\t");
  if (strcmp(command, "input") == 0) return add_input(line ? line : "");
  if (strcmp(command, "end-of-input") == 0) return end_input();
  if (strcmp(command, "interrupt") == 0) return interrupt_cell();
  if (strcmp(command, "quit") == 0) _exit(0);
  if (strcmp(command, "probe") == 0) return reply(probe() ? "probed\t1" : "probed\t0");
  const char *const path = strsep(&line, "\t");
  if (path && line && strcmp(command, "run") == 0) return run_cell(path, line);
  if (path && line && strcmp(command, "drop") == 0) {
    dropped.address = address_of_global(path, line);
    if (!dropped.address) return reply("failed\tno global %s", line);
    snprintf(dropped.name, sizeof dropped.name, "%s", line);
    return start_cell(drop);
  }
  reply("failed\tunknown command %s", command);
}

static void *serve(void *unused) {
  (void)unused;
  mark_host_thread();
  FILE *const commands = fdopen(CONTROL, "r");
  char *line = NULL;
  size_t capacity = 0;
  for (ssize_t length; commands && (length = getline(&line, &capacity, commands)) > 0;) {
    line[length - 1] = 0;
    obey(line);
  }
  _exit(0);  // whoever gave the commands has gone
}

/// The function of this name in the library; without it, the host ends.
static void *symbol(void *library, const char *name) {
  void *const found = dlsym(library, name);
  if (found) return found;
  reply("failed\t%s", dlerror());
  _exit(1);
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: glassbox-cell-host LIBRARY TOKEN PARENT\n");
    return 2;
  }
  // Whoever starts the host has to keep alive the thread that did so: the signal comes when that thread ends.
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != (pid_t)atoi(argv[3])) return 0;
  fcntl(CONTROL, F_SETFD, FD_CLOEXEC);
  signal(SIGPIPE, SIG_IGN);
  setvbuf(stdout, NULL, _IOLBF, 1 << 16);
  prefix_length = (size_t)snprintf(prefix, sizeof prefix, "\033]%.64s;", argv[2]);

  void *const library = dlopen(argv[1], RTLD_NOW | RTLD_GLOBAL);
  if (!library) {
    reply("failed\t%s", dlerror());
    return 1;
  }
  start_function *const start = symbol(library, "glassbox_cell_runtime_start");
  drop_global = symbol(library, "glassbox_cell_runtime_drop");
  probe = symbol(library, "glassbox_cell_runtime_probe");
  call_after_locks = symbol(library, "gb_call_after_locks");
  void (*const serve_main_queue)(void) = symbol(RTLD_DEFAULT, "dispatch_main");
  add_parkable_code(library);
  reached_statement = start(emit, cell_threw, set_waiting, next_input);
  on_exit(leave, NULL);
  install_handlers();
  start_reporting();
  reply("ready");

  pthread_t thread;
  if (pthread_create(&thread, NULL, serve, NULL) != 0) return 1;
  serve_main_queue();  // for the main actor, while cells run on threads of their own
}
