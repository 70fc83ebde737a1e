import Foundation
import TensorCore
import Testing

@Suite("A backward pass")
struct GradientSemanticsTests {
  let x = Tensor([1.0, 2.0, 3.0], dtype: .float64).requiringGradient()

  @Test("adds up at leaves, pass after pass")
  func accumulates() {
    (x * x).sum().backward()
    #expect(x.gradient?.doubles == [2, 4, 6])
    (x * 10).sum().backward()
    #expect(x.gradient?.doubles == [12, 14, 16])
    // Any tensor that stands at the same leaf shows it.
    let copy = x
    #expect(copy.gradient?.doubles == [12, 14, 16])
  }

  @Test("with gradients(of:) leaves no trace")
  func pure() {
    _ = gradients(of: (x * x).sum(), withRespectTo: [x])
    #expect(x.gradient == nil)
  }

  @Test("sums over every way to a tensor")
  func sharedParts() {
    let y = x * x
    let z = (y * y + y).sum()
    // z = Σ x⁴ + x².
    #expect(gradients(of: z, withRespectTo: [x])[0].doubles == [6, 36, 114])
    // Also with respect to a tensor on the way, and to one that appears twice.
    let found = gradients(of: z, withRespectTo: [y, x, x])
    #expect(found[0].doubles == [3, 9, 19])
    #expect(found[1].doubles == [6, 36, 114] && found[2].doubles == [6, 36, 114])
  }

  @Test("starts with a given seed")
  func seed() {
    (x * 2).backward(from: Tensor([1.0, 10.0, 100.0], dtype: .float64))
    #expect(x.gradient?.doubles == [2, 20, 200])
  }

  @Test("gives zeros for what the result does not depend on")
  func independent() {
    let other = Tensor.ones([2, 2], dtype: .float64).requiringGradient()
    let found = gradients(of: x.sum(), withRespectTo: [x, other])
    expectIdentical(found[1], Tensor.zeros([2, 2], dtype: .float64), "independent")
  }

  @Test("is itself recorded only when that is asked for")
  func differentiable() {
    let first = gradients(of: x.power(3).sum(), withRespectTo: [x])[0]
    #expect(!first.requiresGradient)
    let recorded = gradients(of: x.power(3).sum(), withRespectTo: [x], differentiable: true)[0]
    #expect(gradients(of: recorded.sum(), withRespectTo: [x])[0].doubles == [6, 12, 18])
  }

  @Test("does not happen where recording is off, on that thread")
  func recording() throws {
    #expect(!withoutGradients { x * x }.requiresGradient)
    #expect((x * x).requiresGradient)
    struct Interrupted: Error {}
    #expect(throws: Interrupted.self) { try withoutGradients { throw Interrupted() } }
    #expect((x * x).requiresGradient)
    withoutGradients {
      withoutGradients {}
      #expect(!(x * x).requiresGradient)
      #expect(onThread { (x * x).requiresGradient })
    }
  }

  // y = batchNorm(x, weight: f(x), bias: x̄): the fused op's inputs depend on each other, so a second derivative that is taken through its
  // composite must not go round them twice.
  @Test("counts every way once in the second derivative of a fused op whose inputs depend on each other")
  func dependentInputs() {
    let x = Tensor([[0.5, -1.0], [2.0, 0.25], [-0.75, 1.5]], dtype: .float64)
    let leaf = x.requiringGradient()
    func h(_ leaf: Tensor, differentiable: Bool) -> Tensor {
      let weight = leaf.sum(axis: 0)
      let y = batchNorm(leaf, weight: weight, bias: weight).y
      return (gradients(of: (y * y).sum(), withRespectTo: [leaf], differentiable: differentiable)[0] * x).sum()
    }
    let found = gradients(of: h(leaf, differentiable: true), withRespectTo: [leaf])[0]
    let expected = NumericalGradient.gradient(
      of: { h($0[0].requiringGradient(), differentiable: false).item() }, at: [x], 0)
    #expect(relativeError(found.doubles, expected) < 1e-6, "\(found) instead of \(expected)")
  }

  @Test("stops with a reason", arguments: 0..<5)
  func stops(_ index: Int) async {
    let parts = [
      ["backward", "float32", "[2]", "nothing that requires a gradient"], ["backward", "[2]", "no single gradient"],
      ["backward", "the seed is float32 [3]", "[2]"], ["gradients", "[2]", "not on the tape"],
      ["requiringGradient", "int64", "cast(to: .float32)"],
    ]
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      let x = Tensor([1.0, 2.0])
      switch index {
      case 0: x.backward()
      case 1: x.requiringGradient().backward()
      case 2: (x.requiringGradient() * 2).backward(from: Tensor([1.0, 2.0, 3.0]))
      case 3: _ = gradients(of: x.requiringGradient().sum(), withRespectTo: [x])
      default: _ = Tensor([1, 2]).requiringGradient()
      }
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    for part in parts[index] + ["Fix: "] { #expect(message.contains(part), "\(message)") }
  }
}
