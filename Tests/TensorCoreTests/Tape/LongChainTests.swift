import TensorCore
import Testing

@Suite("A tape of 200,000 nodes")
struct LongChainTests {
  static let length = 200_000

  /// Steps that keep their nodes in different places: one rule, the output, an input inside a rule, several inputs, a shared rule.
  static let steps: [(name: String, apply: @Sendable (Tensor) -> Tensor)] = [
    ("one rule", { $0 + 0.5 }),
    ("output", { $0.tanh() }),
    ("captured input", { $0 * $0 }),
    ("two ways", { ($0 + 1.0) - $0 * 0.5 }),
    ("view", { $0.transposed() }),
  ]

  @Test("is built, differentiated and freed on a small stack", arguments: steps.indices, [512 * 1024, 8 * 1024 * 1024])
  func smallStack(_ step: Int, _ stackSize: Int) {
    let finished = onThread(stackSize: stackSize) {
      let apply = LongChainTests.steps[step].apply
      let x = Tensor([[0.5]], dtype: .float64).requiringGradient()
      var y = x
      for _ in 0..<LongChainTests.length { y = apply(y) }
      let gradient = gradients(of: y.sum(), withRespectTo: [x])[0]
      y.sum().backward()
      return gradient.item() == x.gradient?.item()
    }
    #expect(finished, "\(LongChainTests.steps[step].name)")
  }

  @Test("is freed without ever having been differentiated, by another thread")
  func otherThread() {
    let held = onThread { [chain()] }
    #expect(onThread { held.count } == 1)
  }

  @Test("can have a backward pass on the tape as well")
  func secondOrder() {
    let finished = onThread {
      let x = Tensor(0.5, dtype: .float64).requiringGradient()
      var y = x
      for _ in 0..<50_000 { y = y.sin() }
      let first = gradients(of: y, withRespectTo: [x], differentiable: true)[0]
      return gradients(of: first, withRespectTo: [x])[0].item().isFinite
    }
    #expect(finished)
  }

  @Test("gives the right gradient: a product of as many factors")
  func value() {
    let x = Tensor(1.0, dtype: .float64).requiringGradient()
    var y = x
    for _ in 0..<LongChainTests.length { y = y * 1.00001 }
    y.backward()
    // The same product in the same order.
    var expected = 1.0
    for _ in 0..<LongChainTests.length { expected *= 1.00001 }
    #expect(x.gradient?.item() == expected)
  }

  private func chain() -> Tensor {
    var y = Tensor([0.5]).requiringGradient()
    for _ in 0..<LongChainTests.length { y = y.sigmoid() }
    return y
  }
}
