import NeuralNetworks
import TensorCore
import Testing

@Suite("A sequence of layers")
struct SequentialTests {
  @Test("applies them one after the other")
  func order() {
    let double = Linear(1, 1)
    double.weight.value = Tensor([[2.0]])
    double.bias?.value = Tensor([1.0])
    let model = Sequential {
      double
      ReLU()
      double
    }
    #expect(model(Tensor([[3.0], [-4.0]])).scalars(as: Double.self) == [15, 1])
  }

  @Test("without layers gives back its input")
  func empty() throws {
    let model = Sequential([])
    #expect(model(Tensor([1.0])).item() == 1)
    #expect(try model.outputShape(for: [3, 4]) == [3, 4])
  }

  static func model(normalised: Bool, depth: Int, tanh: Bool) -> Sequential {
    Sequential {
      Linear(2, 4)
      if normalised { BatchNorm1d(4) }
      for _ in 0..<depth {
        Linear(4, 4)
        if tanh { Tanh() } else { ReLU() }
      }
      Linear(4, 1)
    }
  }

  @Test("is written with conditions and loops")
  func builder() {
    func types(_ model: Sequential) -> [String] { model.map { "\(type(of: $0))" } }
    #expect(
      types(SequentialTests.model(normalised: true, depth: 2, tanh: true))
        == ["Linear", "BatchNorm1d", "Linear", "Tanh", "Linear", "Tanh", "Linear"])
    #expect(
      types(SequentialTests.model(normalised: false, depth: 1, tanh: false)) == ["Linear", "Linear", "ReLU", "Linear"])
    #expect(types(SequentialTests.model(normalised: false, depth: 0, tanh: false)) == ["Linear", "Linear"])
  }

  @Test("names its layers by their number, in nested ones too")
  func names() {
    let model = Sequential {
      ReLU()
      Sequential {
        Linear(1, 1, bias: false)
        Linear(1, 1, bias: false)
      }
    }
    #expect(model.namedParameters().map(\.name) == ["1.0.weight", "1.1.weight"])
    #expect(model[1] is Sequential)
    #expect(model.count == 2)
  }
}
