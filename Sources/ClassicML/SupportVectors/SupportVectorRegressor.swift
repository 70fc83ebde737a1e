import TensorCore

/// Regression by support vectors: f(x) = Σ βᵢK(xᵢ, x) + b, as flat as can be, and a price C for what errors exceed ε
/// (Drucker, Burges, Kaufman, Smola & Vapnik, "Support vector regression machines", 1997). It minimises ½‖w‖² + C Σ
/// max(0, |yᵢ − f(xᵢ)| − ε).
///
/// Scale the features first: the kernel takes them as they are.
///
/// ```swift
/// let x = Tensor([[0.0], [1.0], [2.0], [3.0]], dtype: .float64)
/// let fitted = try SupportVectorRegressor(regularization: 100, kernel: .linear).fit(x, Tensor([1.0, 3.0, 5.0, 7.0]))
/// try fitted.predict(Tensor([[1.5]], dtype: .float64))  // ≈ [4]
/// ```
public struct SupportVectorRegressor: Regressor {
  /// C: the larger, the closer f comes to the targets.
  public var regularization: Double
  /// ε, in the targets' unit.
  public var margin: Double
  public var kernel: SupportVectorKernel
  /// A fit ends when no pair of samples violates its conditions by more.
  public var tolerance: Double
  /// Memory for rows of the kernel's matrix, in bytes.
  public var cacheSize: Int
  /// The most steps; `isConverged` tells whether they were enough.
  public var maximumIterations: Int

  public init(
    regularization: Double = 1, margin: Double = 0.1, kernel: SupportVectorKernel = .rbf(), tolerance: Double = 1e-3,
    cacheSize: Int = 200 << 20, maximumIterations: Int = 10_000_000
  ) {
    (self.regularization, self.margin, self.kernel) = (regularization, margin, kernel)
    (self.tolerance, self.cacheSize, self.maximumIterations) = (tolerance, cacheSize, maximumIterations)
  }

  /// - Parameter y: [samples]
  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    try require(\.regularization, "a finite number above 0") { $0 > 0 && $0.isFinite }
    try require(\.margin, "a finite number, 0 or more") { $0 >= 0 && $0.isFinite }
    try require(\.kernel, "positive γ and degree") { $0.isSensible }
    try require(\.tolerance, "a number above 0") { $0 > 0 }
    try require(\.maximumIterations, "a number above 0") { $0 > 0 }
    let x = try x.dense(for: Self.name)
    let y = try Targets(y, rows: x.shape[0], for: Self.name, several: false).values.scalars(as: Double.self)
    let kernel = kernel.fixed(for: x)
    let products = KernelProducts(kernel, x)
    try products.checkFinite(for: Self.name)
    // One variable pulls f(xᵢ) up to yᵢ − ε, one down to yᵢ + ε.
    func each(_ up: Double, _ down: Double) -> [Double] {
      Array(repeating: up, count: y.count) + Array(repeating: down, count: y.count)
    }
    let problem = DualProblem(
      linear: y.map { $0 - margin } + y.map { $0 + margin }, lower: each(0, -regularization),
      upper: each(regularization, 0), start: each(0, 0), samples: (0..<2 * y.count).map { Int32($0 % y.count) })
    let solution = MinimalOptimization(
      problem, KernelCache(products, bytes: cacheSize), diagonal: products.diagonal().scalars(as: Double.self),
      tolerance: tolerance, maximumIterations: maximumIterations
    ).run()
    let beta = y.indices.map { solution.values[$0] + solution.values[y.count + $0] }
    return Fitted(machine: SupportVectorMachine(kernel, x, beta, solution), isConverged: solution.isConverged)
  }

  public struct Fitted: FittedRegressor {
    /// f
    public let machine: SupportVectorMachine
    /// Whether the conditions were met within the tolerance.
    public let isConverged: Bool

    public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: SupportVectorRegressor.name, width: machine.supportVectors.shape[1], minimumRows: 0)
      return machine.values(of: x).cast(to: x.dtype)
    }
  }
}
