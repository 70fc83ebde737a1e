import TensorCore
import Testing

@Suite("A gradient is never dropped silently")
struct NeverDroppedTests {
  /// Ways from a tensor to another one that look differentiable and are not. The op that ends the gradient, and the computation.
  static let dead: [(op: String, compute: @Sendable (Tensor) -> Tensor)] = [
    ("cast", { x in x * (x .> 0).cast(to: .float32) }),
    ("cast", { x in x * ((x .> 0) .& (x .< 1)).cast(to: .float32) }),
    ("cast", { x in x * (.!(x .> 0)).cast(to: .float32) }),
    ("cast", { x in x + (x .> 0).all().cast(to: .float32) }),
    ("cast", { x in x.argmax(axis: 0).cast(to: .float32) }),
    ("cast", { x in x.maxWithIndices(axis: 0).indices.cast(to: .float32) }),
    ("cast", { x in (x .> 0).nonzero().cast(to: .float32) }),
    ("cast", { x in (x .> 0).sum().cast(to: .float32) }),
    (
      "gridSampled",
      { x in
        let grid = Tensor.stacked([x, x], axis: 1).reshaped([1, 1, 3, 2])
        return gridSampled(Tensor.range(0, 6, dtype: .float32).reshaped([1, 1, 2, 3]), at: grid, by: .nearest)
      }
    ),
    ("round", { x in x.round() * 2 }),
    ("sign", { x in x * x.sign() }),
    ("bernoulli", { x in Tensor.bernoulli(probabilities: x.sigmoid()) }),
    ("cast", { x in Tensor.multinomial(weights: x.unsqueezed(0).sigmoid(), samples: 2).cast(to: .float32) }),
  ]

  @Test("but stops the backward pass, and names the op", .timeLimit(.minutes(10)), arguments: dead.indices)
  func stops(_ index: Int) async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      [index = index as Int] in
      let x = Tensor([0.5, -0.25, 2.0]).requiringGradient()
      NeverDroppedTests.dead[index].compute(x).sum().backward()
    }
    let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("backward: \(NeverDroppedTests.dead[index].op) has no gradient: "), "\(message)")
    #expect(message.contains("detached()"))
  }

  @Test("and detached() says where it is meant to end")
  func detached() {
    let x = Tensor([0.5, -0.25, 2.0]).requiringGradient()
    let y = (x * (x.detached() .> 0).cast(to: .float32)).sum()
    #expect(gradients(of: y, withRespectTo: [x])[0].doubles == [1, 0, 1])
  }

  @Test("while conditions, masks and positions only choose")
  func choosing() {
    let x = Tensor([0.5, -0.25, 2.0]).requiringGradient()
    let chosen =
      Tensor.where(x .> 0, x * 3, x).sum() + x[x .> 0].sum()
      + x.gathered(axis: 0, indices: x.argmax().reshaped([1])).sum()
    #expect(gradients(of: chosen, withRespectTo: [x])[0].doubles == [4, 1, 5])
  }

  @Test("not even that of batch norm's given mean and variance")
  func statistics() {
    let x = Tensor.range(0, 12, dtype: .float64).reshaped([4, 3])
    let ones = Tensor.ones([3], dtype: .float64)
    let mean = Tensor([1.0, 2.0, 3.0], dtype: .float64).requiringGradient()
    let variance = Tensor([1.0, 2.0, 4.0], dtype: .float64).requiringGradient()
    let y = batchNorm(x, mean: mean, variance: variance, weight: ones, bias: ones, epsilon: 0).sum()
    let found = gradients(of: y, withRespectTo: [mean, variance])
    // ∂/∂μ = −Σ 1/σ, ∂/∂σ² = −½·Σ (x − μ)/σ³; the columns' sums are 18, 22, 26.
    expectClose(found[0], Tensor([-4, -4 / 2.0.squareRoot(), -2], dtype: .float64), within: 1e-14, "mean")
    expectClose(
      found[1], Tensor([-7, -7 / 2.0 / 2.0.squareRoot(), -14 / 16.0], dtype: .float64), within: 1e-14, "variance")
  }
}
