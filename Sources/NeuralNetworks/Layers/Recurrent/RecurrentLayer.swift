import TensorCore

/// What `RNN`, `GRU` and `LSTM` have in common: recurrent layers one on top of the other, each in one direction or in both.
///
/// Layer k reads the outputs of layer k − 1, and dropout lies between them. In a bidirectional layer a second set of
/// parameters reads the sequence from its end, and both outputs stand side by side (Schuster & Paliwal, 1997). Paths are
/// PyTorch's: `weight_ih_l0`, `bias_hh_l1_reverse`.
public class RecurrentLayer: Module, CustomReflectable {
  /// The size of an input.
  public let inputs: Int
  /// The size of a state.
  public let hidden: Int
  /// Whether sequences are [batch, time, ...] instead of [time, batch, ...].
  public let batchFirst: Bool
  /// The probability with which an output is dropped on its way to the next layer, in training mode.
  public let dropout: Double
  /// The parameters by layer and direction: the forward one, then, if there is one, the backward one.
  public let directions: [[RecurrentParameters]]

  private let function: RecurrentFunction
  private let generator: RandomGenerator

  init(
    _ function: RecurrentFunction, _ inputs: Int, _ hidden: Int, layers: Int, bias: Bool, batchFirst: Bool,
    dropout: Double, bidirectional: Bool, using generator: RandomGenerator
  ) {
    guard inputs >= 1, hidden >= 1, layers >= 1, (0..<1).contains(dropout) else {
      stop(
        "RecurrentLayer", "\(inputs) inputs, \(hidden) hidden units, \(layers) layers, a dropout of \(dropout)",
        fix: "use at least one of each, and a dropout in 0..<1")
    }
    self.function = function
    self.inputs = inputs
    self.hidden = hidden
    self.batchFirst = batchFirst
    self.dropout = dropout
    self.generator = generator
    let count = bidirectional ? 2 : 1
    directions = (0..<layers).map { layer in
      (0..<count).map { _ in
        RecurrentParameters(
          layer == 0 ? inputs : count * hidden, hidden, gates: function.gates, bias: bias, using: generator)
      }
    }
  }

  /// The number of layers, one on top of the other.
  public var layers: Int { directions.count }
  public var bidirectional: Bool { directions[0].count == 2 }

  /// The parameters alone, under PyTorch's names: that is how a module finds them.
  public var customMirror: Mirror {
    var children: [(label: String?, value: Any)] = []
    for (layer, pair) in directions.enumerated() {
      for (direction, parameters) in pair.enumerated() {
        let suffix = "_l\(layer)" + (direction == 1 ? "_reverse" : "")
        children += parameters.named.map { (($0.label ?? "") + suffix, $0.value) }
      }
    }
    return Mirror(self, children: children, displayStyle: .class, ancestorRepresentation: .generated)
  }

  public override var configuration: String {
    "\(inputs) → \(hidden)" + (layers > 1 ? ", \(layers) layers" : "") + (bidirectional ? ", bidirectional" : "")
      + (dropout > 0 ? ", dropout \(dropout)" : "") + (batchFirst ? ", batch first" : "")
  }

  /// Outputs and final states, each state [layers·directions, batch, hidden]; nil starts from zeros.
  final func run(_ x: Tensor, _ states: [Tensor]?, lengths: [Int]?) -> (outputs: Tensor, states: [Tensor]) {
    guard x.rank == 3, x.shape[2] == inputs else {
      stop(
        title, "the input is \(x.shape)",
        fix: "pass \(batchFirst ? "[batch, time, \(inputs)]" : "[time, batch, \(inputs)]")")
    }
    var x = batchFirst ? x.transposed(0, 1) : x
    let (batch, count) = (x.shape[1], bidirectional ? 2 : 1)
    let shape: Shape = [layers * count, batch, hidden]
    for state in states ?? [] where state.shape != shape {
      stop(title, "a state is \(state.shape)", fix: "pass [layers·directions, batch, hidden] = \(shape)")
    }
    var final = [[Tensor]](repeating: [], count: function.states)
    let nothing = states == nil ? Tensor.zeros([batch, hidden], dtype: x.dtype) : nil
    for (layer, pair) in directions.enumerated() {
      if layer > 0, dropout > 0, isTraining { x = TensorCore.dropout(x, dropout, using: generator) }
      let results = pair.enumerated().map { direction, parameters in
        let initial = (0..<function.states).map { kind in
          states?[kind][layer * count + direction] ?? nothing ?? Tensor.zeros([batch, hidden], dtype: x.dtype)
        }
        return function(x, initial, parameters.values, lengths: lengths, reversed: direction == 1)
      }
      x = count == 1 ? results[0].outputs : Tensor.concatenated(results.map(\.outputs), axis: 2)
      for result in results {
        for (kind, state) in result.states.enumerated() { final[kind].append(state) }
      }
    }
    return (batchFirst ? x.transposed(0, 1) : x, final.map { Tensor.stacked($0) })
  }
}
