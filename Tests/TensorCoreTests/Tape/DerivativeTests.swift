import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("A derivative of a function")
struct DerivativeTests {
  /// scripts/goldens/derivatives.py
  private static let goldens = Result {
    try SafeTensors(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "Goldens/derivatives.safetensors")
    ).tensors()
  }

  let goldens: [String: Tensor]
  let x, v, w, u: Tensor

  init() throws {
    goldens = try DerivativeTests.goldens.get()
    func golden(_ name: String) throws -> Tensor { try #require(try DerivativeTests.goldens.get()[name]) }
    (x, v, w, u) = (try golden("x"), try golden("v"), try golden("w"), try golden("u"))
  }

  private func expect(_ found: Tensor, _ name: String) throws {
    expectClose(found, try #require(goldens[name]), within: 1e-12, name)
  }

  private func many(_ x: Tensor) -> Tensor { matmul(x, w.transposed()).tanh() * (x.sum() / 10).exp() }
  private func one(_ x: Tensor) -> Tensor { many(x).power(3).sum() }

  @Test("is PyTorch's: value, gradient, Jacobian, Hessian and products with them")
  func equalPyTorch() throws {
    let (value, gradient) = valueWithGradient(of: one, at: x)
    try expect(value, "value")
    try expect(gradient, "gradient")
    try expect(jacobian(of: many, at: x), "jacobian")
    try expect(hessian(of: one, at: x), "hessian")
    try expect(vectorJacobianProduct(of: many, at: x, u).product, "vjp")
    try expect(jacobianVectorProduct(of: many, at: x, v).product, "jvp")
    let second = hessianVectorProduct(of: one, at: x, v)
    try expect(second.value, "value")
    try expect(second.gradient, "gradient")
    try expect(second.product, "hvp")
    expectClose(vectorJacobianProduct(of: many, at: x, u).value, many(x), within: 0, "value")
    expectClose(jacobianVectorProduct(of: many, at: x, v).value, many(x), within: 0, "value")
  }

  @Test("of a linear or constant function is in closed form")
  func closedForms() {
    let x = Tensor([1.0, 2.0], dtype: .float64)
    let a = Tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]], dtype: .float64)
    expectIdentical(jacobian(of: { matmul(a, $0) }, at: x), a, "jacobian")
    expectIdentical(hessian(of: { matmul(a, $0).sum() }, at: x), Tensor.zeros([2, 2], dtype: .float64), "hessian")
    expectIdentical(jacobian(of: { _ in a[0] }, at: x), Tensor.zeros([2, 2], dtype: .float64), "constant")
    expectIdentical(jacobianVectorProduct(of: { matmul(a, $0) }, at: x, x).product, matmul(a, x), "jvp")
    expectIdentical(valueWithGradient(of: { _ in a.sum() }, at: x).gradient, Tensor.zeros(like: x), "constant")
    #expect(jacobian(of: { $0.square() }, at: Tensor.zeros([0, 2])).shape == [0, 2, 0, 2])
  }

  @Test("leaves no gradient behind, uses what else is on the tape, and works where recording is off")
  func pure() {
    let x = Tensor([1.0, 2.0]).requiringGradient()
    let factor = Tensor(3.0).requiringGradient()
    let (value, gradient) = withoutGradients { valueWithGradient(of: { ($0.square() * factor).sum() }, at: x) }
    #expect(gradient.doubles == [6, 12] && value.item() == 15)
    #expect(x.gradient == nil && factor.gradient == nil && !gradient.requiresGradient && !value.requiresGradient)
  }

  @Test("with respect to several inputs")
  func several() {
    let (a, b) = (Tensor([1.0, 2.0]), Tensor([3.0, 4.0]))
    let found = valueWithGradients(of: { ($0[0] * $0[0] * $0[1]).sum() }, at: [a, b])
    #expect(found.value.item() == 19)
    #expect(found.gradients.map(\.doubles) == [[6, 16], [1, 4]])
  }

  @Test("stops where there is no single gradient, or a vector does not fit")
  func misuse() async {
    let several = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = valueWithGradient(of: { $0 * 2 }, at: Tensor([1.0, 2.0]))
    }
    let shape = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = jacobianVectorProduct(of: { $0 * 2 }, at: Tensor([1.0, 2.0]), Tensor([1.0]))
    }
    let texts = [several, shape].map { String(decoding: $0?.standardErrorContent ?? [], as: UTF8.self) }
    #expect(texts[0].contains("[2] has no single gradient"), "\(texts[0])")
    #expect(texts[1].contains("jacobianVectorProduct: the seed is float32 [1]"), "\(texts[1])")
  }
}
