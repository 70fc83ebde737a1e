#define _GNU_SOURCE
#include "CProcesses.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <unistd.h>

int gb_spawn(
    pid_t *id, const char *path, char *const arguments[], char *const environment[], const char *directory,
    const int files[4]) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int error = posix_spawn_file_actions_init(&actions);
  if (error) return error;
  if ((error = posix_spawnattr_init(&attributes))) {
    posix_spawn_file_actions_destroy(&actions);
    return error;
  }
  int used = 3;
  for (int i = 0; i < 4 && !error; i++) {
    if (files[i] >= 0) error = posix_spawn_file_actions_adddup2(&actions, files[i], i);
    if (files[i] < 0 && i == 0) error = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (files[i] >= 0 && i == 3) used = 4;
  }
  if (!error) error = posix_spawn_file_actions_addclosefrom_np(&actions, used);
  if (!error && directory) error = posix_spawn_file_actions_addchdir_np(&actions, directory);
  // A group of its own: a terminal's interrupts go to its parent alone.
  sigset_t signals;
  sigemptyset(&signals);
  posix_spawnattr_setsigmask(&attributes, &signals);
  sigfillset(&signals);
  posix_spawnattr_setsigdefault(&attributes, &signals);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  if (!error) error = posix_spawn(id, path, &actions, &attributes, arguments, environment);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return error;
}

int gb_pipe(int ends[2]) { return pipe2(ends, O_CLOEXEC) == 0 ? 0 : errno; }
