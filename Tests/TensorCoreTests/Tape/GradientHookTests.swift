import TensorCore
import Testing

@Suite("A hook on a gradient")
struct GradientHookTests {
  let x = Tensor([1.0, 2.0], dtype: .float64).requiringGradient()

  @Test("sees the whole gradient, once in each backward pass")
  func complete() {
    var seen: [[Double]] = []
    let y = (x * 3).onGradient { seen.append($0.doubles) }
    let loss = (y * y + y).sum()
    loss.backward(keepingTape: true)
    loss.backward()
    #expect(seen == [[7, 13], [7, 13]])
    #expect(x.gradient?.doubles == [42, 78])
  }

  @Test("may replace it, also in a second derivative")
  func replaced() {
    let y = x.mappingGradient { $0 * 10 }
    let first = gradients(of: y.power(3).sum(), withRespectTo: [x], differentiable: true)[0]
    #expect(first.doubles == [30, 120])
    // ∂/∂x of 10·3·y², whose own way back leads through the hook again.
    #expect(gradients(of: first.sum(), withRespectTo: [x])[0].doubles == [600, 1200])
  }

  @Test("is not there where nothing is recorded")
  func unrecorded() {
    var called = false
    let y = withoutGradients { x.onGradient { _ in called = true } }
    y.sum().backward()
    #expect(!called && x.gradient?.doubles == [1, 1])
  }
}
