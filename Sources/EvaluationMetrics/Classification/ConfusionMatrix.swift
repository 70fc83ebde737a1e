import TensorCore

/// How often each class was predicted for each class: what precision, recall and their like are computed from.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 2)
/// try matrix.add(predictions: Tensor([0, 1, 1]), targets: Tensor([0, 0, 1]))
/// matrix.counts  // → [[1, 1], [0, 1]]
/// matrix.scores(of: 1).precision  // → 0.5
/// matrix.scores(of: 1).recall  // → 1.0
/// ```
public struct ConfusionMatrix: Metric, Hashable, Codable {
  /// `counts[target][prediction]`: how many samples of the class `target` were taken for the class `prediction`.
  public private(set) var counts: [[Int]]

  /// An empty matrix. Without a number of classes, the first scores [batch, classes] tell it. Stops when there is no class.
  public init(classes: Int? = nil) {
    if let classes, classes < 1 { stop("ConfusionMatrix", "\(classes) classes", fix: "use one or more") }
    counts = ConfusionMatrix.zeros(classes ?? 0)
  }

  /// The number of classes; 0 before it is known.
  public var classes: Int { counts.count }

  public var name: String { "confusion matrix" }

  /// The matrix itself: many a score is read off it.
  public var value: ConfusionMatrix { self }

  /// Adds samples: scores [batch, classes, ...], of which the highest counts, or classes [batch, ...]; and true classes [batch, ...]. Stops when
  /// the shapes do not fit; throws for a NaN, and for what is no class, and has added nothing then.
  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    let input = MetricInput(name, predictions, targets)
    let (predicted, actual, count) = try input.classes()
    let classes = count ?? classes
    if classes == 0 || (self.classes > 0 && self.classes != classes) {
      input.mismatch(fix: "make a ConfusionMatrix(classes:) of as many classes as there are, not of \(self.classes)")
    }
    let known = Double(classes)
    try input.refuse(
      "a prediction that is none of the classes 0..<\(classes)", where: (predicted .< 0.0) .| (predicted .>= known))
    _ = try input.labels(of: classes)
    if counts.isEmpty { counts = ConfusionMatrix.zeros(classes) }
    for (target, prediction) in zip(actual.scalars(as: Int.self), predicted.scalars(as: Int.self)) {
      counts[target][prediction] += 1
    }
  }

  public mutating func merge(_ other: Self) {
    if classes > 0 && other.classes > 0 && classes != other.classes {
      stop(
        "ConfusionMatrix.merge", "\(classes) and \(other.classes) classes", fix: "merge matrices of the same classes")
    }
    if other.counts.isEmpty { return }
    if counts.isEmpty { counts = ConfusionMatrix.zeros(other.classes) }
    for (row, numbers) in other.counts.enumerated() {
      for (column, number) in numbers.enumerated() { counts[row][column] += number }
    }
  }

  private static func zeros(_ classes: Int) -> [[Int]] {
    Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// How many samples were added.
  public var samples: Int { counts.joined().reduce(0, +) }

  /// How many of them were predicted right: the diagonal's sum.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The share that was predicted right, in 0...1; NaN when empty.
  public var accuracy: Double { Double(correct) / Double(samples) }

  /// How many samples are of each class: the rows' sums.
  public var supports: [Int] { counts.map { $0.reduce(0, +) } }

  /// How many samples were taken for each class: the columns' sums.
  public var predicted: [Int] { counts.indices.map { column in counts.reduce(0) { $0 + $1[column] } } }
}
