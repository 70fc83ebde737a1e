import DataPipelines
import TensorCore

/// A support vector machine without a kernel, fast for many samples and for many features, dense or sparse: texts above
/// all. Each class is separated from all others by the w and b with the smallest ½‖(w, b)‖² + C Σ max(0, 1 − yᵢ(w·xᵢ +
/// b))², or without the square, by dual coordinate descent (Hsieh et al., "A dual coordinate descent method for
/// large-scale linear SVM", 2008).
///
/// ```swift
/// let x = Tensor([[-1.0, -1.0], [-2.0, -1.0], [1.0, 1.0], [2.0, 1.0]], dtype: .float64)
/// let fitted = try LinearSupportVectorClassifier(regularization: 10).fit(x, Tensor([1, 1, 2, 2]))
/// try fitted.predict(Tensor([[-0.8, -1.0], [3.0, 0.0]], dtype: .float64))  // → [1, 2]
/// ```
public struct LinearSupportVectorClassifier: Classifier {
  public enum Loss: String, Sendable, Hashable, Codable {
    /// max(0, 1 − yf)
    case hinge
    /// max(0, 1 − yf)²
    case squaredHinge
  }

  /// C: the larger, the less the weights are held back.
  public var regularization: Double
  public var loss: Loss
  public var fitsIntercept: Bool
  /// The constant feature whose weight gives b; the larger, the less b is held back.
  public var interceptScaling: Double
  /// Whether C is multiplied by samples/(classes · samples of the class), so that a rare class weighs more. Of more
  /// than two classes this holds for the samples of the class that is separated from the others, as in LIBLINEAR.
  public var balancesClasses: Bool
  /// A fit ends when the dual's gradients lie no further apart.
  public var tolerance: Double
  /// The most passes over the samples; `isConverged` tells whether they were enough.
  public var maximumIterations: Int
  /// Of the samples' order.
  public var seed: UInt64

  public init(
    regularization: Double = 1, loss: Loss = .squaredHinge, fitsIntercept: Bool = true, interceptScaling: Double = 1,
    balancesClasses: Bool = false, tolerance: Double = 1e-4, maximumIterations: Int = 1000, seed: UInt64 = 0
  ) {
    (self.regularization, self.loss, self.fitsIntercept) = (regularization, loss, fitsIntercept)
    (self.interceptScaling, self.balancesClasses) = (interceptScaling, balancesClasses)
    (self.tolerance, self.maximumIterations, self.seed) = (tolerance, maximumIterations, seed)
  }

  /// - Throws: ``EstimatorError`` also for a single class.
  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.regularization, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try require(\.interceptScaling, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try require(\.tolerance, "a number above 0") { $0 > 0 }
    try require(\.maximumIterations, "a number above 0") { $0 > 0 }
    let rows = try DescentRows(x, for: Self.name)
    let labels = try Labels(y, rows: x.rowCount, for: Self.name, minimum: 2)
    let prices = prices(labels)
    let regularization = regularization
    let descent = DualCoordinateDescent(
      tolerance: tolerance, maximumIterations: maximumIterations, constant: fitsIntercept ? interceptScaling : nil)
    let generator = RandomGenerator(seed: seed)
    // Of two classes, the second against the first is enough.
    let targets = labels.classes.count == 2 ? [1] : Array(labels.classes.indices)
    let (isSquared, indices) = (loss == .squaredHinge, labels.indices)
    let solutions = ParallelMap.map(count: targets.count, threads: Runtime.threads) { target in
      let signs = indices.map { $0 == targets[target] ? 1.0 : -1.0 }
      // Of several classes, the others' samples are one class, which is not rare: their price stays.
      let prices = indices.map { targets.count == 1 || $0 == targets[target] ? prices[$0] : regularization }
      return descent.classify(
        rows, signs: signs, prices: prices, isSquared: isSquared, generator.derived(UInt64(target)))
    }
    let dtype = (x as? Tensor)?.dtype == .float32 ? DType.float32 : .float64
    return Fitted(
      classes: labels.classes,
      coefficients: Tensor(solutions.flatMap(\.weights), shape: [targets.count, x.columnCount], dtype: dtype),
      intercepts: Tensor(solutions.map(\.intercept), shape: [targets.count], dtype: dtype),
      iterations: solutions.map(\.iterations), isConverged: solutions.allSatisfy(\.isConverged))
  }

  /// C of each class's samples.
  private func prices(_ labels: Labels) -> [Double] {
    ClassRows(labels).rows.map { rows in
      let share = Double(labels.indices.count) / Double(labels.classes.count * rows.count)
      return balancesClasses ? regularization * share : regularization
    }
  }

  /// f(x) = w·x + b
  public struct Fitted: DecisiveClassifier {
    public let classes: [Int]
    /// w of each class, [classes, features]; of two classes that of the second, [1, features].
    public let coefficients: Tensor
    /// b, [classes] or [1]
    public let intercepts: Tensor
    /// Passes over the samples, for each class.
    public let iterations: [Int]
    /// Whether they were enough for all classes.
    public let isConverged: Bool

    public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let decisions = try decisionFunction(x)
      if classes.count > 2 { return likeliest(decisions) }
      return Tensor(classes, shape: [2]).indexSelected(axis: 0, indices: (decisions .> 0).cast(to: .int64))
    }

    /// f(x) of each class, [samples, classes]; of two classes that of the second, [samples].
    public func decisionFunction(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let all: Tensor
      if let sparse = x as? SparseMatrix {
        all =
          try sparse.checked(for: LinearSupportVectorClassifier.name, width: coefficients.shape[1], minimumRows: 0)
          .product(coefficients.transposed(0, 1)) + intercepts.cast(to: .float64)
      } else {
        let x = try x.dense(
          for: LinearSupportVectorClassifier.name, width: coefficients.shape[1], minimumRows: 0)
        all = matmul(x, coefficients.transposed(0, 1).cast(to: x.dtype)) + intercepts.cast(to: x.dtype)
      }
      return classes.count == 2 ? all.squeezed(1) : all
    }
  }
}

extension LinearSupportVectorClassifier.Fitted {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    classes = try container.decode([Int].self, forKey: .classes)
    coefficients = try container.decode(Tensor.self, forKey: .coefficients)
    intercepts = try container.decode(Tensor.self, forKey: .intercepts)
    iterations = try container.decode([Int].self, forKey: .iterations)
    isConverged = try container.decode(Bool.self, forKey: .isConverged)
    let rows = classes.count == 2 ? 1 : classes.count
    guard classes.count > 1, coefficients.rank == 2, coefficients.shape[0] == rows, intercepts.shape == [rows] else {
      throw DecodingError.dataCorrupted(
        .init(
          codingPath: decoder.codingPath,
          debugDescription:
            "coefficients \(coefficients.shape), intercepts \(intercepts.shape) for \(classes.count) classes"
        ))
    }
  }
}
