import TensorCore

/// One step of a `GRU`: x [batch, inputs] and a state [batch, hidden] → the next state. One
/// input [inputs] without a batch takes and gives states [hidden].
///
/// ```swift
/// GRUCell(3, 5)(.ones([4, 3])).shape  // → [4, 5]
/// ```
public final class GRUCell: RecurrentCell {
  public init(_ inputs: Int, _ hidden: Int, bias: Bool = true, using generator: RandomGenerator = .default) {
    super.init(.gru, inputs, hidden, bias: bias, using: generator)
  }

  /// Starts from zeros without a state. Stops when shapes or dtypes do not fit.
  public func callAsFunction(_ x: Tensor, _ state: Tensor? = nil) -> Tensor { step(x, state.map { [$0] })[0] }
}
