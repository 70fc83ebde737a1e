import TensorCore

/// Ordinary least squares: the w and b with the smallest Σ(y − x·w − b)². Where the features depend on each other, the solution with the smallest
/// ‖w‖ (Hastie, Tibshirani & Friedman, "The Elements of Statistical Learning", 2009, section 3.2).
///
/// ```swift
/// let x = Tensor([[1.0], [2.0], [4.0]], dtype: .float64)
/// let fitted = try LinearRegression().fit(x, Tensor([3.0, 5.0, 9.0], dtype: .float64))
/// fitted.coefficients.item()  // ≈ 2
/// fitted.intercept.item()  // ≈ 1
/// try fitted.predict(Tensor([[10.0]], dtype: .float64))  // ≈ [21]
/// ```
public struct LinearRegression: Regressor {
  /// How the smallest sum is found.
  public enum Solver: Sendable, Hashable, Codable {
    /// By singular values: stable for whatever features.
    case svd
    /// Rw = Qᵀy. Features must not depend on each other.
    case qr
    /// XᵀXw = Xᵀy: the fastest for many samples; the condition number is squared. Features must not depend on each other.
    case normalEquation
    /// Steps of this rate along −Xᵀ(Xw − y)/n, from w = 0. The rate must suit the features' scale.
    case gradientDescent(rate: Double, steps: Int)
  }

  public var fitsIntercept: Bool
  public var solver: Solver

  public init(fitsIntercept: Bool = true, solver: Solver = .svd) {
    (self.fitsIntercept, self.solver) = (fitsIntercept, solver)
  }

  public typealias Fitted = FittedLinearRegressor

  public func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    if case .gradientDescent(let rate, let steps) = solver, !(rate > 0 && rate.isFinite && steps > 0) {
      throw .hyperparameter(
        "solver", of: Self.name, expected: "a positive rate and number of steps", found: "\(solver)")
    }
    let x = try x.dense(for: Self.name)
    let y = try Targets(y, rows: x.shape[0], for: Self.name, dtype: x.dtype).values
    if case .gradientDescent(let rate, let steps) = solver { return descended(x, y, rate: rate, steps: steps) }
    if solver != .svd && x.shape[0] < x.shape[1] {
      throw .input(
        "x", of: Self.name, expected: "as many samples as features (the solver .svd needs fewer)",
        found: "\(x.shape[0]) of \(x.shape[1]) features")
    }
    let centred = CentredProblem(x, y, centres: fitsIntercept)
    do {
      return centred.fitted(try coefficients(centred.x, centred.y))
    } catch {
      throw .numerical(of: Self.name, finding: "\(error)", fix: "leave out features, or use the solver .svd")
    }
  }

  private func coefficients(_ x: Tensor, _ y: Tensor) throws(LinearAlgebraError) -> Tensor {
    switch solver {
    case .svd, .gradientDescent: return matmul(try x.pseudoInverse(), y)
    case .qr:
      let (q, r) = x.qr()
      return try solve(r, matmul(q.transposed(0, 1), y))
    case .normalEquation:
      let xt = x.transposed(0, 1)
      return try solve(matmul(xt, x), matmul(xt, y))
    }
  }

  /// The intercept is one more weight here, as in the textbooks.
  private func descended(_ x: Tensor, _ y: Tensor, rate: Double, steps: Int) -> Fitted {
    let columns = y.rank == 1 ? y.unsqueezed(1) : y
    var w = Tensor.zeros([x.shape[1], columns.shape[1]], dtype: x.dtype)
    var b = Tensor.zeros([columns.shape[1]], dtype: x.dtype)
    let count = Double(x.shape[0])
    for _ in 0..<steps {
      let residuals = matmul(x, w) + b - columns
      w = w - matmul(x.transposed(0, 1), residuals) * (rate / count)
      if fitsIntercept { b = b - residuals.sum(axis: 0) * (rate / count) }
    }
    return Fitted(
      coefficients: y.rank == 1 ? w.squeezed(1) : w.transposed(0, 1).contiguous(),
      intercept: y.rank == 1 ? b.squeezed(0) : b)
  }
}

/// ŷ = x·w + b.
public struct FittedLinearRegressor: FittedRegressor {
  /// w, [features]; of several targets [targets, features].
  public let coefficients: Tensor
  /// b, a scalar; of several targets [targets].
  public let intercept: Tensor

  public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let width = coefficients.shape[-1]
    if let sparse = x as? SparseMatrix {
      let w = coefficients.rank == 1 ? coefficients.unsqueezed(1) : coefficients.transposed(0, 1)
      let y = try sparse.checked(for: "FittedLinearRegressor", width: width).product(w)
      return (coefficients.rank == 1 ? y.squeezed(1) : y) + intercept.cast(to: .float64)
    }
    let x = try x.dense(for: "FittedLinearRegressor", width: width)
    let w = coefficients.cast(to: x.dtype)
    return matmul(x, w.rank == 1 ? w : w.transposed(0, 1)) + intercept.cast(to: x.dtype)
  }
}

/// Samples and targets with their means taken off, so that the intercept needs no column: b = ȳ − x̄·w.
struct CentredProblem {
  let x: Tensor
  let y: Tensor
  private let xMean: Tensor
  private let yMean: Tensor

  init(_ x: Tensor, _ y: Tensor, centres: Bool) {
    xMean = centres ? x.mean(axis: 0) : Tensor.zeros([x.shape[1]], dtype: x.dtype)
    yMean = centres ? y.mean(axis: 0) : Tensor.zeros(Shape(Array(y.shape.dimensions.dropFirst())), dtype: x.dtype)
    self.x = x - xMean
    self.y = y - yMean
  }

  /// - Parameter w: [features] or [features, targets].
  func fitted(_ w: Tensor) -> FittedLinearRegressor {
    FittedLinearRegressor(
      coefficients: w.rank == 1 ? w : w.transposed(0, 1).contiguous(), intercept: yMean - matmul(xMean, w))
  }
}
