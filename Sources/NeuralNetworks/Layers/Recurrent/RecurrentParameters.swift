import TensorCore

/// The parameters of one direction of one recurrent layer, under PyTorch's names: the rows of all gates one below the
/// other.
///
/// `weightIH` [gates·hidden, inputs], `weightHH` [gates·hidden, hidden], `biasIH` and `biasHH` [gates·hidden] or nil.
/// With a projection, `weightHR` is [projected, hidden] and `weightHH` [gates·hidden, projected]. All start uniform in
/// ±1/√hidden, as in PyTorch.
public struct RecurrentParameters {
  public let weightIH: Parameter
  public let weightHH: Parameter
  public let biasIH: Parameter?
  public let biasHH: Parameter?
  /// nil without a projection.
  public let weightHR: Parameter?

  init(
    _ inputs: Int, _ hidden: Int, gates: Int, projection: Int? = nil, bias: Bool, using generator: RandomGenerator
  ) {
    let bound = 1 / Double(hidden).squareRoot()
    func parameter(_ shape: Shape) -> Parameter {
      Parameter(Tensor.uniform(shape, from: -bound, to: bound, using: generator))
    }
    weightIH = parameter([gates * hidden, inputs])
    weightHH = parameter([gates * hidden, projection ?? hidden])
    biasIH = bias ? parameter([gates * hidden]) : nil
    biasHH = bias ? parameter([gates * hidden]) : nil
    weightHR = projection.map { parameter([$0, hidden]) }
  }

  /// Their values, on the tape.
  var values: RecurrentWeights {
    RecurrentWeights(
      input: weightIH.value, hidden: weightHH.value, inputBias: biasIH?.value, hiddenBias: biasHH?.value)
  }

  /// With PyTorch's names, in its order.
  var named: [(label: String?, value: Any)] {
    let all: [(String, Parameter?)] = [
      ("weight_ih", weightIH), ("weight_hh", weightHH), ("bias_ih", biasIH), ("bias_hh", biasHH),
      ("weight_hr", weightHR),
    ]
    return all.compactMap { name, parameter in parameter.map { (name, $0) } }
  }
}

/// What a recurrent layer or cell computes at each step.
enum RecurrentFunction {
  case rnn(RecurrentNonlinearity)
  case gru
  case lstm

  var gates: Int {
    switch self {
    case .rnn: 1
    case .gru: 3
    case .lstm: 4
    }
  }

  /// How many tensors a state is made of.
  var states: Int {
    if case .lstm = self { 2 } else { 1 }
  }

  /// One direction over x [time, batch, inputs] from states [batch, hidden]: outputs [time, batch, hidden], final
  /// states.
  func callAsFunction(
    _ x: Tensor, _ states: [Tensor], _ parameters: RecurrentParameters, lengths: [Int]? = nil, reversed: Bool = false
  ) -> (outputs: Tensor, states: [Tensor]) {
    let weights = parameters.values
    switch self {
    case .rnn(let nonlinearity):
      let y = TensorCore.rnn(x, hidden: states[0], weights, nonlinearity, lengths: lengths, reversed: reversed)
      return (y.outputs, [y.hidden])
    case .gru:
      let y = TensorCore.gru(x, hidden: states[0], weights, lengths: lengths, reversed: reversed)
      return (y.outputs, [y.hidden])
    case .lstm:
      let y =
        if let projection = parameters.weightHR {
          TensorCore.lstm(
            x, hidden: states[0], cell: states[1], weights, projection: projection.value, lengths: lengths,
            reversed: reversed)
        } else {
          TensorCore.lstm(x, hidden: states[0], cell: states[1], weights, lengths: lengths, reversed: reversed)
        }
      return (y.outputs, [y.hidden, y.cell])
    }
  }
}
