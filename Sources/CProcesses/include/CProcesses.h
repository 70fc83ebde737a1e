// What Swift's view of glibc leaves out of starting processes: GNU's additions.

#pragma once
#include <sys/types.h>

/// Starts a program in a process group of its own, with no signal blocked or ignored. files[i] becomes its descriptor i, from 0 to 3; it
/// inherits no others. Less than 0: /dev/null for 0, and none for the others. `directory` may be NULL. Returns 0 or an errno.
int gb_spawn(
    pid_t *id, const char *path, char *const arguments[], char *const environment[], const char *directory,
    const int files[4]);

/// A pipe whose ends no program inherits: the one to read from, and the one to write to. Returns 0 or an errno.
int gb_pipe(int ends[2]);
