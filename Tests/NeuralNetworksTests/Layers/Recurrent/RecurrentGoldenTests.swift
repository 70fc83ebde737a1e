import NeuralNetworks
import TensorCore
import Testing

/// A recurrent module whose numbers PyTorch computed too: see scripts/goldens/layers_recurrent.py.
struct RecurrentCase: Sendable, CustomTestStringConvertible {
  let name: String
  /// nil for a cell, which has final states only.
  typealias Run = (_ x: Tensor, _ states: [Tensor]) -> (outputs: Tensor?, final: [Tensor])
  let make: @Sendable () -> (Module, Run)

  var testDescription: String { name }

  static let all: [RecurrentCase] = sequences + cells + projected + unbatched

  private static let lengths = [4, 5, 1]

  private static let sequences: [RecurrentCase] = ["lstm", "gru", "rnn", "rnn_relu"].flatMap { kind in
    [
      sequence(kind, ""), sequence(kind, "_state"), sequence(kind, "_no_bias", bias: false),
      sequence(kind, "_stacked", layers: 3), sequence(kind, "_bidirectional", bidirectional: true),
      sequence(kind, "_lengths", batchFirst: true, lengths: lengths),
      sequence(kind, "_everything", layers: 2, bidirectional: true, batchFirst: true, lengths: lengths),
    ]
  }

  private static func sequence(
    _ kind: String, _ variant: String, layers: Int = 1, bias: Bool = true, bidirectional: Bool = false,
    batchFirst: Bool = false, lengths: [Int]? = nil
  ) -> RecurrentCase {
    RecurrentCase(name: kind + variant) {
      switch kind {
      case "lstm":
        let layer = LSTM(
          2, 4, layers: layers, bias: bias, batchFirst: batchFirst, bidirectional: bidirectional)
        return (
          layer,
          { x, states in
            let y = layer(x, states.isEmpty ? nil : (states[0], states[1]), lengths: lengths)
            return (y.outputs, [y.state.hidden, y.state.cell])
          }
        )
      case "gru":
        let layer = GRU(2, 4, layers: layers, bias: bias, batchFirst: batchFirst, bidirectional: bidirectional)
        return (
          layer,
          { x, states in
            let y = layer(x, states.first, lengths: lengths)
            return (y.outputs, [y.state])
          }
        )
      default:
        let layer = RNN(
          2, 4, layers: layers, nonlinearity: kind == "rnn" ? .tanh : .relu, bias: bias, batchFirst: batchFirst,
          bidirectional: bidirectional)
        return (
          layer,
          { x, states in
            let y = layer(x, states.first, lengths: lengths)
            return (y.outputs, [y.state])
          }
        )
      }
    }
  }

  private static let projected: [RecurrentCase] = [
    RecurrentCase(name: "lstm_projected") {
      let layer = LSTM(2, 4, projection: 3)
      return (layer, { run(layer, $0, $1) })
    },
    RecurrentCase(name: "lstm_projected_everything") {
      let layer = LSTM(2, 4, projection: 1, layers: 2, batchFirst: true, bidirectional: true)
      return (layer, { run(layer, $0, $1, lengths: lengths) })
    },
  ]

  private static func run(
    _ layer: LSTM, _ x: Tensor, _ states: [Tensor], lengths: [Int]? = nil
  ) -> (outputs: Tensor?, final: [Tensor]) {
    let y = layer(x, (states[0], states[1]), lengths: lengths)
    return (y.outputs, [y.state.hidden, y.state.cell])
  }

  private static let unbatched: [RecurrentCase] = [
    RecurrentCase(name: "lstm_unbatched") {
      let layer = LSTM(2, 4, layers: 2, batchFirst: true, bidirectional: true)
      return (layer, { run(layer, $0, $1) })
    },
    RecurrentCase(name: "gru_unbatched") {
      let layer = GRU(2, 4, layers: 2, batchFirst: true, bidirectional: true)
      return (
        layer,
        { x, states in
          let y = layer(x, states[0])
          return (y.outputs, [y.state])
        }
      )
    },
    RecurrentCase(name: "rnn_unbatched") {
      let layer = RNN(2, 4, layers: 2, batchFirst: true, bidirectional: true)
      return (
        layer,
        { x, states in
          let y = layer(x, states[0])
          return (y.outputs, [y.state])
        }
      )
    },
    RecurrentCase(name: "lstm_cell_unbatched") {
      let cell = LSTMCell(2, 4)
      return (
        cell,
        { x, states in
          let state = cell(x, (states[0], states[1]))
          return (nil, [state.hidden, state.cell])
        }
      )
    },
    RecurrentCase(name: "gru_cell_unbatched") {
      let cell = GRUCell(2, 4)
      return (cell, { x, states in (nil, [cell(x, states[0])]) })
    },
    RecurrentCase(name: "rnn_cell_unbatched") {
      let cell = RNNCell(2, 4)
      return (cell, { x, states in (nil, [cell(x, states[0])]) })
    },
  ]

  private static let cells: [RecurrentCase] =
    [true, false].flatMap { bias in
      let suffix = bias ? "" : "_zeros"
      return [
        RecurrentCase(name: "lstm_cell" + suffix) {
          let cell = LSTMCell(2, 4, bias: bias)
          return (
            cell,
            { x, states in
              let state = cell(x, states.isEmpty ? nil : (states[0], states[1]))
              return (nil, [state.hidden, state.cell])
            }
          )
        },
        RecurrentCase(name: "gru_cell" + suffix) {
          let cell = GRUCell(2, 4, bias: bias)
          return (cell, { x, states in (nil, [cell(x, states.first)]) })
        },
        RecurrentCase(name: "rnn_cell" + suffix) {
          let cell = RNNCell(2, 4, bias: bias)
          return (cell, { x, states in (nil, [cell(x, states.first)]) })
        },
      ]
    } + [
      RecurrentCase(name: "rnn_cell_relu") {
        let cell = RNNCell(2, 4, nonlinearity: .relu)
        return (cell, { x, states in (nil, [cell(x, states.first)]) })
      }
    ]
}

@Suite("A recurrent layer computes what PyTorch's computes:")
struct RecurrentGoldenTests {
  static let goldens = Result { try Goldens("layers_recurrent") }

  @Test("outputs, final states and all gradients", arguments: RecurrentCase.all, Goldens.dtypes)
  func equalsPyTorch(_ recurrentCase: RecurrentCase, _ dtype: DType) throws {
    let goldens = try Self.goldens.get()
    let golden = goldens.group("\(recurrentCase.name).", in: dtype)
    let results = goldens.group(recurrentCase.name + Goldens.suffix(dtype) + ".")
    let tolerance = Goldens.tolerance(dtype)
    let (module, run) = recurrentCase.make()
    module.cast(to: dtype)
    var state = StateDictionary()
    for (name, _) in module.namedParameters() {
      state.append(name, try #require(golden["parameter.\(name)"], "\(name)"))
    }
    #expect(state.count == golden.keys.filter { $0.hasPrefix("parameter.") }.count)
    try module.load(stateDictionary: state)

    let x = try #require(golden["x"]).requiringGradient()
    let states = [golden["state.0"], golden["state.1"]].compactMap { $0?.requiringGradient() }
    let (outputs, final) = run(x, states)
    var total = Tensor(0.0, dtype: dtype)
    if let outputs {
      #expect(difference(outputs, try #require(results["y"])) < tolerance)
      total = total + (outputs * (try #require(golden["dy"]))).sum()
    }
    for (index, tensor) in final.enumerated() {
      #expect(difference(tensor, try #require(results["final.\(index)"])) < tolerance, "final state \(index)")
      total = total + (tensor * (try #require(golden["dfinal.\(index)"]))).sum()
    }
    total.backward()
    #expect(difference(try #require(x.gradient), try #require(results["dx"])) < tolerance)
    for (index, tensor) in states.enumerated() {
      let gradient = try #require(tensor.gradient)
      #expect(difference(gradient, try #require(results["dstate.\(index)"])) < tolerance, "gradient of state \(index)")
    }
    for (name, parameter) in module.namedParameters() {
      let gradient = try #require(parameter.gradient)
      #expect(difference(gradient, try #require(results["gradient.\(name)"])) < tolerance, "gradient of \(name)")
    }
  }
}
