import TensorCore

/// One step of an `RNN`: x [batch, inputs] and a state [batch, hidden] → the next state. One
/// input [inputs] without a batch takes and gives states [hidden].
///
/// ```swift
/// RNNCell(3, 5, nonlinearity: .relu)(.ones([4, 3])).shape  // → [4, 5]
/// ```
public final class RNNCell: RecurrentCell {
  public init(
    _ inputs: Int, _ hidden: Int, nonlinearity: RecurrentNonlinearity = .tanh, bias: Bool = true,
    using generator: RandomGenerator = .default
  ) {
    super.init(.rnn(nonlinearity), inputs, hidden, bias: bias, using: generator)
  }

  /// Starts from zeros without a state. Stops when shapes or dtypes do not fit.
  public func callAsFunction(_ x: Tensor, _ state: Tensor? = nil) -> Tensor { step(x, state.map { [$0] })[0] }
}
