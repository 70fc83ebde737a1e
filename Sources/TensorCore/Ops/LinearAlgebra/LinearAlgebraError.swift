/// What a matrix turned out to be that a linear-algebra function can do nothing with. Whether it will be is seen in its
/// numbers alone, so this is thrown where wrong shapes stop.
///
/// ```swift
/// let a = Tensor([[1.0, 2.0], [2.0, 4.0]])
/// do { _ = try a.inverse() } catch { print(error) }  // inverse: the matrix [2, 2] is singular: pivot 2 of its LU decomposition is zero
/// ```
public struct LinearAlgebraError: Error, Equatable, CustomStringConvertible {
  /// The function that was called.
  public let op: String
  /// The shape of the whole input.
  public let shape: Shape
  /// Which matrix of the batch: a position along each leading axis, none for a single matrix. The first one in trouble.
  public let matrix: [Int]
  public let finding: Finding

  public enum Finding: Sendable, Equatable {
    /// The leading minor of this order is not positive.
    case notPositiveDefinite(minor: Int)
    /// This pivot, counted from 1, is zero.
    case singular(pivot: Int)
    /// The iteration for eigenvalues or singular values did not come to an end.
    case notConverged
    /// There are infinities or NaN among the elements.
    case notFinite
  }

  public var description: String {
    let which = matrix.isEmpty ? "the matrix \(shape)" : "matrix \(matrix) of \(shape)"
    return switch finding {
    case .notPositiveDefinite(let minor):
      "\(op): \(which) is not positive definite: its leading minor of order \(minor) is not positive"
    case .singular(let pivot): "\(op): \(which) is singular: pivot \(pivot) of its LU decomposition is zero"
    case .notConverged: "\(op): the iteration for \(which) did not converge"
    case .notFinite: "\(op): \(which) has elements that are infinite or not a number"
    }
  }
}
