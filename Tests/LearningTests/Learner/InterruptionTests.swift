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
    kill(getpid(), SIGUSR1)
    // To the process and not to this thread, which may have signals blocked: another one takes it when it comes to run.
    let end = ContinuousClock.now + .seconds(60)
    while Interruption.requested == nil, ContinuousClock.now < end { try await Task.sleep(for: .milliseconds(10)) }
    #expect(Interruption.requested == SIGUSR1)
  }

  @Test("a signal that is ignored stays ignored")
  func ignored() async throws {
    signal(SIGUSR2, SIG_IGN)
    defer { signal(SIGUSR2, SIG_DFL) }
    Interruption.watch([SIGUSR2])
    kill(getpid(), SIGUSR2)
    try await Task.sleep(for: .milliseconds(100))
    #expect(Interruption.requested == nil)
  }
}
