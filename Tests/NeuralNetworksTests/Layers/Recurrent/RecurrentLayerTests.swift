import NeuralNetworks
import TensorCore
import Testing

@Suite("A recurrent layer")
struct RecurrentLayerTests {
  @Test("has PyTorch's parameters, in its order")
  func names() {
    let layer = LSTM(3, 5, layers: 2, bidirectional: true)
    let names = layer.namedParameters().map(\.name)
    let expected = ["l0", "l0_reverse", "l1", "l1_reverse"].flatMap { place in
      ["weight_ih_", "weight_hh_", "bias_ih_", "bias_hh_"].map { $0 + place }
    }
    #expect(names == expected)
    #expect(layer.parameters.map(\.shape)[8] == [20, 10])
    #expect(GRU(3, 5, bias: false).namedParameters().map(\.name) == ["weight_ih_l0", "weight_hh_l0"])
    #expect(RNNCell(3, 5).namedParameters().map(\.name) == ["weight_ih", "weight_hh", "bias_ih", "bias_hh"])
  }

  @Test("is found, with its parameters, inside another module")
  func nested() {
    final class Model: Module {
      let encoder = GRU(3, 4)
      let cells = [LSTMCell(4, 2), LSTMCell(4, 2, bias: false)]
    }
    let model = Model()
    #expect(
      model.namedParameters().map(\.name) == [
        "encoder.weight_ih_l0", "encoder.weight_hh_l0", "encoder.bias_ih_l0", "encoder.bias_hh_l0",
        "cells.0.weight_ih", "cells.0.weight_hh", "cells.0.bias_ih", "cells.0.bias_hh", "cells.1.weight_ih",
        "cells.1.weight_hh",
      ])
    #expect(model.children.map(\.name) == ["encoder", "cells.0", "cells.1"])
    model.evaluate()
    #expect(!model.encoder.isTraining)
    model.cast(to: .float64)
    #expect(model.encoder(.zeros([2, 1, 3], dtype: .float64)).outputs.dtype == .float64)
  }

  @Test("starts uniform in ±1/√hidden")
  func initialisation() {
    let layer = LSTM(7, 100, using: RandomGenerator(seed: 5))
    for parameter in layer.parameters {
      #expect(parameter.value.abs().max().item() <= 0.1 && parameter.value.abs().max().item() > 0.098)
      #expect(abs(parameter.value.mean().item()) < 0.01)
    }
  }

  @Test("says what it is")
  func title() {
    #expect(GRU(3, 5).title == "GRU(3 → 5)")
    #expect(
      LSTM(3, 5, layers: 2, batchFirst: true, dropout: 0.5, bidirectional: true).title
        == "LSTM(3 → 5, 2 layers, bidirectional, dropout 0.5, batch first)")
    #expect("\(RNNCell(3, 5))" == "RNNCell(3 → 5)")
  }

  @Test("drops outputs between layers in training mode only, never those of the last")
  func dropout() {
    // With weights of 1 and no state to speak of, a unit's output tells how many inputs it saw.
    func layer(_ layers: Int) -> RNN {
      let layer = RNN(
        1, 64, layers: layers, nonlinearity: .relu, bias: false, dropout: 0.5, using: RandomGenerator(seed: 6))
      for (name, parameter) in layer.namedParameters() {
        parameter.value = name.hasPrefix("weight_ih") ? .ones(parameter.shape) : .zeros(parameter.shape)
      }
      return layer
    }
    let x = Tensor.ones([3, 8, 1])
    let (two, one) = (layer(2), layer(1))
    let trained = two(x).outputs.scalars(as: Double.self)
    #expect(trained.allSatisfy { $0 > 64 * 0.4 && $0 < 64 * 1.6 } && Set(trained).count > 5)
    two.evaluate()
    #expect(two(x).outputs.scalars(as: Double.self).allSatisfy { $0 == 64 })
    #expect(one(x).outputs.scalars(as: Double.self).allSatisfy { $0 == 1 })
  }

  @Test("goes on from a state as if the sequence had not been cut")
  func continued() {
    let layer = LSTM(3, 5, layers: 2, batchFirst: true)
    let x = Tensor.normal([4, 9, 3], using: RandomGenerator(seed: 7))
    let whole = layer(x)
    let first = layer(x[.all, ..<4])
    let second = layer(x[.all, 4...], first.state)
    #expect(difference(Tensor.concatenated([first.outputs, second.outputs], axis: 1), whole.outputs) < 1e-6)
    #expect(difference(second.state.cell, whole.state.cell) < 1e-6)
  }

  @Test("computes what its cell does, step by step")
  func cells() throws {
    let layer = LSTM(3, 5)
    let cell = LSTMCell(3, 5)
    for (target, source) in zip(cell.parameters, layer.parameters) { target.value = source.value.detached() }
    let x = Tensor.normal([6, 2, 3], using: RandomGenerator(seed: 8))
    let whole = layer(x)
    var state: (hidden: Tensor, cell: Tensor)?
    for t in 0..<6 {
      let next = cell(x[t], state)
      #expect(difference(next.hidden, whole.outputs[t]) < 1e-6)
      state = next
    }
    #expect(difference(try #require(state).cell, whole.state.cell[0]) < 1e-6)
  }

  @Test("stops at inputs, states and lengths that do not fit")
  func misuse() async {
    let input = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = LSTM(3, 5, batchFirst: true)(Tensor.zeros([2, 4, 2]))
    }
    expectMessage(input, "LSTM(3 → 5, batch first)", "[2, 4, 2]", "[batch, time, 3]")
    let state = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRU(3, 5, layers: 2)(Tensor.zeros([2, 4, 3]), Tensor.zeros([1, 4, 5]))
    }
    expectMessage(state, "GRU(3 → 5, 2 layers)", "[1, 4, 5]", "[2, 4, 5]")
    let lengths = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = RNN(3, 5)(Tensor.zeros([2, 4, 3]), lengths: [2, 3, 1, 1])
    }
    expectMessage(lengths, "rnn", "[2, 3, 1, 1]", "1...2")
    let cell = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = GRUCell(3, 5)(Tensor.zeros([4, 2]))
    }
    expectMessage(cell, "GRUCell(3 → 5)", "[4, 2]", "[batch, 3]")
  }
}
