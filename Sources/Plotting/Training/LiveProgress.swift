import DataPipelines
import Learning

/// Shows a learner's fits as they go on: in a notebook a bar and curves that grow where they stand (``LiveTraining``), elsewhere a line an epoch. The curves
/// are the loss of each batch, and the loss and the metrics of the validation after each epoch. A fit that goes on where another ended shows
/// what is left.
///
/// ```swift
/// let digits = try UCIDigits.load()
/// let data = DataLoaders(digits.train, validation: digits.test, batchSize: 64, seed: 1)
/// let learner = Learner(
///   MLP(sizes: [64, 32, 10], using: RandomGenerator(seed: 1)), data, metrics: [Accuracy()], callbacks: [LiveProgress()])
/// func learn() throws { try learner.fitOneCycle(epochs: 8, learningRate: 0.01) }
/// ```
public final class LiveProgress: Callback {
  private let title: String?
  private var live: LiveTraining?

  public init(_ title: String? = nil) { self.title = title }

  public override func beforeFit(_ learner: Learner) {
    guard let plan = learner.plan, learner.position.fitEpoch < plan.epochs, learner.data.training.batchCount > 0 else {
      return
    }
    let live = LiveTraining(title, epochs: plan.epochs, batches: learner.data.training.batchCount)
    live.skip(to: learner.position.fitEpoch * learner.data.training.batchCount + learner.position.batch)
    self.live = live
  }

  public override func afterBatch(_ learner: Learner) { live?.step(["training loss": learner.lossValue]) }

  public override func afterEpoch(_ learner: Learner) {
    guard let values = learner.history.last?.validation else { return }
    let names = ["loss"] + learner.metrics.map(\.name)
    live?.record(names.compactMap { name in values[name].map { ("validation \(name)", $0) } })
  }

  public override func afterFit(_ learner: Learner) { close() }

  public override func fitFailed(_ learner: Learner, _ error: any Error) { close() }

  private func close() {
    live?.finish()
    live = nil
  }
}
