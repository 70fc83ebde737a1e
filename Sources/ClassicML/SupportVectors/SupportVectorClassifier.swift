import DataPipelines
import TensorCore

/// A support vector machine: between each two classes, the boundary with the widest margin in the kernel's space, and a
/// price C for each sample inside it or beyond (Cortes & Vapnik, "Support-vector networks", 1995). Each pair minimises
/// ½‖w‖² + C Σ max(0, 1 − yᵢ(w·φ(xᵢ) + b)).
///
/// Scale the features first: the kernel takes them as they are.
///
/// ```swift
/// let x = Tensor([[-1.0, -1.0], [-2.0, -1.0], [1.0, 1.0], [2.0, 1.0]], dtype: .float64)
/// let fitted = try SupportVectorClassifier(kernel: .linear).fit(x, Tensor([1, 1, 2, 2]))
/// try fitted.predict(Tensor([[-0.8, -1.0]], dtype: .float64))  // → [1]
/// fitted.supportIndices  // → [0, 2]
/// ```
public struct SupportVectorClassifier: Classifier {
  /// C: the larger, the fewer samples inside the margin, and the wilder the boundary.
  public var regularization: Double
  public var kernel: SupportVectorKernel
  /// Whether C is multiplied by samples/(classes · samples of the class), so that a rare class weighs as much as a
  /// frequent one.
  public var balancesClasses: Bool
  /// A fit ends when no pair of samples violates its conditions by more.
  public var tolerance: Double
  /// Memory for rows of the kernel's matrix, in bytes.
  public var cacheSize: Int
  /// The most steps for a pair of classes; `isConverged` tells whether they were enough.
  public var maximumIterations: Int

  public init(
    regularization: Double = 1, kernel: SupportVectorKernel = .rbf(), balancesClasses: Bool = false,
    tolerance: Double = 1e-3, cacheSize: Int = 200 << 20, maximumIterations: Int = 10_000_000
  ) {
    (self.regularization, self.kernel, self.balancesClasses) = (regularization, kernel, balancesClasses)
    (self.tolerance, self.cacheSize, self.maximumIterations) = (tolerance, cacheSize, maximumIterations)
  }

  public typealias Fitted = FittedSupportVectorClassifier

  /// - Throws: ``EstimatorError`` also for a single class.
  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.regularization, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try require(\.kernel, "positive γ and degree") { $0.isSensible }
    try require(\.tolerance, "a number above 0") { $0 > 0 }
    try require(\.maximumIterations, "a number above 0") { $0 > 0 }
    let x = try x.dense(for: Self.name)
    let labels = try Labels(y, rows: x.shape[0], for: Self.name, minimum: 2)
    let kernel = kernel.fixed(for: x)
    let classes = ClassRows(labels)
    let products = KernelProducts(kernel, x)
    try products.checkFinite(for: Self.name)
    let solutions = solutions(classes, products)
    return Fitted(classes, x, kernel, solutions)
  }

  private func solutions(_ classes: ClassRows, _ products: KernelProducts) -> [DualSolution] {
    let pairs = classes.pairs
    let most = pairs.map { classes.rows[$0.0].count + classes.rows[$0.1].count }.max() ?? 0
    // Small problems are solved side by side; for a large one, the threads share its products.
    let room = cacheSize / 4
    if pairs.count == 1 || most * most * MemoryLayout<Float>.size > room {
      return pairs.map { solution($0, classes, products, bytes: cacheSize) }
    }
    return ParallelMap.map(count: pairs.count, threads: Runtime.threads) {
      solution(pairs[$0], classes, products, bytes: room)
    }
  }

  private func solution(
    _ pair: (Int, Int), _ classes: ClassRows, _ products: KernelProducts, bytes: Int
  ) -> DualSolution {
    let (first, second) = (classes.rows[pair.0], classes.rows[pair.1])
    let own = products.rows(first + second)
    let (firstPrice, secondPrice) = (price(first.count, classes), price(second.count, classes))
    func each<Value>(_ a: Value, _ b: Value) -> [Value] {
      Array(repeating: a, count: first.count) + Array(repeating: b, count: second.count)
    }
    let problem = DualProblem(
      linear: each(1, -1), lower: each(0, -secondPrice), upper: each(firstPrice, 0), start: each(0, 0),
      samples: (0..<own.count).map(Int32.init))
    return MinimalOptimization(
      problem, KernelCache(own, bytes: bytes), diagonal: own.diagonal().scalars(as: Double.self), tolerance: tolerance,
      maximumIterations: maximumIterations
    ).run()
  }

  private func price(_ count: Int, _ classes: ClassRows) -> Double {
    if !balancesClasses { return regularization }
    let all = classes.rows.reduce(0) { $0 + $1.count }
    return regularization * Double(all) / Double(classes.rows.count * count)
  }
}

/// The samples of each class.
struct ClassRows {
  let classes: [Int]
  let rows: [[Int]]

  init(_ labels: Labels) {
    var rows = [[Int]](repeating: [], count: labels.classes.count)
    for (row, index) in labels.indices.enumerated() { rows[index].append(row) }
    (classes, self.rows) = (labels.classes, rows)
  }

  /// 0 with 1, 0 with 2, …, 1 with 2, …
  var pairs: [(Int, Int)] { Self.pairs(of: classes.count) }

  static func pairs(of count: Int) -> [(Int, Int)] {
    (0..<count).flatMap { a in (a + 1..<max(a + 1, count)).map { (a, $0) } }
  }
}
