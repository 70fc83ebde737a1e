import TensorCore

/// Gated recurrent units (Cho et al., 2014; Chung et al., 2014), in one or more layers: see the function `gru` for the
/// formula.
///
/// Shapes, `lengths` and directions are as in `LSTM`; the state is one tensor [layers·directions, batch, hidden].
///
/// ```swift
/// let layer = GRU(3, 5, bidirectional: true)
/// let (outputs, state) = layer(.ones([7, 4, 3]), lengths: [7, 2, 5, 1])
/// outputs.shape  // → [7, 4, 10]
/// state.shape  // → [2, 4, 5]
/// outputs[6, 1].abs().max().item()  // → 0.0
/// ```
public final class GRU: RecurrentLayer {
  /// Stops unless all sizes are at least 1 and 0 ≤ dropout < 1.
  public init(
    _ inputs: Int, _ hidden: Int, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false, dropout: Double = 0,
    bidirectional: Bool = false, using generator: RandomGenerator = .default
  ) {
    super.init(
      .gru, inputs, hidden, layers: layers, bias: bias, batchFirst: batchFirst, dropout: dropout,
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
