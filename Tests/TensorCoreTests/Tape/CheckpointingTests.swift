import CKernels
import Synchronization
import TensorCore
import Testing

@Suite("A checkpointed computation")
struct CheckpointingTests {
  let x = Tensor.uniform([5, 4], from: -1, to: 1, using: RandomGenerator(seed: 1)).requiringGradient()
  let w = Tensor.uniform([4, 4], from: -1, to: 1, using: RandomGenerator(seed: 2)).requiringGradient()

  private func block(_ x: Tensor, _ generator: RandomGenerator) -> Tensor {
    dropout(matmul(x, w).tanh(), 0.3, using: generator)
  }

  /// Three blocks on end, checkpointed or not.
  private func loss(checkpointing: Bool, generator: RandomGenerator = RandomGenerator(seed: 3)) -> Tensor {
    var y = x * 2
    for _ in 0..<3 {
      let input = y
      y =
        checkpointing
        ? checkpointed(drawingFrom: [generator]) { block(input, generator) + x * 0.1 } : block(y, generator) + x * 0.1
    }
    return y.square().sum()
  }

  @Test("has the same value and gradients, bit for bit, dropout included")
  func same() {
    let (plain, checked) = (loss(checkpointing: false), loss(checkpointing: true))
    expectIdentical(checked.detached(), plain.detached(), "value")
    let expected = gradients(of: plain, withRespectTo: [x, w])
    let found = gradients(of: checked, withRespectTo: [x, w])
    for (a, b) in zip(found, expected) { expectClose(a, b, within: 1e-6, "gradient") }
    // Only the order in which contributions are added differs.
    checked.backward()
    expectIdentical(x.gradient ?? w, found[0], "backward")
    expectIdentical(w.gradient ?? x, found[1], "backward")
  }

  @Test("leaves the generator where it is without checkpoints")
  func generator() {
    let (plain, checked) = (RandomGenerator(seed: 3), RandomGenerator(seed: 3))
    loss(checkpointing: false, generator: plain).backward()
    loss(checkpointing: true, generator: checked).backward()
    #expect(plain.state == checked.state)
  }

  @Test("can be differentiated twice")
  func secondOrder() {
    func product(_ checkpointing: Bool) -> [Tensor] {
      let first = gradients(
        of: loss(checkpointing: checkpointing), withRespectTo: [x, w], differentiable: true)
      return gradients(of: first[0].square().sum() + first[1].square().sum(), withRespectTo: [x, w])
    }
    for (a, b) in zip(product(true), product(false)) { expectClose(a, b, within: 1e-5, "second derivative") }
  }

  @Test("counts every way once where what it uses depends on each other")
  func dependentInputs() {
    let x = Tensor([0.5, 2.0], dtype: .float64).requiringGradient()
    func value(_ checkpointing: Bool) -> Tensor {
      let a = x * x
      let b = a * x
      return (checkpointing ? checkpointed { a * b + b * x } : a * b + b * x).sum()
    }
    for order in 1...3 {
      func derivative(_ checkpointing: Bool) -> Tensor {
        var y = value(checkpointing)
        for _ in 0..<order { y = gradients(of: y, withRespectTo: [x], differentiable: true)[0].sum() }
        return y
      }
      expectClose(derivative(true), derivative(false), within: 1e-14, "order \(order)")
    }
  }

  @Test("can hold checkpoints itself")
  func nested() {
    let y = checkpointed { checkpointed { (x * x).exp() }.log() * 3 }.sum()
    expectClose(gradients(of: y, withRespectTo: [x])[0], x.detached() * 6, within: 1e-6, "nested")
  }

  @Test("runs its body once more in each backward pass, and once where nothing is recorded")
  func runs() {
    let count = Mutex(0)
    func run() -> Tensor {
      checkpointed {
        count.withLock { $0 += 1 }
        return x.square()
      }
    }
    _ = withoutGradients { run() }
    #expect(count.withLock { $0 } == 1)
    let y = run().sum()
    #expect(count.withLock { $0 } == 2)
    y.backward()
    #expect(count.withLock { $0 } == 3)
    #expect(checkpointed { w }.requiresGradient && !checkpointed { w.detached() * 2 }.requiresGradient)
  }

  @Test("keeps nothing of what is inside until the backward pass")
  func memory() {
    let x = Tensor.uniform([1 << 16]).requiringGradient()
    func held(_ checkpointing: Bool) -> Int {
      let before = gb_memory_statistics().in_use
      let body: () -> Tensor = { [x] in
        var y = x
        for _ in 0..<20 { y = y.sin() }
        return y
      }
      let y = checkpointing ? checkpointed(body) : body()
      let after = gb_memory_statistics().in_use
      return withExtendedLifetime(y) { Int(after) - Int(before) }
    }
    // Other tests allocate beside this one, though little: the twenty tensors are 5 MiB.
    #expect(held(false) > 4 << 20)
    #expect(held(true) < 2 << 20)
  }
}
