import TensorCore

/// Samples as sums of few atoms of a dictionary D: the codes c with the smallest ½‖x − c·D‖² + λ‖c‖₁, or the best with so many atoms.
///
/// ```swift
/// let coder = SparseCoder(
///   dictionary: Tensor([[1.0, 0.0], [0.0, 1.0]], dtype: .float64), method: .coordinateDescent(penalty: 1))
/// try coder.transform(Tensor([[3.0, 0.5]], dtype: .float64))  // ≈ [[2, 0]]
/// ```
public struct SparseCoder: FittedTransformer {
  public enum Method: Sendable, Hashable, Codable {
    /// λ. Code by code to its best value (Friedman, Hastie & Tibshirani, "Regularization paths for generalized linear models via coordinate descent", 2010).
    case coordinateDescent(penalty: Double)
    /// λ. c ← S(c − ∇/L, λ/L), the soft threshold S behind a gradient step, L being the largest eigenvalue of DDᵀ (Daubechies, Defrise & De Mol, 2004).
    case ista(penalty: Double)
    /// λ. The same with momentum (Beck & Teboulle, "A fast iterative shrinkage-thresholding algorithm for linear inverse problems", 2009).
    case fista(penalty: Double)
    /// Atom after atom, each time the one that goes best with what is left, and all chosen ones fitted anew (Pati, Rezaiifar & Krishnaprasad, 1993). The atoms
    /// must have length 1.
    case orthogonalMatchingPursuit(nonzeros: Int)
  }

  /// D, [atoms, features].
  public let dictionary: Tensor
  public let method: Method
  /// Iterations end when no code changes by more than this share of the largest (of the same sample, for coordinate descent).
  public let tolerance: Double
  public let maximumIterations: Int

  /// Stops unless the dictionary is a matrix [atoms, features].
  public init(
    dictionary: Tensor, method: Method = .orthogonalMatchingPursuit(nonzeros: 1), tolerance: Double = 1e-6,
    maximumIterations: Int = 1000
  ) {
    guard dictionary.rank == 2 else {
      stop("SparseCoder", "a dictionary of shape \(dictionary.shape)", fix: "pass a matrix [atoms, features]")
    }
    (self.dictionary, self.method) = (dictionary.detached(), method)
    (self.tolerance, self.maximumIterations) = (tolerance, maximumIterations)
  }

  /// Codes, [samples, atoms].
  public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let x = try x.dense(for: "SparseCoder", width: dictionary.shape[1])
    return try codes(of: x, after: nil)
  }

  /// - Parameter start: Codes to begin with.
  func codes(of x: Tensor, after start: Tensor?) throws(EstimatorError) -> Tensor {
    guard method.isSound, tolerance >= 0, maximumIterations > 0 else {
      throw .hyperparameter(
        "method, tolerance, maximumIterations", of: "SparseCoder",
        expected: "a penalty of 0 or more or 1 nonzero code or more, and 1 iteration or more",
        found: "\(method), \(tolerance), \(maximumIterations)")
    }
    let atoms = dictionary.cast(to: x.dtype)
    let problem = SparseCodingProblem(
      gram: matmul(atoms, atoms.transposed()), correlations: matmul(x, atoms.transposed()))
    switch method {
    case .coordinateDescent(let penalty):
      return problem.byCoordinateDescent(penalty, start, tolerance, maximumIterations)
    case .ista(let penalty):
      return problem.byShrinkage(penalty, start, tolerance, maximumIterations, hasMomentum: false)
    case .fista(let penalty):
      return problem.byShrinkage(penalty, start, tolerance, maximumIterations, hasMomentum: true)
    case .orthogonalMatchingPursuit(let count): return problem.byMatchingPursuit(count)
    }
  }
}

extension SparseCoder.Method {
  fileprivate var isSound: Bool {
    switch self {
    case .coordinateDescent(let penalty), .ista(let penalty), .fista(let penalty): penalty >= 0 && penalty.isFinite
    case .orthogonalMatchingPursuit(let count): count > 0
    }
  }
}

extension SparseCoder {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    let dictionary: Tensor = try parts.value(.dictionary)
    try decoder.require(dictionary.rank == 2, "a matrix of atoms")
    self.init(
      dictionary: dictionary, method: try parts.value(.method), tolerance: try parts.value(.tolerance),
      maximumIterations: try parts.value(.maximumIterations))
  }
}
