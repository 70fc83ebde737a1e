import TensorCore

/// The scores of all samples, with what is true, one column a class: what metrics that look at the order of samples keep. 9 bytes for each sample
/// and class.
public struct RankedScores: Sendable, Hashable, Codable {
  /// For each class its samples' scores, and whether they are of it.
  private(set) var columns: [Column] = []

  struct Column: Sendable, Hashable, Codable {
    var scores: [Double] = []
    var isPositive: [Bool] = []
  }

  public init() {}

  /// The number of samples.
  public var samples: Int { columns.first?.scores.count ?? 0 }

  /// One class: predictions [batch] or [batch, 2], targets [batch] of 0 and 1. Several, each against the rest: [batch, classes] and classes
  /// [batch]. Several, independent of each other: both [batch, classes], targets of 0 and 1.
  mutating func add(_ input: MetricInput, _ kind: PredictionKind) throws(MetricError) {
    let (predictions, targets) = (input.predictions, input.targets)
    guard predictions.dtype.isFloatingPoint, input.targetsAreClasses, [1, 2].contains(predictions.rank),
      targets.shape == predictions.shape || (predictions.rank == 2 && targets.shape == [predictions.shape[0]])
    else {
      input.mismatch(
        fix: "pass scores [batch] or [batch, classes], and integer targets [batch], or of the scores' shape for labels "
          + "that are independent of each other")
    }
    try input.refuseNaN()
    let isClasses = targets.rank < predictions.rank
    let labels = try input.labels(of: isClasses ? predictions.shape[1] : 2)
    var scores = predictions.cast(to: .float64)
    var positive = labels .> 0.0
    if isClasses, scores.shape[1] == 2 {
      scores = kind == .logits ? scores[.all, 1] - scores[.all, 0] : scores[.all, 1]
    } else if isClasses {
      if kind == .logits { scores = scores.softmax(axis: 1) }
      positive = labels.oneHot(classes: scores.shape[1], dtype: .bool)
    }
    append(scores, positive, input)
  }

  /// Both [batch] or [batch, columns].
  private mutating func append(_ scores: Tensor, _ positive: Tensor, _ input: MetricInput) {
    let width = scores.rank == 1 ? 1 : scores.shape[1]
    if columns.isEmpty { columns = Array(repeating: Column(), count: width) }
    if columns.count != width {
      input.mismatch(fix: "keep to one number of columns: there were \(columns.count) before")
    }
    let (scores, positive) = (scores.reshaped([-1, width]), positive.reshaped([-1, width]))
    for index in columns.indices {
      columns[index].scores += scores[.all, index].scalars(as: Double.self)
      columns[index].isPositive += positive[.all, index].scalars(as: Bool.self)
    }
  }

  mutating func merge(_ other: RankedScores) {
    if other.columns.isEmpty { return }
    if columns.isEmpty { columns = Array(repeating: Column(), count: other.columns.count) }
    guard columns.count == other.columns.count else {
      stop(
        "RankedScores.merge", "\(columns.count) and \(other.columns.count) columns", fix: "merge scores of one shape")
    }
    for (index, column) in other.columns.enumerated() {
      columns[index].scores += column.scores
      columns[index].isPositive += column.isPositive
    }
  }

  /// A measure of each column, averaged.
  func averaged(_ average: Average, _ measure: (RankedScores.Column) -> Double) -> Double {
    switch average {
    case .micro:
      let all = columns.reduce(into: Column()) {
        $0.scores += $1.scores
        $0.isPositive += $1.isPositive
      }
      return measure(all)
    case .macro:
      let values = columns.map(measure)
      return Average.mean(values, weights: values.map { _ in 1 })
    case .weighted:
      let supports = columns.map { Double($0.positives) }
      return supports.allSatisfy { $0 == 0 } ? 0 : Average.mean(columns.map(measure), weights: supports)
    }
  }
}

extension RankedScores.Column {
  var positives: Int { isPositive.reduce(0) { $0 + ($1 ? 1 : 0) } }

  /// The samples with equal scores together, lowest scores first: how many of them are positive, and how many there are.
  var groups: [(positives: Int, count: Int)] {
    let order = scores.indices.sorted { scores[$0] < scores[$1] }
    var groups: [(positives: Int, count: Int)] = []
    var last = Double.nan
    for index in order {
      if scores[index] != last { groups.append((0, 0)) }
      last = scores[index]
      groups[groups.count - 1].count += 1
      if isPositive[index] { groups[groups.count - 1].positives += 1 }
    }
    return groups
  }
}
