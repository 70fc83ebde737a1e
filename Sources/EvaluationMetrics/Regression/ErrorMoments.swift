import TensorCore

/// What all metrics of regression are computed from: for each output the number, mean and squared deviations of errors e = target − prediction and
/// of targets, joined batch by batch without loss of digits (Chan, Golub & LeVeque, "Updating formulae and a pairwise algorithm for computing
/// sample variances", 1979).
public struct ErrorMoments: Sendable, Hashable, Codable {
  /// The number of samples.
  public private(set) var samples = 0
  /// One for each output.
  private(set) var outputs: [Output] = []

  struct Output: Sendable, Hashable, Codable {
    /// Σ |e|
    var absolute = 0.0
    /// Σ e²
    var squared = 0.0
    var errors = Deviations()
    var targets = Deviations()
  }

  /// The mean, and Σ (x − mean)².
  struct Deviations: Sendable, Hashable, Codable {
    var mean = 0.0
    var squares = 0.0

    /// Joins those of `count` numbers with those of `more` others.
    mutating func merge(_ other: Deviations, _ count: Int, _ more: Int) {
      let (n, m) = (Double(count), Double(more))
      let step = other.mean - mean
      mean += step * (m / (n + m))
      squares += other.squares + step * step * (n * m / (n + m))
    }
  }

  public init() {}

  /// Predictions and targets of one shape, [batch] or [batch, ...]: all places of a sample are outputs of their own.
  mutating func add(_ input: MetricInput) throws(MetricError) {
    guard input.predictions.shape == input.targets.shape, input.targets.rank >= 1 else {
      input.mismatch(
        fix: "pass two tensors of one shape: [batch, 1] and [batch] would be compared each with each; squeeze one")
    }
    let (predictions, targets) = (input.predictions.cast(to: .float64), input.targets.cast(to: .float64))
    try input.refuse("a prediction that is not finite", where: predictions.isFinite() .== 0.0)
    try input.refuse("a target that is not finite", where: targets.isFinite() .== 0.0)
    if targets.count == 0 { return }
    let rows = Shape([targets.shape[0], targets.count / targets.shape[0]])
    let t = targets.reshaped(rows)
    let e = t - predictions.reshaped(rows)
    func list(_ tensor: Tensor) -> [Double] { tensor.scalars(as: Double.self) }
    let (absolute, squared) = (list(e.abs().sum(axis: 0)), list(e.square().sum(axis: 0)))
    let (errors, deviations) = (ErrorMoments.deviations(e), ErrorMoments.deviations(t))
    var batch = ErrorMoments()
    batch.samples = rows[0]
    batch.outputs = absolute.indices.map {
      Output(absolute: absolute[$0], squared: squared[$0], errors: errors[$0], targets: deviations[$0])
    }
    if !outputs.isEmpty && outputs.count != batch.outputs.count {
      input.mismatch(fix: "keep to one number of outputs: there were \(outputs.count) before")
    }
    merge(batch)
  }

  /// Of each column of x [rows, outputs].
  private static func deviations(_ x: Tensor) -> [Deviations] {
    // From the first row on, so that the deviations of constants are exactly 0.
    let first = x[0..<1]
    let mean = first + (x - first).mean(axis: 0, keepingDimensions: true)
    let squares = (x - mean).square().sum(axis: 0)
    return zip(mean.scalars(as: Double.self), squares.scalars(as: Double.self)).map(Deviations.init)
  }

  mutating func merge(_ other: ErrorMoments) {
    if other.samples == 0 { return }
    if samples == 0 {
      self = other
      return
    }
    if outputs.count != other.outputs.count {
      stop("ErrorMoments.merge", "\(outputs.count) and \(other.outputs.count) outputs", fix: "merge those of one shape")
    }
    for (index, output) in other.outputs.enumerated() {
      outputs[index].absolute += output.absolute
      outputs[index].squared += output.squared
      outputs[index].errors.merge(output.errors, samples, other.samples)
      outputs[index].targets.merge(output.targets, samples, other.samples)
    }
    samples += other.samples
  }

  /// The plain mean over outputs; NaN without samples.
  func mean(_ score: (Output) -> Double) -> Double {
    outputs.map(score).reduce(0, +) / Double(outputs.count)
  }
}

/// A metric that is computed from the moments of errors and targets.
///
/// Predictions and targets have one shape, [batch] or [batch, ...]; where a sample has several numbers, the value is the plain mean of theirs. Stops
/// for two shapes; throws for NaN and infinity.
public protocol RegressionMetric: Metric {
  var moments: ErrorMoments { get set }
}

extension RegressionMetric {
  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    try moments.add(MetricInput(name, predictions, targets))
  }

  public mutating func merge(_ other: Self) { moments.merge(other.moments) }
}
