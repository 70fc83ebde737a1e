import Foundation
import Learning
import Testing

@Suite("Interruption", .serialized)
struct InterruptionTests {
  @Test("the first signal is remembered, and does not end the process")
  func remembers() async throws {
    defer { Interruption.reset() }
    #expect(Interruption.requested == nil)
    Interruption.watch([SIGUSR1])
    try await send(SIGUSR1)
    #expect(Interruption.requested == SIGUSR1)
  }

  @Test("a signal that is ignored stays ignored")
  func ignored() async throws {
    signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, SIG_DFL) }
    Interruption.watch([SIGUSR2])
    try await send(SIGUSR2)
    #expect(Interruption.requested == nil)
  }

  /// To the process and not to this thread, which may have signals blocked.
  private func send(_ signal: Int32) async throws {
    kill(getpid(), signal)
    try await Task.sleep(for: .milliseconds(100))
  }
}
