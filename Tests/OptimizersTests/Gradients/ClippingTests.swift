import NeuralNetworks
import Optimizers
import TensorCore
import Testing

@Suite("Clipping gradients")
struct ClippingTests {
  private func parameters(_ goldens: Goldens) throws -> [Parameter] {
    try (0..<2).map { index in
      let gradient = try goldens("clip.\(index)")
      let parameter = Parameter(Tensor.zeros(like: gradient))
      parameter.gradient = gradient
      return parameter
    }
  }

  static let cases: [(name: String, limit: Double, order: Double)] = [
    ("two", 1.5, 2), ("three", 0.7, 3), ("infinity", 0.9, .infinity), ("loose", 99, 2),
  ]

  @Test("to a norm is PyTorch's, and returns the norm before", arguments: cases.indices)
  func norm(_ index: Int) throws {
    let (name, limit, order) = ClippingTests.cases[index]
    let goldens = try Goldens("schedules")
    let parameters = try parameters(goldens)
    let norm = clipGradients(of: parameters, toNorm: limit, order: order)
    #expect(abs(norm - (try goldens("clip.\(name).norm").item())) < 1e-12)
    for (index, parameter) in parameters.enumerated() {
      let gradient = try #require(parameter.gradient)
      #expect(difference(gradient, try goldens("clip.\(name).\(index)")) < 1e-12)
    }
  }

  @Test("leaves parameters without a gradient alone, and tells of NaN")
  func edges() {
    let (with, without) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
    #expect(clipGradients(of: [with, without], toNorm: 1) == 0)
    with.gradient = Tensor([Double.nan])
    #expect(clipGradients(of: [with, without], toNorm: 1).isNaN)
    #expect(gradientNorm(of: [with], order: .infinity).isNaN)
    #expect(without.gradient == nil)
  }

  @Test("to a value bounds each element")
  func value() {
    let parameter = Parameter(Tensor([0.0, 0.0, 0.0]))
    parameter.gradient = Tensor([-3.0, 0.25, 2.0])
    clipGradients(of: [parameter], toValue: 0.5)
    #expect(parameter.gradient?.scalars(as: Double.self) == [-0.5, 0.25, 0.5])
  }

  @Test("is not needed to add up gradients of parts of a batch")
  func accumulation() {
    let x = Tensor.uniform([8, 3], dtype: .float64, using: RandomGenerator(seed: 1))
    let (whole, parts) = (Parameter(Tensor.ones([3], dtype: .float64)), Parameter(Tensor.ones([3], dtype: .float64)))
    (x * whole.value).square().mean().backward()
    for start in stride(from: 0, to: 8, by: 2) { ((x[start..<start + 2] * parts.value).square().mean() / 4).backward() }
    #expect(difference(parts.gradient ?? x, whole.gradient ?? x) < 1e-15)
  }
}
