import TensorCore

/// Simple recurrent layers (Elman, 1990): hₜ = tanh(W·xₜ + b + U·hₜ₋₁ + b'), or relu instead of tanh.
///
/// Shapes, `lengths` and directions are as in `LSTM`; the state is one tensor [layers·directions, batch, hidden].
///
/// ```swift
/// let layer = RNN(3, 5, nonlinearity: .relu)
/// layer(.ones([7, 4, 3])).state.shape  // → [1, 4, 5]
/// layer.namedParameters().map(\.name)  // → ["weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"]
/// ```
public final class RNN: RecurrentLayer {
  /// Stops unless all sizes are at least 1 and 0 ≤ dropout < 1.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, nonlinearity: RecurrentNonlinearity = .tanh, bias: Bool = true,
    batchFirst: Bool = false, dropout: Double = 0, bidirectional: Bool = false,
    using generator: RandomGenerator = .default
  ) {
    super.init(
      .rnn(nonlinearity), inputs, hidden, layers: layers, bias: bias, batchFirst: batchFirst, dropout: dropout,
      bidirectional: bidirectional, using: generator)
  }

  /// Stops when shapes, dtypes or lengths do not fit.
  public func callAsFunction(_ x: Tensor, _ state: Tensor? = nil, lengths: [Int]? = nil) -> (
    outputs: Tensor, state: Tensor
  ) {
    let y = run(x, state.map { [$0] }, lengths: lengths)
    return (y.outputs, y.states[0])
  }
}
