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
  /// |a − n| / max(|a|, |n|, s) for each entry of each; infinite where one of the two is no number.
  public let relativeErrors: [Tensor]
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
    public let relativeError: Double
  }

  /// The largest relative error.
  public var relativeError: Double { worst.relativeError }

  public var description: String {
    "∂f\(worst.row)/∂x\(worst.input)\(worst.column) is \(worst.analytic) by the tape "
      + "and \(worst.numeric) by differences: relative error \(worst.relativeError)"
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
    relativeErrors = JacobianCheck.relativeErrors(analytic, numeric)
    worst = JacobianCheck.worst(relativeErrors, analytic, numeric, output.shape, inputs.map(\.shape))
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

  private static func relativeErrors(_ analytic: [Tensor], _ numeric: [Tensor]) -> [Tensor] {
    let magnitudes = (analytic + numeric).flatMap { $0.abs().scalars(as: Double.self) }
    let floor = Tensor(1e-3 * (magnitudes.filter(\.isFinite).max() ?? 0), dtype: .float64)
    return zip(analytic, numeric).map { a, n in
      let errors = (a - n).abs() / Tensor.maximum(Tensor.maximum(a.abs(), n.abs()), floor)
      let broken = Tensor(Double.infinity, dtype: .float64)
      return Tensor.where(a .== n, Tensor(0.0, dtype: .float64), Tensor.where(errors.isFinite(), errors, broken))
    }
  }

  private static func worst(
    _ errors: [Tensor], _ analytic: [Tensor], _ numeric: [Tensor], _ output: Shape, _ inputs: [Shape]
  ) -> Entry {
    // Of each input the worst; then of all inputs.
    let each = errors.indices.filter { errors[$0].count > 0 }.map { i in
      let index = errors[i].flattened().argmax().item(Int.self)
      return (input: i, index: index, error: errors[i].flattened()[index].item())
    }
    let worst = each.max { $0.error < $1.error } ?? (0, 0, 0)
    let columns = inputs[worst.input]
    return Entry(
      input: worst.input, row: position(worst.index / columns.elementCount, in: output),
      column: position(worst.index % columns.elementCount, in: columns),
      analytic: analytic[worst.input].flattened()[worst.index].item(),
      numeric: numeric[worst.input].flattened()[worst.index].item(), relativeError: worst.error)
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
