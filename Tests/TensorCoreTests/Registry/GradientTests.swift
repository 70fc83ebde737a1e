import TensorCore
import Testing

@Suite("The gradient of every op")
struct GradientTests {
  @Test("agrees with central differences", arguments: Case.differentiable)
  func first(_ tested: Case) {
    let inputs = tested.sample.tensors(.float64)
    let weights = outputWeights(tested.sample.apply(inputs))
    let found = tested.evaluated(inputs).gradients
    for (gradient, index) in zip(found, tested.floatingInputs(inputs)) {
      #expect(gradient.shape == inputs[index].shape && gradient.dtype == .float64)
      let expected = NumericalGradient.gradient(
        of: { weighted(tested.sample.apply($0), weights)?.item() ?? 0 }, at: inputs, index)
      let error = relativeError(gradient.doubles, expected)
      #expect(error < 1e-6, "input \(index): \(gradient) instead of \(expected)")
    }
  }

  /// Ops with a floating input that only chooses, and what: its gradient is 0 wherever there is one, and it is not on the tape.
  static let choosing = ["copySign": "the second input chooses a sign"]

  // Rules that share work between inputs, and rules that are dropped for inputs that need none, may forget one.
  @Test("is the same for an input alone as for all together", arguments: Case.differentiable)
  func alone(_ tested: Case) {
    let inputs = tested.sample.tensors(.float64)
    let floating = tested.floatingInputs(inputs)
    if floating.count < 2 { return }
    let weights = outputWeights(tested.sample.apply(inputs))
    let together = tested.evaluated(inputs).gradients
    for (index, expected) in zip(floating, together) {
      let leaves = requiring(inputs, [index])
      let y = weighted(tested.sample.apply(leaves), weights)
      let isChoosing = Self.choosing[tested.op.name] != nil && index == 1
      #expect(y?.requiresGradient == !isChoosing, "input \(index) is not on the tape")
      let found = gradientsOrZeros(of: y, [leaves[index]])[0]
      expectClose(found, expected, within: 1e-14, "input \(index) alone")
    }
  }

  // H(x, w) = Σᵢ vᵢ·∂(w·y)/∂xᵢ for fixed v. The output weights w are inputs of the backward pass too, so H is differentiated with
  // respect to both: a rule that is linear in x still has to pass the gradient of its gradient on.
  @Test("has itself a gradient that agrees with central differences", arguments: Case.twiceDifferentiable)
  func second(_ tested: Case) {
    let inputs = tested.sample.tensors(.float64)
    let floating = tested.floatingInputs(inputs)
    let all = inputs + outputWeights(tested.sample.apply(inputs))
    let moving = floating + Array(inputs.count..<all.count)

    let leaves = requiring(all, moving)
    let h = firstOrder(tested, leaves, floating, differentiable: true)
    let found = gradientsOrZeros(of: h, moving.map { leaves[$0] })
    for (gradient, index) in zip(found, moving) {
      let expected = NumericalGradient.gradient(
        of: { firstOrder(tested, requiring($0, floating), floating, differentiable: false)?.item() ?? 0 }, at: all,
        index)
      let error = relativeError(gradient.doubles, expected)
      #expect(
        error < 1e-6, "\(index < inputs.count ? "input \(index)" : "weights"): \(gradient) instead of \(expected)")
    }
  }

  // One direction d is enough to see a wrong third derivative: d/dt of u·∇H(x + t·d) against d·∇(u·∇H).
  @Test("has a third derivative that agrees along one direction", arguments: Case.twiceDifferentiable)
  func third(_ tested: Case) {
    let inputs = tested.sample.tensors(.float64)
    let floating = tested.floatingInputs(inputs)
    let all = inputs + outputWeights(tested.sample.apply(inputs))
    let moving = floating + Array(inputs.count..<all.count)
    let direction = moving.map { ramp(all[$0], 3) }

    let leaves = requiring(all, moving)
    let second = secondOrder(tested, leaves, floating, moving, differentiable: true)
    let third = gradientsOrZeros(of: second, moving.map { leaves[$0] })
    let found = zip(third, direction).map { g, d in (g * d).sum().item() }.reduce(0, +)
    let expected = NumericalGradient.derivative { t in
      var moved = all
      for (index, step) in zip(moving, direction) { moved[index] = all[index] + step * t }
      return secondOrder(tested, requiring(moved, moving), floating, moving, differentiable: false)?.item() ?? 0
    }
    #expect(relativeError([found], [expected]) < 1e-6, "\(found) instead of \(expected)")
  }

  private func requiring(_ tensors: [Tensor], _ indices: [Int]) -> [Tensor] {
    var leaves = tensors
    for index in indices { leaves[index] = tensors[index].requiringGradient() }
    return leaves
  }

  /// Fixed numbers of a tensor's shape, all different.
  private func ramp(_ x: Tensor, _ phase: Int) -> Tensor {
    let values = (0..<x.count).map { (k: Int) -> Double in Double((5 * k + phase) % 13) / 13 - 0.4 }
    return Tensor(values, shape: x.shape, dtype: .float64)
  }

  private func paired(_ gradients: [Tensor], _ phase: Int) -> Tensor? {
    total(gradients.map { gradient in (gradient * ramp(gradient, phase)).sum() })
  }

  /// H: the inputs, then the output weights, are in `all`.
  private func firstOrder(_ tested: Case, _ all: [Tensor], _ floating: [Int], differentiable: Bool) -> Tensor? {
    let count = tested.sample.inputs.count
    let y = weighted(tested.sample.apply(Array(all[..<count])), Array(all[count...]))
    return paired(gradientsOrZeros(of: y, floating.map { all[$0] }, differentiable: differentiable), 1)
  }

  private func secondOrder(
    _ tested: Case, _ all: [Tensor], _ floating: [Int], _ moving: [Int], differentiable: Bool
  ) -> Tensor? {
    let h = firstOrder(tested, all, floating, differentiable: true)
    return paired(gradientsOrZeros(of: h, moving.map { all[$0] }, differentiable: differentiable), 2)
  }
}
