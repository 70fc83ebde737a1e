import Foundation
import Synchronization

/// A request from outside to end: Ctrl-C (SIGINT), `kill` (SIGTERM), or a closed terminal (SIGHUP).
///
/// The first signal is only remembered, so that the program can finish what it is at and save; a second one ends it at
/// once.
///
/// ```swift
/// func saveWhenAsked(_ save: () -> Void) {
///   if Interruption.requested != nil { save() }
/// }
/// ```
public enum Interruption {
  /// Starts to watch for these signals. One that the process was told to ignore (as by `nohup`) stays ignored.
  public static func watch(_ signals: [Int32] = [SIGINT, SIGTERM, SIGHUP]) {
    // Touched here first: a handler must not be what initialises it.
    _ = received.load(ordering: .relaxed)
    for number in signals {
      var action = sigaction()
      guard sigaction(number, nil, &action) == 0, !ignores(action) else { continue }
      action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // The exit status that shells give to a program that a signal ended.
        if Interruption.received.exchange(number, ordering: .relaxed) != 0 { _exit(128 + number) }
      }
      action.sa_flags = Int32(SA_RESTART)
      sigaction(number, &action, nil)
    }
  }

  /// The signal that asked the program to end, or nil.
  public static var requested: Int32? {
    let number = received.load(ordering: .relaxed)
    return number == 0 ? nil : number
  }

  /// Forgets the request.
  package static func reset() { received.store(0, ordering: .relaxed) }

  private static let received = Atomic<Int32>(0)

  private static func ignores(_ action: sigaction) -> Bool {
    unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
