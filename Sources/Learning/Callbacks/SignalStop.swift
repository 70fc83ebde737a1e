/// Ends a training after the batch at work when the program is asked to end (``Interruption``): the fit throws ``TrainingInterrupted``.
///
/// Together with ``Checkpoints`` the run can go on from that batch. Call `Interruption.watch()` first.
///
/// ```swift
/// func learn(_ learner: Learner, in folder: URL) throws {
///   Interruption.watch()
///   learner.callbacks += [Checkpoints(in: folder), SignalStop()]
///   do {
///     try learner.fit(epochs: 10, learningRate: 0.01)
///   } catch let stop as TrainingInterrupted {
///     print(stop, "The next run goes on from \(folder).")
///   }
/// }
/// ```
public final class SignalStop: Callback {
  public override func afterBatch(_ learner: Learner) throws {
    if let signal = Interruption.requested { throw TrainingInterrupted(signal: signal) }
  }
}

/// A signal asked for the training's end. The learner's position is that of the last batch done.
public struct TrainingInterrupted: TrainingControl, Equatable, CustomStringConvertible {
  public let signal: Int32

  public init(signal: Int32) { self.signal = signal }

  public var description: String { "The training was stopped by signal \(signal)." }
}
