// Signals: a mistake in a cell stops its thread and nothing else.

#define _GNU_SOURCE
#include "host.h"

#include <errno.h>
#include <execinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <ucontext.h>
#include <unistd.h>

enum { HANDLER_STACK = 1 << 17, FRAMES = 64 };

static _Thread_local bool is_host_thread;
static _Thread_local void *handler_stack;

void mark_host_thread(void) { is_host_thread = true; }

void use_handler_stack(void) {
  void *const memory =
      mmap(NULL, HANDLER_STACK, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_STACK, -1, 0);
  if (memory == MAP_FAILED) return;
  handler_stack = memory;
  sigaltstack(&(stack_t){.ss_sp = memory, .ss_size = HANDLER_STACK}, NULL);
}

void free_handler_stack(void) {
  if (!handler_stack) return;
  sigaltstack(&(stack_t){.ss_flags = SS_DISABLE}, NULL);
  munmap(handler_stack, HANDLER_STACK);
}

static uintptr_t program_counter(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RIP];
#elif defined(__aarch64__)
  return context->uc_mcontext.pc;
#endif
}

static uintptr_t stack_pointer(const ucontext_t *context) {
#if defined(__x86_64__)
  return (uintptr_t)context->uc_mcontext.gregs[REG_RSP];
#elif defined(__aarch64__)
  return context->uc_mcontext.sp;
#endif
}

/// The frames from the one at `address` outwards: those within belong to the handler.
static void post_with_frames(ending how, int signal, bool overflow, uintptr_t address) {
  void *frames[FRAMES];
  const int count = backtrace(frames, FRAMES);
  int first = 0;
  while (first < count && (uintptr_t)frames[first] != address) first++;
  if (first == count) first = 0;
  post_end(how, signal, overflow, frames + first, count - first);
}

static void on_trap(int number, siginfo_t *info, void *context) {
  if (is_host_thread) {
    signal(number, SIG_DFL);
    raise(number);
    return;
  }
  // A frame below the stack's end is touched by a store near its own stack pointer; a wild pointer is seldom so near.
  const uintptr_t top = stack_pointer(context), touched = (uintptr_t)info->si_addr;
  const bool overflow = number == SIGSEGV && touched + (1 << 20) > top && touched < top + (1 << 16);
  if (claim_end()) post_with_frames(TRAPPED, number, overflow, program_counter(context));
  park();
}

static void park_interrupted(void) {
  if (claim_end()) post_with_frames(INTERRUPTED, 0, false, 0);
  park();
}

static void on_interrupt(int number, siginfo_t *info, void *context) {
  (void)number, (void)info;
  const int error = errno;
  const uintptr_t address = program_counter(context);
  // What holds a lock of the library's stops when it has given it back, unless that takes too long.
  const bool parks_later = is_to_park() && !parks_anywhere() && call_after_locks(park_interrupted);
  if (is_to_park() && !parks_later && may_park(address)) {
    if (claim_end()) post_with_frames(INTERRUPTED, 0, false, address);
    park();
  }
  errno = error;
}

void install_handlers(void) {
  void *frames[2];
  backtrace(frames, 2);  // its first call loads a library, which a handler must not
  struct sigaction trap = {.sa_sigaction = on_trap, .sa_flags = SA_SIGINFO | SA_ONSTACK};
  sigfillset(&trap.sa_mask);
  const int traps[] = {SIGILL, SIGTRAP, SIGSEGV, SIGBUS, SIGFPE, SIGABRT};
  for (size_t i = 0; i < sizeof traps / sizeof traps[0]; i++) sigaction(traps[i], &trap, NULL);
  struct sigaction interrupt = {.sa_sigaction = on_interrupt, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_RESTART};
  sigaction(INTERRUPT_SIGNAL, &interrupt, NULL);
}
