import TensorCore
import Testing

// x³ whose rule is written by hand, as somebody outside the library would.
private func cubed(_ x: Tensor) -> Tensor {
  let y = withoutGradients { x * x * x }
  return y.recorded("cubed", from: x) { g in g * 3 * x.square() }
}

@Suite("An op with a backward rule of its own")
struct CustomOpTests {
  let x = Tensor([0.5, -2.0], dtype: .float64).requiringGradient()

  @Test("has the gradients of its rule, to any order")
  func orders() {
    let y = cubed(x).sum()
    let first = gradients(of: y, withRespectTo: [x], differentiable: true)[0]
    let second = gradients(of: first.sum(), withRespectTo: [x], differentiable: true)[0]
    let third = gradients(of: second.sum(), withRespectTo: [x])[0]
    #expect(first.doubles == [0.75, 12] && second.doubles == [3, -12] && third.doubles == [6, 6])
  }

  @Test("does not need withoutGradients: the rule takes the place of what was recorded")
  func replaced() {
    let y = (x * x).recorded("square", from: x) { g in g * 10 }
    #expect(gradients(of: y.sum(), withRespectTo: [x])[0].doubles == [10, 10])
  }

  @Test("may take several inputs, together or each by itself")
  func several() {
    let w = Tensor([3.0, 4.0], dtype: .float64).requiringGradient()
    let joint = (x * w).recorded("product", from: [x, w], jointly: { [x, w] g in [g * w, g * x] })
    let found = gradients(of: joint.sum(), withRespectTo: [x, w])
    #expect(found.map(\.doubles) == [[3, 4], [0.5, -2]])
  }
}
