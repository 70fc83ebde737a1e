import TensorCore

/// What `RNNCell`, `GRUCell` and `LSTMCell` have in common: one step of a recurrent layer, for loops of one's own.
///
/// Paths are PyTorch's: `weight_ih`, `weight_hh`, `bias_ih`, `bias_hh`.
///
/// ```swift
/// GRUCell(3, 5).namedParameters().map(\.name)  // → ["weight_ih", "weight_hh", "bias_ih", "bias_hh"]
/// ```
public class RecurrentCell: Module, CustomReflectable {
  /// The size of an input.
  public let inputs: Int
  /// The size of a state.
  public let hidden: Int
  public let weights: RecurrentParameters
  private let function: RecurrentFunction

  init(_ function: RecurrentFunction, _ inputs: Int, _ hidden: Int, bias: Bool, using generator: RandomGenerator) {
    guard inputs >= 1, hidden >= 1 else {
      stop("RecurrentCell", "\(inputs) inputs and \(hidden) hidden units", fix: "use at least one of each")
    }
    self.function = function
    self.inputs = inputs
    self.hidden = hidden
    weights = RecurrentParameters(inputs, hidden, gates: function.gates, bias: bias, using: generator)
  }

  /// The parameters alone, under PyTorch's names: that is how a module finds them.
  public var customMirror: Mirror {
    Mirror(self, children: weights.named, displayStyle: .class, ancestorRepresentation: .generated)
  }

  public override var configuration: String { "\(inputs) → \(hidden)" }

  /// The states after a step, [batch, hidden] each, or [hidden] for one input [inputs]; nil stands for zeros.
  final func step(_ x: Tensor, _ states: [Tensor]?) -> [Tensor] {
    if x.rank == 1 {
      return step(x.unsqueezed(0), states?.map { $0.rank == 1 ? $0.unsqueezed(0) : $0 }).map { $0.squeezed(0) }
    }
    guard x.rank == 2, x.shape[1] == inputs else {
      stop(title, "the input is \(x.shape)", fix: "pass [batch, \(inputs)], or one input [\(inputs)]")
    }
    let nothing = Tensor.zeros([x.shape[0], hidden], dtype: x.dtype)
    let states = states ?? [Tensor](repeating: nothing, count: function.states)
    return function(x.unsqueezed(0), states, weights).states
  }
}
