import TensorCore

/// How often each class was predicted for each class.
///
/// ```swift
/// var matrix = ConfusionMatrix(classes: 2)
/// matrix.add(predictions: Tensor([0, 1, 1]), labels: Tensor([0, 0, 1]))
/// matrix.counts  // → [[1, 1], [0, 1]]
/// matrix.scores(of: 1).precision  // → 0.5
/// matrix.scores(of: 1).recall  // → 1.0
/// ```
public struct ConfusionMatrix: Sendable, Hashable {
  /// `counts[label][prediction]`: how many samples of the class `label` were taken for the class `prediction`.
  public private(set) var counts: [[Int]]

  /// An empty matrix. Stops when there is no class.
  public init(classes: Int) {
    if classes < 1 { stop("ConfusionMatrix", "\(classes) classes", fix: "use one or more") }
    counts = Array(repeating: Array(repeating: 0, count: classes), count: classes)
  }

  /// The number of classes.
  public var classes: Int { counts.count }

  /// Adds samples: predicted classes [batch] and true classes [batch], integers. Stops when their shapes differ, or one
  /// is no class.
  public mutating func add(predictions: Tensor, labels: Tensor) {
    guard predictions.shape == labels.shape, predictions.dtype.isInteger, labels.dtype.isInteger else {
      stop(
        "ConfusionMatrix",
        "predictions \(predictions.dtype) \(predictions.shape), labels \(labels.dtype) \(labels.shape)",
        fix: "pass two integer tensors of one shape")
    }
    for (prediction, label) in zip(predictions.scalars(as: Int.self), labels.scalars(as: Int.self)) {
      guard counts.indices.contains(prediction), counts.indices.contains(label) else {
        stop(
          "ConfusionMatrix", "prediction \(prediction), label \(label) with \(classes) classes",
          fix: "use classes in 0..<\(classes)")
      }
      counts[label][prediction] += 1
    }
  }

  /// How many samples were added.
  public var samples: Int { counts.joined().reduce(0, +) }

  /// How many of them were predicted right: the diagonal's sum.
  public var correct: Int { counts.indices.reduce(0) { $0 + counts[$1][$1] } }

  /// The share that was predicted right, in 0...1; 0 when empty.
  public var accuracy: Double { ratio(correct, samples) }

  /// Precision, recall and F1 of one class.
  public func scores(of index: Int) -> ClassScores {
    let right = counts[index][index]
    let predicted = counts.reduce(0) { $0 + $1[index] }
    let support = counts[index].reduce(0, +)
    return ClassScores(
      precision: ratio(right, predicted), recall: ratio(right, support), f1: ratio(2 * right, predicted + support),
      support: support)
  }

  /// The plain mean of all classes' scores, each class counting the same; its support is all samples.
  public var macroAverage: ClassScores {
    let all = counts.indices.map(scores)
    let mean = { (score: KeyPath<ClassScores, Double>) in
      all.map { $0[keyPath: score] }.reduce(0, +) / Double(all.count)
    }
    return ClassScores(precision: mean(\.precision), recall: mean(\.recall), f1: mean(\.f1), support: samples)
  }

  private func ratio(_ part: Int, _ whole: Int) -> Double { whole == 0 ? 0 : Double(part) / Double(whole) }
}

/// How well one class was recognised. All three are in 0...1, and 0 where they would be 0/0, as in scikit-learn.
public struct ClassScores: Sendable, Hashable, Codable {
  /// Of the samples taken for this class, the share that is of it.
  public var precision: Double
  /// Of the samples of this class, the share that was taken for it.
  public var recall: Double
  /// The harmonic mean of precision and recall.
  public var f1: Double
  /// How many samples are of this class.
  public var support: Int

  public init(precision: Double, recall: Double, f1: Double, support: Int) {
    self.precision = precision
    self.recall = recall
    self.f1 = f1
    self.support = support
  }
}
