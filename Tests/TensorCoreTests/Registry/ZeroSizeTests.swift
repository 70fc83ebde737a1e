import TensorCore
import Testing

@Suite("A tensor without elements")
struct ZeroSizeTests {
  @Test("is among the samples of every op", arguments: Op.registry)
  func present(_ op: Op) {
    let found = op.samples.contains { sample in
      let inputs = sample.tensors()
      return inputs.contains { $0.count == 0 } || sample.apply(inputs).contains { $0.count == 0 }
    }
    #expect(found, "\(op.name) needs a sample with an input or output of zero elements")
  }

  @Test(
    "has a gradient without elements",
    arguments: Case.differentiable.filter { $0.sample.inputs.contains { $0.shape.elementCount == 0 } })
  func gradient(_ tested: Case) {
    let inputs = tested.sample.tensors()
    let found = tested.evaluated(inputs).gradients
    #expect(found.map(\.shape) == tested.floatingInputs(inputs).map { inputs[$0].shape })
    // Inputs that have elements get a gradient of numbers all the same, zeros mostly.
    #expect(found.allSatisfy { $0.doubles.allSatisfy(\.isFinite) })
  }
}
