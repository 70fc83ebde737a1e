import Mathematics
import TensorCore
import Testing

@Suite("A rule of matrix calculus")
struct DerivativeRuleTests {
  /// Inputs far from singular.
  private func inputs(_ rule: DerivativeRule) -> [Tensor] {
    let generator = RandomGenerator(seed: 3)
    return rule.shapes.map { shape in
      let x = Tensor.normal(shape, dtype: .float64, using: generator)
      let isSquare = shape.rank == 2 && shape[0] == shape[1]
      return isSquare ? x + Tensor.eye(shape[0], dtype: .float64) * 3 : x
    }
  }

  @Test("is what the tape computes", arguments: DerivativeRule.all.indices)
  func tape(_ index: Int) {
    let rule = DerivativeRule.all[index]
    let inputs = inputs(rule).map { $0.requiringGradient() }
    let y = rule.f(inputs)
    let seed = Tensor.normal(y.shape, dtype: .float64, using: RandomGenerator(seed: 4))
    let taped = gradients(of: y, withRespectTo: inputs, from: seed)
    let formula = rule.pullback(inputs.map { $0.detached() }, seed)
    #expect(taped.count == formula.count)
    for (a, b) in zip(taped, formula) {
      #expect(a.shape == b.shape, "\(rule.statement)")
      #expect((a - b).abs().max().item() <= 1e-12 * (1 + b.abs().max().item()), "\(rule.statement)")
    }
  }

  @Test("is what differences say", arguments: DerivativeRule.all.indices)
  func differences(_ index: Int) {
    let rule = DerivativeRule.all[index]
    let inputs = inputs(rule)
    let check = JacobianCheck(of: rule.f, at: inputs)
    #expect(check.relativeError < 1e-6, "\(rule.statement): \(check)")
    let seed = Tensor.normal(rule.f(inputs).shape, dtype: .float64, using: RandomGenerator(seed: 4))
    for (jacobian, formula) in zip(check.numeric, rule.pullback(inputs, seed)) {
      // Y̅ᵀ·J
      let product = matmul(seed.reshaped([1, seed.count]), jacobian.reshaped([seed.count, formula.count]))
      #expect((product - formula.reshaped([1, formula.count])).abs().max().item() < 1e-7, "\(rule.statement)")
    }
  }
}
