import TensorCore

/// What `RNN`, `GRU` and `LSTM` have in common: recurrent layers one on top of the other, each in one direction or in
/// both.
///
/// Layer k reads the outputs of layer k − 1, and dropout lies between them. In a bidirectional layer a second set of
/// parameters reads the sequence from its end, and both outputs stand side by side (Schuster & Paliwal, 1997). Paths
/// are PyTorch's: `weight_ih_l0`, `bias_hh_l1_reverse`.
///
/// ```swift
/// let layer = GRU(3, 5, layers: 2, bidirectional: true)
/// layer.namedParameters().map(\.name)[4]  // → weight_ih_l0_reverse
/// layer(.ones([7, 4, 3])).outputs.shape  // → [7, 4, 10]
/// ```
public class RecurrentLayer: Module, CustomReflectable {
  /// The size of an input.
  public let inputs: Int
  /// The size of a state.
  public let hidden: Int
  /// The size of an output: that of a state, unless it is projected to fewer numbers.
  public let outputs: Int
  /// Whether sequences are [batch, time, ...] instead of [time, batch, ...].
  public let batchFirst: Bool
  /// The probability with which an output is dropped on its way to the next layer, in training mode.
  public let dropout: Double
  /// The parameters by layer and direction: the forward one, then, if there is one, the backward one.
  public let directions: [[RecurrentParameters]]

  private let function: RecurrentFunction
  private let generator: RandomGenerator

  init(
    _ function: RecurrentFunction, _ inputs: Int, _ hidden: Int, projection: Int? = nil, layers: Int, bias: Bool,
    batchFirst: Bool, dropout: Double, bidirectional: Bool, using generator: RandomGenerator
  ) {
    if let projection, !(1..<Swift.max(hidden, 2)).contains(projection) {
      stop("RecurrentLayer", "a projection of \(hidden) hidden units to \(projection)", fix: "use at least 1 and fewer")
    }
    guard inputs >= 1, hidden >= 1, layers >= 1, (0..<1).contains(dropout) else {
      stop(
        "RecurrentLayer", "\(inputs) inputs, \(hidden) hidden units, \(layers) layers, a dropout of \(dropout)",
        fix: "use at least one of each, and a dropout in 0..<1")
    }
    self.function = function
    self.inputs = inputs
    self.hidden = hidden
    outputs = projection ?? hidden
    self.batchFirst = batchFirst
    self.dropout = dropout
    self.generator = generator
    let (count, width) = (bidirectional ? 2 : 1, projection ?? hidden)
    directions = (0..<layers).map { layer in
      (0..<count).map { _ in
        RecurrentParameters(
          layer == 0 ? inputs : count * width, hidden, gates: function.gates, projection: projection, bias: bias,
          using: generator)
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
    "\(inputs) → \(hidden)" + (outputs < hidden ? " → \(outputs)" : "") + (layers > 1 ? ", \(layers) layers" : "")
      + (bidirectional ? ", bidirectional" : "")
      + (dropout > 0 ? ", dropout \(dropout)" : "") + (batchFirst ? ", batch first" : "")
  }

  /// Outputs and final states, each state [layers·directions, batch, hidden]; nil starts from zeros. One sequence
  /// without a batch has states without one too.
  final func run(_ x: Tensor, _ states: [Tensor]?, lengths: [Int]?) -> (outputs: Tensor, states: [Tensor]) {
    if x.rank == 2, x.shape[1] == inputs, lengths == nil {
      let batch = batchFirst ? 0 : 1
      let y = run(x.unsqueezed(batch), states?.map { $0.rank == 2 ? $0.unsqueezed(1) : $0 }, lengths: nil)
      return (y.outputs.squeezed(batch), y.states.map { $0.squeezed(1) })
    }
    guard x.rank == 3, x.shape[2] == inputs else {
      stop(
        title, "the input is \(x.shape)",
        fix:
          "pass \(batchFirst ? "[batch, time, \(inputs)]" : "[time, batch, \(inputs)]"), or one sequence [time, \(inputs)]"
      )
    }
    var x = batchFirst ? x.transposed(0, 1) : x
    let (batch, count) = (x.shape[1], bidirectional ? 2 : 1)
    // The hidden state has the outputs' size, LSTM's cell that of the layer.
    let sizes = (0..<function.states).map { $0 == 0 ? outputs : hidden }
    for (state, size) in zip(states ?? [], sizes) where state.shape != [layers * count, batch, size] {
      stop(
        title, "a state is \(state.shape)",
        fix:
          "pass [layers·directions, batch, \(size == hidden ? "hidden" : "projected")] = \([layers * count, batch, size])"
      )
    }
    var final = [[Tensor]](repeating: [], count: function.states)
    let nothing = sizes.map { Tensor.zeros([batch, $0], dtype: x.dtype) }
    for (layer, pair) in directions.enumerated() {
      if layer > 0, dropout > 0, isTraining { x = TensorCore.dropout(x, dropout, using: generator) }
      let results = pair.enumerated().map { direction, parameters in
        let initial = (0..<function.states).map { kind in
          states?[kind][layer * count + direction] ?? nothing[kind]
        }
        return function(x, initial, parameters, lengths: lengths, reversed: direction == 1)
      }
      x = count == 1 ? results[0].outputs : Tensor.concatenated(results.map(\.outputs), axis: 2)
      for result in results {
        for (kind, state) in result.states.enumerated() { final[kind].append(state) }
      }
    }
    return (batchFirst ? x.transposed(0, 1) : x, final.map { Tensor.stacked($0) })
  }
}
