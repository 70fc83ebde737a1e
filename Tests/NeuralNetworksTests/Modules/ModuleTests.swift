import NeuralNetworks
import TensorCore
import Testing

@Suite("A module")
struct ModuleTests {
  let model = Sequential {
    Linear(4, 3)
    Sequential {
      BatchNorm1d(3)
      Dropout(0.5)
    }
    Linear(3, 2, bias: false)
  }

  @Test("is in training mode at first, and switches with all that is inside")
  func modes() {
    let modules = model.namedModules().map(\.module)
    #expect(modules.count == 6)
    #expect(modules.allSatisfy { $0.isTraining })
    model.evaluate()
    #expect(modules.allSatisfy { !$0.isTraining })
    model.train()
    #expect(modules.allSatisfy { $0.isTraining })
  }

  @Test("knows its children, outer ones first")
  func children() {
    #expect(model.children.map(\.name) == ["0", "1", "2"])
    #expect(model.namedModules().map(\.name) == ["", "0", "1", "1.0", "1.1", "2"])
  }

  @Test("counts its parameters")
  func count() {
    #expect(model.parameterCount == 12 + 3 + 3 + 3 + 6)
  }

  @Test("casts floating-point parameters and buffers, and nothing else")
  func casting() {
    model.cast(to: .float64)
    #expect(model.parameters.allSatisfy { $0.dtype == .float64 })
    #expect(model.namedBuffers().map(\.buffer.dtype) == [.float64, .float64, .int64])
    #expect(model(Tensor.ones([3, 4], dtype: .float64)).dtype == .float64)
  }

  @Test("forgets all gradients")
  func zeroGradients() {
    model(Tensor.uniform([5, 4], using: RandomGenerator(seed: 1))).sum().backward()
    #expect(model.parameters.allSatisfy { $0.gradient != nil })
    model.zeroGradients()
    #expect(model.parameters.allSatisfy { $0.gradient == nil })
  }

  @Test("prints as a tree")
  func description() {
    #expect(
      model.description == """
        Sequential {
          (0): Linear(4 → 3)
          (1): Sequential {
            (0): BatchNorm1d(3)
            (1): Dropout(0.5)
          }
          (2): Linear(3 → 2, no bias)
        }
        """)
  }
}
