import TensorCore

/// Long short-term memory (Hochreiter & Schmidhuber, 1997; Gers et al., 2000), in one or more layers: see the function
/// `lstm` for the formula.
///
/// x [time, batch, inputs], or [batch, time, inputs] with `batchFirst` → outputs of the last layer [time, batch,
/// hidden] (or 2·hidden when bidirectional) and the final state: hidden and cell, [layers·directions, batch, hidden]
/// each. The state starts at zero unless one is given. `lengths` says how long each sequence is: its outputs past its
/// end are 0, its final state is that at its end, where the backward direction begins; PyTorch's packed sequences give
/// the same numbers.
///
/// One sequence [time, inputs] without a batch has outputs [time, hidden] and states [layers·directions, hidden]. With
/// a `projection` (Sak et al., 2014; PyTorch's `proj_size`), outputs and hidden states have that many numbers, cells
/// still `hidden`.
///
/// ```swift
/// let layer = LSTM(3, 5, layers: 2, batchFirst: true)
/// let (outputs, state) = layer(.ones([4, 7, 3]))
/// outputs.shape  // → [4, 7, 5]
/// state.cell.shape  // → [2, 4, 5]
/// let more = layer(.ones([4, 1, 3]), state)
/// more.outputs.shape  // → [4, 1, 5]
/// LSTM(3, 5, projection: 2)(.ones([7, 3])).outputs.shape  // → [7, 2]
/// ```
public final class LSTM: RecurrentLayer {
  /// Stops unless all sizes are at least 1, the projection is below `hidden`, and 0 ≤ dropout < 1.
  public init(
    _ inputs: Int, _ hidden: Int, projection: Int? = nil, layers: Int = 1, bias: Bool = true, batchFirst: Bool = false,
    dropout: Double = 0, bidirectional: Bool = false, using generator: RandomGenerator = .default
  ) {
    super.init(
      .lstm, inputs, hidden, projection: projection, layers: layers, bias: bias, batchFirst: batchFirst,
      dropout: dropout,
      bidirectional: bidirectional, using: generator)
  }

  /// Stops when shapes, dtypes or lengths do not fit.
  public func callAsFunction(
    _ x: Tensor, _ state: (hidden: Tensor, cell: Tensor)? = nil, lengths: [Int]? = nil
  ) -> (outputs: Tensor, state: (hidden: Tensor, cell: Tensor)) {
    let y = run(x, state.map { [$0.hidden, $0.cell] }, lengths: lengths)
    return (y.outputs, (y.states[0], y.states[1]))
  }
}
