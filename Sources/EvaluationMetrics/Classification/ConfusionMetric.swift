import TensorCore

/// A metric that is read off a confusion matrix: keep one, say what is read, and the rest follows.
///
/// ```swift
/// struct ErrorRate: ConfusionMetric {
///   var confusion = ConfusionMatrix()
///   let name = "error rate"
///   let greaterIsBetter = false
///   var value: Double { 1 - confusion.accuracy }
/// }
/// var errors = ErrorRate()
/// try errors.add(predictions: Tensor([[2.0, 1.0], [0.0, 3.0]]), targets: Tensor([0, 0]))
/// errors.value  // → 0.5
/// ```
public protocol ConfusionMetric: Metric {
  var confusion: ConfusionMatrix { get set }
}

extension ConfusionMetric {
  public mutating func add(predictions: Tensor, targets: Tensor) throws(MetricError) {
    do throws(MetricError) {
      try confusion.add(predictions: predictions, targets: targets)
    } catch {
      throw MetricError(metric: name, row: error.row, finding: error.finding)
    }
  }

  public mutating func merge(_ other: Self) { confusion.merge(other.confusion) }
}

/// Of the samples taken for a class, the share that is of it, averaged over classes; see ``ConfusionMatrix/precision(_:)``.
///
/// Predictions are scores [batch, classes, ...] or, if `classes` is given, classes [batch, ...]; targets are classes [batch, ...].
///
/// ```swift
/// var precision = Precision(classes: 2)
/// try precision.add(predictions: Tensor([0, 1, 1]), targets: Tensor([0, 0, 1]))
/// precision.value  // → 0.75
/// precision.perClass  // → [1.0, 0.5]
/// ```
public struct Precision: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public let average: Average

  public init(classes: Int? = nil, average: Average = .macro) {
    confusion = ConfusionMatrix(classes: classes)
    self.average = average
  }

  public var name: String { "\(average) precision" }
  public var value: Double { confusion.precision(average) }
  public var perClass: [Double] { confusion.precisions }
}

/// Of the samples of a class, the share that was taken for it, averaged over classes; see ``ConfusionMatrix/recall(_:)``.
///
/// Predictions are scores [batch, classes, ...] or, if `classes` is given, classes [batch, ...]; targets are classes [batch, ...].
///
/// ```swift
/// var recall = Recall(classes: 2)
/// try recall.add(predictions: Tensor([0, 1, 1]), targets: Tensor([0, 0, 1]))
/// recall.perClass  // → [0.5, 1.0]
/// ```
public struct Recall: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public let average: Average

  public init(classes: Int? = nil, average: Average = .macro) {
    confusion = ConfusionMatrix(classes: classes)
    self.average = average
  }

  public var name: String { "\(average) recall" }
  public var value: Double { confusion.recall(average) }
  public var perClass: [Double] { confusion.recalls }
}

/// The harmonic mean of precision and recall, the latter counting β times as much, averaged over classes; see ``ConfusionMatrix/fBetas(beta:)``.
///
/// Predictions are scores [batch, classes, ...] or, if `classes` is given, classes [batch, ...]; targets are classes [batch, ...].
///
/// ```swift
/// var f1 = FBeta(classes: 2)
/// try f1.add(predictions: Tensor([0, 1, 1, 1]), targets: Tensor([0, 0, 1, 1]))
/// f1.perClass[1]  // → 0.8
/// FBeta(beta: 2).name  // → macro F2
/// ```
public struct FBeta: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public let beta: Double
  public let average: Average

  /// Stops for a β that is not positive.
  public init(beta: Double = 1, classes: Int? = nil, average: Average = .macro) {
    if !(beta > 0) { stop("FBeta", "beta is \(beta)", fix: "use a positive one") }
    confusion = ConfusionMatrix(classes: classes)
    self.beta = beta
    self.average = average
  }

  public var name: String { "\(average) F\(beta == beta.rounded() ? "\(Int(beta))" : "\(beta)")" }
  public var value: Double { confusion.fBeta(beta, average: average) }
  public var perClass: [Double] { confusion.fBetas(beta: beta) }
}

/// The mean recall of the classes that have samples; see ``ConfusionMatrix/balancedAccuracy``.
///
/// ```swift
/// var balanced = BalancedAccuracy(classes: 2)
/// try balanced.add(predictions: Tensor([0, 0, 0, 0]), targets: Tensor([0, 0, 0, 1]))
/// balanced.value  // → 0.5
/// ```
public struct BalancedAccuracy: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public init(classes: Int? = nil) { confusion = ConfusionMatrix(classes: classes) }
  public var name: String { "balanced accuracy" }
  public var value: Double { confusion.balancedAccuracy }
}

/// The correlation of predictions and targets; see ``ConfusionMatrix/matthewsCorrelation``.
///
/// ```swift
/// var matthews = MatthewsCorrelation(classes: 2)
/// try matthews.add(predictions: Tensor([1, 0]), targets: Tensor([0, 1]))
/// matthews.value  // → -1.0
/// ```
public struct MatthewsCorrelation: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public init(classes: Int? = nil) { confusion = ConfusionMatrix(classes: classes) }
  public var name: String { "Matthews correlation" }
  public var value: Double { confusion.matthewsCorrelation }
}

/// The agreement of predictions and targets beyond chance; see ``ConfusionMatrix/cohenKappa``.
///
/// ```swift
/// var kappa = CohenKappa(classes: 2)
/// try kappa.add(predictions: Tensor([0, 1, 0, 0]), targets: Tensor([0, 1, 1, 0]))
/// kappa.value  // → 0.5
/// ```
public struct CohenKappa: ConfusionMetric, Hashable, Codable {
  public var confusion: ConfusionMatrix
  public init(classes: Int? = nil) { confusion = ConfusionMatrix(classes: classes) }
  public var name: String { "Cohen's kappa" }
  public var value: Double { confusion.cohenKappa }
}
