import CKernels
import CLAPACK

/// The way from tensors to LAPACK: which tensors it takes, and what its findings mean. Nothing here is recorded.
enum LAPACK {
  private static let pool: Void = gb_lapack_set_parallel(gb_parallel_for_libraries)

  /// Stops unless `x` is a matrix or a batch of them in a dtype that LAPACK has.
  static func requireMatrices(_ op: String, _ x: Tensor) {
    requireNumbers(op, x)
    if x.rank < 2 {
      stop(op, "shape \(x.shape) is no matrix", fix: "pass [..., rows, columns], from a vector by unsqueezed(...)")
    }
  }

  static func requireSquare(_ op: String, _ x: Tensor) {
    requireMatrices(op, x)
    if x.shape[-1] != x.shape[-2] {
      stop(
        op, "the matrices of shape \(x.shape) are not square", fix: "pass [..., n, n]; leastSquares and svd take any")
    }
  }

  static func requireNumbers(_ op: String, _ x: Tensor) {
    if x.dtype != .float32 && x.dtype != .float64 {
      stop(op, "\(x.dtype) \(x.shape) is neither float32 nor float64", fix: "cast(to: .float32) first")
    }
  }

  /// The batch that a row-major tensor holds.
  static func matrices(_ x: Tensor) -> gb_matrices {
    _ = pool
    return gb_matrices(is_double: x.dtype == .float64, batch: batch(x), rows: x.shape[-2], columns: x.shape[-1])
  }

  /// How many matrices there are.
  static func batch(_ x: Tensor) -> Int { outer(x).reduce(1, *) }

  /// The leading axes.
  static func outer(_ x: Tensor) -> [Int] { x.shape.dimensions.dropLast(2) }

  /// A fresh tensor with the batch of `x` and matrices, or whatever else, of the given sizes.
  static func fresh(_ x: Tensor, _ sizes: Int...) -> Tensor {
    Tensor(uninitialized: Shape(outer(x) + sizes), dtype: x.dtype)
  }

  /// Room for LAPACK's word on each matrix.
  static func info(_ x: Tensor) -> [Int32] { [Int32](repeating: 0, count: batch(x)) }

  /// Throws for the first matrix on which LAPACK had something to say.
  static func check(
    _ info: [Int32], _ op: String, _ x: Tensor, _ finding: (Int) -> LinearAlgebraError.Finding
  ) throws(LinearAlgebraError) {
    guard let first = info.firstIndex(where: { $0 != 0 }) else { return }
    throw LinearAlgebraError(
      op: op, shape: x.shape, matrix: position(first, in: outer(x)), finding: finding(Int(info[first])))
  }

  /// Throws for the first matrix with an element that is not a finite number: the iterations of LAPACK are not made for
  /// them.
  static func requireFinite(_ op: String, _ x: Tensor) throws(LinearAlgebraError) {
    let finite = x.detached().isFinite()
    if x.count == 0 || finite.all().item(Bool.self) { return }
    let matrices = finite.flattened(from: -2).all(axes: [-1]).scalars(as: Bool.self)
    try check(matrices.map { $0 ? 0 : 1 }, op, x) { _ in .notFinite }
  }

  private static func position(_ index: Int, in sizes: [Int]) -> [Int] {
    var rest = index
    return Array(
      sizes.reversed().map { size in
        defer { rest /= size }
        return rest % size
      }.reversed())
  }
}

extension Op.Sample {
  /// A sample of a function that may throw, on matrices that give it no reason to.
  static func succeeding(
    _ label: String, _ inputs: [Op.Input], _ f: @escaping @Sendable ([Tensor]) throws -> [Tensor]
  ) -> Op.Sample {
    Op.Sample(label, inputs) { tensors in
      do {
        return try f(tensors)
      } catch {
        stop("sample \(label)", "\(error)", fix: "choose other numbers")
      }
    }
  }

  static func succeeding(
    _ label: String, _ inputs: [Op.Input], _ f: @escaping @Sendable ([Tensor]) throws -> Tensor
  ) -> Op.Sample {
    succeeding(label, inputs) { [try f($0)] }
  }
}

extension Op {
  /// A symmetric, positive definite matrix from any: X·Xᵀ + I.
  static func definite(_ x: Tensor) -> Tensor {
    TensorCore.matmul(x, x.transposed()) + Tensor.eye(x.shape[-2], dtype: x.dtype)
  }

  /// A matrix far from singular: X + s·I.
  static func shifted(_ x: Tensor, by s: Double = 3) -> Tensor {
    x + Tensor.eye(x.shape[-2], columns: x.shape[-1], dtype: x.dtype) * s
  }

  /// The wrong calls that every function of square matrices refuses.
  static func squareMisuses(_ name: String, _ f: @escaping @Sendable (Tensor) -> Void) -> [Misuse] {
    matrixMisuses(name, f) + [Misuse("not square", says: [name, "[2, 3]", "not square"]) { f(.ones([2, 3])) }]
  }

  static func matrixMisuses(_ name: String, _ f: @escaping @Sendable (Tensor) -> Void) -> [Misuse] {
    [
      Misuse("no matrix", says: [name, "[3]", "no matrix"]) { f(.ones([3])) },
      Misuse("dtype", says: [name, "int64", "cast(to: .float32)"]) { f(.ones([2, 2], dtype: .int64)) },
    ]
  }
}
