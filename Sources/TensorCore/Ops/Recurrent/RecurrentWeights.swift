/// The weights of one direction of one recurrent layer, in PyTorch's layout: the rows of all gates one below the other.
///
/// `input` [gates·hidden, inputs] multiplies xₜ, `hidden` [gates·hidden, hidden] the state before; each has a bias
/// [gates·hidden] or none.
public struct RecurrentWeights: Sendable {
  public var input: Tensor
  public var hidden: Tensor
  public var inputBias: Tensor?
  public var hiddenBias: Tensor?

  public init(input: Tensor, hidden: Tensor, inputBias: Tensor? = nil, hiddenBias: Tensor? = nil) {
    self.input = input
    self.hidden = hidden
    self.inputBias = inputBias
    self.hiddenBias = hiddenBias
  }

  /// All of them, in this order.
  var tensors: [Tensor] { [input, hidden] + [inputBias, hiddenBias].compactMap(\.self) }

  /// The same weights with other tensors in their places: the reverse of `tensors`.
  func replaced(by tensors: [Tensor]) -> RecurrentWeights {
    var rest = tensors[2...]
    return RecurrentWeights(
      input: tensors[0], hidden: tensors[1], inputBias: inputBias == nil ? nil : rest.popFirst(),
      hiddenBias: hiddenBias == nil ? nil : rest.popFirst())
  }

  func map(_ change: (Tensor) -> Tensor) -> RecurrentWeights { replaced(by: tensors.map(change)) }
}
