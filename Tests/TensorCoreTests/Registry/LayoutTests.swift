import TensorCore
import Testing

@Suite("Where elements stand in memory")
struct LayoutTests {
  @Test("makes no difference to any op's result or gradient", arguments: Case.all)
  func arrangement(_ tested: Case) {
    let inputs = tested.sample.tensors(.float64)
    let expected = tested.evaluated(inputs)
    for arrangement in Arrangement.allCases {
      let found = tested.evaluated(inputs.map { arrangement.of($0) })
      for (index, (output, reference)) in zip(found.outputs, expected.outputs).enumerated() {
        expectClose(output, reference, within: 1e-13, "\(arrangement): output \(index)")
      }
      for (index, (gradient, reference)) in zip(found.gradients, expected.gradients).enumerated() {
        expectClose(gradient, reference, within: 1e-13, "\(arrangement): gradient \(index)")
      }
    }
  }

  @Test("makes no difference to the gradient that a backward pass starts with", arguments: Case.differentiable)
  func seeds(_ tested: Case) {
    var inputs = tested.sample.tensors(.float64)
    let floating = tested.floatingInputs(inputs)
    for index in floating { inputs[index] = inputs[index].requiringGradient() }
    for output in tested.sample.apply(inputs) where output.requiresGradient && output.dtype.isFloatingPoint {
      let seed = outputWeights([output.detached()])[0]
      let leaves = floating.map { inputs[$0] }
      let expected = gradients(of: output, withRespectTo: leaves, from: seed)
      for arrangement in Arrangement.allCases {
        let found = gradients(of: output, withRespectTo: leaves, from: arrangement.of(seed))
        for (gradient, reference) in zip(found, expected) {
          expectClose(gradient, reference, within: 1e-13, "\(arrangement)")
        }
      }
    }
  }

  @Test("is what each arrangement of this suite says")
  func arrangements() {
    let x = Tensor.range(0, 24, dtype: .float64).reshaped([2, 3, 4])
    for arrangement in Arrangement.allCases {
      expectIdentical(arrangement.of(x), x, "\(arrangement)")
      expectIdentical(arrangement.of(x.cast(to: .int64)), x.cast(to: .int64), "\(arrangement)")
      expectIdentical(arrangement.of(x .> 7), x .> 7, "\(arrangement)")
    }
    #expect(Arrangement.columnMajor.of(x).strides == [1, 2, 6])
    #expect(Arrangement.spaced.of(x).strides == [126, 18, 2])
    #expect(Arrangement.backwards.of(x).strides == [-12, -4, -1])
    #expect(Arrangement.offset.of(x).isContiguous)
  }
}
