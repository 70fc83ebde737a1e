// The process in which a notebook's cells live: it loads them, runs each on a thread of its own, and outlives their mistakes.
//
// Commands come, and replies go, in lines of fields with tabs between them, over the socket at descriptor 3:
//   run PATH ENTRY       end finished | end threw STATEMENT | end interrupted STATEMENT FRAME… |
//                        end trapped STATEMENT SIGNAL OVERFLOW FRAME… | failed WHY
//   drop PATH NAME       the same           destroys the registered global NAME ("Cell_3.weights") of the library at PATH
//   probe                probed 0|1         whether new cells can still print, allocate, and await; no answer is a 0 as well
//   interrupt            (the end of the cell, if one runs)
//   input LINE           what readLine returns next; end-of-input makes it return nil
//   quit
// A STATEMENT is the index of the one at the top that the cell reached. A FRAME is PATH+OFFSET, in hexadecimal, the innermost first.

#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Sends one reply; `format` is printf's, without the end of the line.
__attribute__((format(printf, 1, 2))) void reply(const char *format, ...);

/// Writes `\e]TOKEN;payload\a` on stdout, in order with everything that cells print. A token that nobody can guess tells it from text.
void emit(const char *payload, size_t length);
/// Flushes stdout unless a thread that stands still holds it, and marks the end of a cell on stdout and stderr.
void end_output(void);
/// Flushes stdout unless a thread that stands still holds it.
void flush_output(void);

// ---- cells.c

typedef enum { FINISHED, THREW, INTERRUPTED, TRAPPED } ending;

typedef int cell_entry(int, char **);

/// The statement at the top that the cell has reached, as it notes by itself; 0 at first.
extern volatile int32_t *reached_statement;

void start_reporting(void);
/// Loads the library at `path`, and runs its function `entry`.
void run_cell(const char *path, const char *entry);
/// Runs a function on a thread of its own. How it ends is reported.
void start_cell(cell_entry *entry);
/// Parks the thread of the cell that runs at the next safe place: in a cell's or the library's own code, or where it waits for
/// something. After a second, wherever it is.
void interrupt_cell(void);
/// Ends the calling thread, whose cell threw an error.
_Noreturn void cell_threw(void);
/// Says that the calling thread is about to wait, holding no lock, or no longer waits.
void set_waiting(int waiting);
/// The library of the cells that has been loaded; its code and the cells' are where threads may be parked.
void add_parkable_code(void *library);
bool is_parkable(uintptr_t address);
/// Has the calling thread call a function as soon as it holds none of the library's locks; false: it holds none.
extern bool (*call_after_locks)(void (*function)(void));

/// Stops the calling thread for ever: nothing on its stack is destroyed, and no lock given back.
_Noreturn void park(void);
/// Whether the calling thread may report the end of the running cell. At most one thread may.
bool claim_end(void);
/// Reports it, once claimed. Async-signal-safe.
void post_end(ending how, int signal, bool overflow, void *const *frames, int count);
/// Whether the calling thread runs a cell whose parking is asked for.
bool is_to_park(void);
/// Whether the patience with it has ended: then it is parked wherever it stands.
bool parks_anywhere(void);
/// Whether it may be parked at `address`.
bool may_park(uintptr_t address);

// ---- traps.c

void install_handlers(void);
/// A stack of its own for the handlers of the calling thread: without one, an overflow of its stack ends the process.
void use_handler_stack(void);
void free_handler_stack(void);
/// Marks the calling thread as the host's own: a trap in it ends the process.
void mark_host_thread(void);
#define INTERRUPT_SIGNAL SIGUSR2

// ---- input.c

void add_input(const char *line);
void end_input(void);
void clear_input(void);
/// Waits for a line; the caller frees it. NULL: there is none.
char *next_input(void);

// ---- globals.c

/// The address of the global that demangles to `name : type` in the library at `path`, or NULL.
void *address_of_global(const char *path, const char *name);
