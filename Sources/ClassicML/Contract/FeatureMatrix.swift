import Tables
import TensorCore

/// Samples that can be picked by their positions.
public protocol Rows: Sendable {
  var rowCount: Int { get }
  /// Those at these positions, in this order.
  func rows(_ indices: [Int]) -> Self
}

/// A sample in each row, a feature in each column: a tensor [samples, features], or a ``SparseMatrix``.
public protocol FeatureMatrix: Rows {
  var columnCount: Int { get }
}

extension Tensor: FeatureMatrix {
  public var rowCount: Int { rank == 0 ? 0 : shape[0] }
  public var columnCount: Int { rank < 2 ? 0 : shape[1] }
  public func rows(_ indices: [Int]) -> Tensor {
    indexSelected(axis: 0, indices: Tensor(indices, shape: [indices.count]))
  }
}

extension [String]: Rows {
  public var rowCount: Int { count }
  public func rows(_ indices: [Int]) -> [String] { indices.map { self[$0] } }
}

extension FeatureMatrix {
  /// The matrix as most estimators compute with it: dense, contiguous, finite, of float32 or float64 (whole numbers become float64), off the tape.
  ///
  /// - Parameters:
  ///   - estimator: Its name, for the message.
  ///   - width: The number of features that must be there.
  ///   - allowsMissing: Whether there may be NaN.
  func dense(
    for estimator: String, width: Int? = nil, minimumRows: Int = 1, allowsMissing: Bool = false
  ) throws(EstimatorError) -> Tensor {
    guard let tensor = self as? Tensor else {
      throw .input(
        "x", of: estimator, expected: "a dense matrix (call dense() on it if there is room)", found: "a sparse one")
    }
    if tensor.rank != 2 {
      throw .input(
        "x", of: estimator, expected: "a matrix [samples, features]", found: "a tensor of shape \(tensor.shape)")
    }
    try checkSize(for: estimator, width: width, minimumRows: minimumRows)
    let x = tensor.detached().cast(to: tensor.dtype == .float32 || tensor.dtype == .bfloat16 ? .float32 : .float64)
    try (allowsMissing ? x.maskedFilled(x.isNaN(), with: 0) : x).checkFinite("x", for: estimator)
    return x.contiguous()
  }

  /// Throws unless the matrix has features, as many as told, and samples enough.
  func checkSize(for estimator: String, width: Int?, minimumRows: Int) throws(EstimatorError) {
    if let width, width != columnCount {
      throw .input("x", of: estimator, expected: "\(width) features, as in fit", found: "\(columnCount)")
    }
    if columnCount == 0 { throw .input("x", of: estimator, expected: "1 feature or more", found: "none") }
    if rowCount < minimumRows {
      let some = minimumRows == 1 ? "1 sample" : "\(minimumRows) samples"
      throw .input("x", of: estimator, expected: "\(some) or more", found: "\(rowCount)")
    }
  }
}

extension Tensor {
  /// Throws for the first NaN or infinity.
  func checkFinite(_ part: String, for estimator: String) throws(EstimatorError) {
    // A sum that is finite has nothing else in it, and needs no memory; one that is not may have overflowed.
    if !dtype.isFloatingPoint || sum().item().isFinite || isFinite().all().item(Bool.self) { return }
    let found = (isFinite() .== Tensor(false)).nonzero()[0].scalars(as: Int.self)
    let value = found.reduce(self) { $0[$1] }.item()
    let place = found.count == 2 ? "row \(found[0]), column \(found[1])" : "row \(found[0])"
    throw .input(
      part, of: estimator, expected: "finite numbers (an imputer fills missing ones)", found: "\(value) in \(place)")
  }
}
