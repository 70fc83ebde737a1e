import Mathematics
import TensorCore
import Testing

@Suite("A Jacobian check")
struct JacobianCheckTests {
  private let x = Tensor([[0.3, -1.2, 2.0], [0.7, 0.1, -0.4]], dtype: .float64)
  private let w = Tensor([[1.0, -0.5], [0.2, 0.8], [-1.1, 0.6]], dtype: .float64)

  @Test("is passed by a layer, for each of its inputs")
  func layer() {
    let check = JacobianCheck(of: { matmul($0[0], $0[1]).tanh() }, at: [x, w])
    #expect(
      check.analytic.map(\.shape) == [[2, 2, 2, 3], [2, 2, 3, 2]]
        && check.numeric.map(\.shape) == check.analytic.map(\.shape))
    #expect(check.relativeError < 1e-7)
  }

  @Test("names the entry that is wrong")
  func wrong() {
    // The gradient of one element of the second input is 1 % too large.
    let wrong = Tensor([[1.0, 1.0], [1.0, 1.01], [1.0, 1.0]], dtype: .float64)
    let check = JacobianCheck(of: { matmul($0[0], $0[1].mappingGradient { $0 * wrong }) }, at: [x, w])
    #expect(check.worst.input == 1 && check.worst.column == [1, 1] && check.worst.row.last == 1)
    #expect(abs(check.relativeError - 0.01 / 1.01) < 1e-6)
    // All that is wrong are the derivatives by that element.
    let wrongEntries = check.relativeErrors[1] .> 1e-3
    #expect(
      wrongEntries.cast(to: .int64).sum().item(Int.self) == 2 && wrongEntries[.ellipsis, 1, 1].any().item(Bool.self))
    #expect(check.relativeErrors[0].max().item() < 1e-7)
    #expect("\(check)".contains("]/∂x1[1, 1] is"))
  }

  @Test("takes a gradient that is no number for infinitely wrong")
  func notANumber() {
    let check = JacobianCheck(of: { $0[0].mappingGradient { $0 * .nan } }, at: [x])
    #expect(check.relativeError == .infinity)
  }

  @Test("compares derivatives that are zero with the largest ones")
  func zeros() {
    let check = JacobianCheck(of: { $0[0] * 1e6 + $0[0].square() * 0 }, at: [x])
    #expect(check.relativeError < 1e-7)
  }

  @Test("comes nearer to the derivative by four times with half the step")
  func order() {
    let point = [Tensor([0.7], dtype: .float64)]
    let errors = [1e-2, 5e-3].map { JacobianCheck(of: { $0[0].exp() }, at: point, step: $0).relativeError }
    #expect(abs(errors[0] / errors[1] - 4) < 1e-3)
  }
}
