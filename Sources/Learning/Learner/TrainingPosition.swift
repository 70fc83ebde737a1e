/// Where a learner's training stands, between two batches: with the model's, the optimiser's, the callbacks' and the generators' state all
/// that is needed to go on as if it had not stopped.
public struct TrainingPosition: Sendable, Hashable, Codable {
  /// The number of the fit at work, from 0: several may follow each other, as in ``Learner/fineTune(epochs:learningRate:frozenEpochs:ratio:)``.
  public var fit = 0
  /// Whole epochs done in that fit, and in all.
  public var fitEpoch = 0
  public var epoch = 0
  /// Batches done of the epoch after them.
  public var batch = 0
  /// Batches done in all.
  public var step = 0
  /// The sum of the losses of the unfinished epoch's samples so far, and their number.
  public var lossSum = 0.0
  public var samples = 0
  /// How long they took, in seconds, and how much of that was spent waiting for batches.
  public var seconds = 0.0
  public var waitingSeconds = 0.0
  /// The finished epochs.
  public var history: [EpochRecord] = []

  public init() {}

  /// The mean loss of the samples of the unfinished epoch; 0 before the first.
  public var loss: Double { samples == 0 ? 0 : lossSum / Double(samples) }
}

/// What one epoch has shown.
public struct EpochRecord: Sendable, Hashable, Codable {
  /// From 1, over all fits.
  public var epoch: Int
  /// Batches done since the training began.
  public var step: Int
  /// The mean loss of the epoch's samples, each measured before the step that it led to.
  public var trainingLoss: Double
  /// The loss and the metrics on the validation's data after the epoch, by name; empty without such data.
  public var validation: [String: Double]
  /// The last step's; of the last group, where groups have their own.
  public var learningRate: Double
  /// The time spent training in this epoch, without the validation; a resumed epoch's parts together.
  public var seconds: Double
  public var samplesPerSecond: Double
  /// How much of the time was spent waiting for batches: near 0 where they are read ahead fast enough.
  public var waitingSeconds: Double

  public init(
    epoch: Int, step: Int, trainingLoss: Double, validation: [String: Double], learningRate: Double, seconds: Double,
    samplesPerSecond: Double, waitingSeconds: Double = 0
  ) {
    self.epoch = epoch
    self.step = step
    self.trainingLoss = trainingLoss
    self.validation = validation
    self.learningRate = learningRate
    self.seconds = seconds
    self.samplesPerSecond = samplesPerSecond
    self.waitingSeconds = waitingSeconds
  }
}
