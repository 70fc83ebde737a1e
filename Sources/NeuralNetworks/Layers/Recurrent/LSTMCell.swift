import TensorCore

/// One step of an `LSTM`: x [batch, inputs] and a state [batch, hidden] of hidden and cell → the next state. One
/// input [inputs] without a batch takes and gives states [hidden].
///
/// ```swift
/// let cell = LSTMCell(3, 5)
/// var state = cell(.ones([4, 3]))
/// state = cell(.ones([4, 3]), state)
/// state.hidden.shape  // → [4, 5]
/// ```
public final class LSTMCell: RecurrentCell {
  public init(_ inputs: Int, _ hidden: Int, bias: Bool = true, using generator: RandomGenerator = .default) {
    super.init(.lstm, inputs, hidden, bias: bias, using: generator)
  }

  /// Starts from zeros without a state. Stops when shapes or dtypes do not fit.
  public func callAsFunction(_ x: Tensor, _ state: (hidden: Tensor, cell: Tensor)? = nil) -> (
    hidden: Tensor, cell: Tensor
  ) {
    let states = step(x, state.map { [$0.hidden, $0.cell] })
    return (states[0], states[1])
  }
}
