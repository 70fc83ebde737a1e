import Foundation
import TensorCore

/// The Jacobian that the tape gives beside the one that differences of the function give.
///
/// ```swift
/// let check = JacobianCheck(of: { $0[0].exp() * $0[1] }, at: [Tensor([0.5, 1.0], dtype: .float64), Tensor(2.0, dtype: .float64)])
/// check.relativeError < 1e-9  // → true
/// ```
public struct JacobianCheck: Sendable, CustomStringConvertible {
  /// ∂f/∂xᵢ for each input, as the tape has it: of f's shape followed by the input's.
  public let analytic: [Tensor]
  /// The same by differences.
  public let numeric: [Tensor]
  /// Where the two are furthest from each other.
  public let worst: Entry

  /// One entry of a Jacobian: the derivative of one element of f by one element of one input.
  public struct Entry: Sendable, Hashable {
    public let input: Int
    /// The element's position in f and in the input, along each axis.
    public let row: [Int]
    public let column: [Int]
    public let analytic: Double
    public let numeric: Double
    /// |a − n| / max(|a|, |n|, s); infinite if one of them is no number.
    public let relativeError: Double
  }

  public var relativeError: Double { worst.relativeError }

  public var description: String {
    "∂f\(worst.row)/∂x\(worst.input)\(worst.column) is \(worst.analytic) by the tape and \(worst.numeric) by differences: "
      + "relative error \(worst.relativeError)"
  }

  /// Differentiates at the inputs, float64 tensors of any shapes, both ways. Two evaluations of f for each element of the inputs, and a
  /// backward pass for each of f's.
  ///
  /// Differences are central: (f(x + h) − f(x − h))/2h, whose errors are of the orders h² from the next derivatives and ε/h from rounding
  /// (Nocedal & Wright, "Numerical Optimization", 2006, section 8.1). Both are absolute, so that small entries are compared with
  /// s = 10⁻³ of the largest one of all Jacobians instead of with themselves. Stops the program without elements to differentiate by, and
  /// for other dtypes.
  ///
  /// - Parameter step: h, times max(1, |x|); by default ∛ε ≈ 6·10⁻⁶, where both errors are least.
  public init(of f: ([Tensor]) -> Tensor, at inputs: [Tensor], step: Double = cbrt(.ulpOfOne)) {
    if let other = inputs.first(where: { $0.dtype != .float64 }) {
      stop("JacobianCheck", "an input is \(other.dtype)", fix: "cast(to: .float64): differences need the digits")
    }
    let inputs = inputs.map { $0.detached() }
    func partial(_ i: Int, _ x: Tensor) -> Tensor {
      var changed = inputs
      changed[i] = x
      return f(changed)
    }
    let output = withoutGradients { f(inputs) }
    if output.count == 0 || inputs.allSatisfy({ $0.count == 0 }) {
      stop(
        "JacobianCheck", "there is nothing to differentiate", fix: "give inputs and an output of at least one element")
    }
    analytic = inputs.indices.map { i in jacobian(of: { partial(i, $0) }, at: inputs[i]).detached() }
    numeric = inputs.indices.map { i in
      let columns = withoutGradients { JacobianCheck.differences(of: { partial(i, $0) }, at: inputs[i], step) }
      let shape = Shape(output.shape.dimensions + inputs[i].shape.dimensions)
      return columns.isEmpty ? Tensor.zeros(shape, dtype: .float64) : Tensor.stacked(columns, axis: -1).reshaped(shape)
    }
    worst = JacobianCheck.worst(analytic, numeric, output.shape, inputs.map(\.shape))
  }

  /// The flattened derivatives of f by each element of x.
  private static func differences(of f: (Tensor) -> Tensor, at x: Tensor, _ step: Double) -> [Tensor] {
    let flat = x.flattened()
    return flat.scalars(as: Double.self).enumerated().map { j, value in
      let h = step * max(1, abs(value))
      func moved(to value: Double) -> Tensor {
        var moved = flat
        moved[j] = Tensor(value, dtype: .float64)
        return f(moved.reshaped(x.shape)).flattened()
      }
      // What is divided by is the distance after rounding.
      let (ahead, behind) = (value + h, value - h)
      return (moved(to: ahead) - moved(to: behind)) * (1 / (ahead - behind))
    }
  }

  private static func worst(_ analytic: [Tensor], _ numeric: [Tensor], _ output: Shape, _ inputs: [Shape]) -> Entry {
    let pairs = zip(analytic, numeric).map { ($0.scalars(as: Double.self), $1.scalars(as: Double.self)) }
    let floor = 1e-3 * (pairs.flatMap { $0 + $1 }.map(abs).filter(\.isFinite).max() ?? 0)
    var worst: (input: Int, index: Int, error: Double) = (0, 0, -1)
    for (i, pair) in pairs.enumerated() {
      for (index, (a, n)) in zip(pair.0, pair.1).enumerated() {
        let scale = max(abs(a), abs(n), floor)
        let error = a == n ? 0 : (a - n).isFinite ? abs(a - n) / scale : .infinity
        if error > worst.error { worst = (i, index, error) }
      }
    }
    let columns = inputs[worst.input]
    return Entry(
      input: worst.input, row: position(worst.index / columns.elementCount, in: output),
      column: position(worst.index % columns.elementCount, in: columns), analytic: pairs[worst.input].0[worst.index],
      numeric: pairs[worst.input].1[worst.index], relativeError: worst.error)
  }

  private static func position(_ index: Int, in shape: Shape) -> [Int] {
    var (rest, position) = (index, [Int]())
    for size in shape.dimensions.reversed() {
      position.insert(rest % size, at: 0)
      rest /= size
    }
    return position
  }
}
