import TensorCore
import Testing

@Suite("A fused op equals what it is made of")
struct FusedTests {
  let x = Tensor.normal([4, 6], dtype: .float64, using: RandomGenerator(seed: 21))
  let seed = Tensor.normal([4, 6], dtype: .float64, using: RandomGenerator(seed: 22))

  /// Outputs, and gradients by the fused rule and by the one that is recorded.
  private func expectSame(
    _ inputs: [Tensor], _ fused: ([Tensor]) -> Tensor, _ composed: ([Tensor]) -> Tensor,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let leaves = inputs.map { $0.requiringGradient() }
    let (y, z) = (fused(leaves), composed(leaves))
    expectClose(y, z, within: 1e-13, "value", sourceLocation: sourceLocation)
    let seed = outputWeights([z.detached()])[0]
    let expected = gradients(of: z, withRespectTo: leaves, from: seed)
    let plain = gradients(of: y, withRespectTo: leaves, from: seed)
    let recorded = gradients(of: y, withRespectTo: leaves, from: seed, differentiable: true)
    for index in leaves.indices {
      expectClose(
        plain[index], expected[index], within: 1e-12, "fused gradient \(index)", sourceLocation: sourceLocation)
      expectClose(
        recorded[index], expected[index], within: 1e-12, "recorded gradient \(index)", sourceLocation: sourceLocation)
    }
  }

  @Test("tanh, sigmoid, relu")
  func activations() {
    expectSame([x], { $0[0].tanh() }, { (($0[0] * 2).exp() - 1) / (($0[0] * 2).exp() + 1) })
    expectSame([x], { $0[0].sigmoid() }, { 1 / ((-$0[0]).exp() + 1) })
    expectSame([x], { $0[0].relu() }, { ($0[0].abs() + $0[0]) * 0.5 })
  }

  @Test("softmax and its logarithm")
  func softmax() {
    expectSame([x], { $0[0].softmax(axis: 1) }, { $0[0].exp() / $0[0].exp().sum(axis: 1, keepingDimensions: true) })
    expectSame([x], { $0[0].logSoftmax(axis: 0) }, { $0[0] - $0[0].logSumExp(axes: [0], keepingDimensions: true) })
  }

  @Test("the softmax of rows of one, of many, and of infinities")
  func softmaxEdges() {
    #expect(Tensor([[5.0], [-3.0]]).softmax().doubles == [1, 1])
    let row = Tensor.normal([1, 100_003], dtype: .float64, using: RandomGenerator(seed: 23))
    expectClose(row.softmax().sum(), Tensor(1.0, dtype: .float64), within: 1e-12, "sum")
    expectClose(row.logSoftmax(), row.softmax().log(), within: 1e-12, "logarithm")
    #expect(Tensor([-Double.infinity, 0, 0]).softmax().doubles == [0, 0.5, 0.5])
    #expect(Tensor([-Double.infinity, 0]).logSoftmax().doubles == [-.infinity, 0])
    #expect(Tensor([Double.nan, 0]).softmax().doubles.allSatisfy { $0.isNaN })
    #expect(Tensor([1e30, 0]).softmax().doubles == [1, 0])
  }

  @Test("cross entropy")
  func crossEntropy() {
    let labels = Tensor([5, 0, 2, 2])
    func composed(_ x: Tensor) -> Tensor {
      -x.logSoftmax(axis: 1).gathered(axis: 1, indices: labels.unsqueezed(1)).squeezed(1)
    }
    expectSame([x], { TensorCore.crossEntropy($0[0], labels, reduction: .none) }, { composed($0[0]) })
    expectSame([x], { TensorCore.crossEntropy($0[0], labels) }, { composed($0[0]).mean() })
    // Labels in another dtype, and classes that stand elsewhere in memory.
    expectSame(
      [x.transposed().contiguous()], { TensorCore.crossEntropy($0[0].transposed(), labels.cast(to: .uint8)) },
      {
        composed($0[0].transposed()).mean()
      })
    // Exact where the probability underflows.
    #expect(TensorCore.crossEntropy(Tensor([[0.0, 2000.0]]), Tensor([0])).item() == 2000)
  }

  @Test("batch norm, in training")
  func batchNorm() {
    let pictures = Tensor.normal(
      [3, 2, 2, 5], mean: 4, standardDeviation: 3, dtype: .float64, using: RandomGenerator(seed: 24))
    let weight = Tensor([0.5, 2.0], dtype: .float64)
    let bias = Tensor([1.0, -1.0], dtype: .float64)
    let each: Shape = [1, 2, 1, 1]
    expectSame(
      [pictures, weight, bias], { TensorCore.batchNorm($0[0], weight: $0[1], bias: $0[2], epsilon: 1e-3).y },
      {
        let deviations = $0[0] - $0[0].mean(axes: [0, 2, 3], keepingDimensions: true)
        let variance = $0[0].variance(axes: [0, 2, 3], correction: 0, keepingDimensions: true)
        return deviations / (variance + 1e-3).sqrt() * $0[1].reshaped(each) + $0[2].reshaped(each)
      })
    let statistics = TensorCore.batchNorm(pictures, weight: weight, bias: bias)
    expectClose(statistics.mean, pictures.mean(axes: [0, 2, 3]), within: 1e-14, "mean")
    expectClose(statistics.variance, pictures.variance(axes: [0, 2, 3], correction: 0), within: 1e-13, "variance")
  }

  @Test("batch norm of a channel far from zero keeps its digits")
  func batchNormCancellation() {
    let wave = Tensor.range(0, 1000).sin().reshaped([1000, 1])
    let ones = Tensor.ones([1])
    let near = TensorCore.batchNorm(wave, weight: ones, bias: ones).y
    let far = TensorCore.batchNorm(wave + 1000, weight: ones, bias: ones)
    // 1000 + sin x is rounded to 6·10⁻⁵ in float32.
    expectClose(far.y, near, within: 5e-4, "shifted")
    expectClose(far.variance, wave.variance(axis: 0, correction: 0), within: 1e-4, "variance")
  }

  @Test("variance", arguments: [[9000], [3, 5000], [700, 3], [131, 80], [3, 70, 5]] as [Shape])
  func variance(_ shape: Shape) {
    let x = Tensor.normal(shape, mean: 4, standardDeviation: 3, dtype: .float64, using: RandomGenerator(seed: 27))
    for axes in [[], [0], [-1]] {
      expectSame(
        [x], { $0[0].variance(axes: axes) },
        {
          let deviations = $0[0] - $0[0].mean(axes: axes, keepingDimensions: true)
          let n = x.count / Swift.max($0[0].sum(axes: axes).count, 1)
          return deviations.square().sum(axes: axes) / Double(n - 1)
        })
    }
  }

  @Test("the variance of values far from zero keeps its digits, and that of equal ones is 0")
  func varianceCancellation() {
    let wave = Tensor.range(0, 20_000).sin()
    // 1000 + sin x is rounded to 6·10⁻⁵ in float32, which its variance averages out.
    for x in [wave, wave.reshaped([10_000, 2]), wave.reshaped([200, 100])] {
      expectClose((x + 1000).variance(axis: 0), x.variance(axis: 0), within: 1e-5, "\(x.shape)")
    }
    for shape in [[1], [20_001], [999, 3], [100, 100]] as [Shape] {
      let variance = Tensor.full(shape, 0.1).variance(axis: 0, correction: 0)
      #expect(variance.min().item() >= 0 && variance.max().item() < 1e-16, "\(shape): \(variance)")
    }
  }

  @Test("batch norm, in evaluation")
  func batchNormEvaluation() {
    let statistics = (mean: Tensor.range(0, 6, dtype: .float64), variance: Tensor.range(1, 7, dtype: .float64))
    let (weight, bias) = (seed[0], seed[1])
    expectSame(
      [x, weight, bias],
      { TensorCore.batchNorm($0[0], mean: statistics.mean, variance: statistics.variance, weight: $0[1], bias: $0[2]) },
      { ($0[0] - statistics.mean) / (statistics.variance + 1e-5).sqrt() * $0[1] + $0[2] })
    let unrecorded = TensorCore.batchNorm(
      x, mean: statistics.mean, variance: statistics.variance, weight: weight, bias: bias)
    expectClose(
      unrecorded, (x - statistics.mean) / (statistics.variance + 1e-5).sqrt() * weight + bias, within: 1e-13,
      "unrecorded")
  }

  @Test("linear")
  func linear() {
    let weight = Tensor.normal([3, 6], dtype: .float64, using: RandomGenerator(seed: 25))
    let bias = Tensor([1.0, 2.0, 3.0], dtype: .float64)
    expectSame(
      [x, weight, bias], { TensorCore.linear($0[0], $0[1], $0[2]) },
      {
        matmul($0[0], $0[1].transposed()) + $0[2]
      })
    expectSame(
      [x.reshaped([2, 2, 6]), weight], { TensorCore.linear($0[0], $0[1]) },
      {
        matmul($0[0], $0[1].transposed())
      })
  }

  @Test("dropout: the mask that a generator gives, in both directions")
  func dropout() {
    let mask = TensorCore.dropout(Tensor.ones([4, 6], dtype: .float64), 0.25, using: RandomGenerator(seed: 26))
    #expect(Set(mask.doubles) == [0, 1 / 0.75])
    expectSame([x], { TensorCore.dropout($0[0], 0.25, using: RandomGenerator(seed: 26)) }, { $0[0] * mask })
    let kept = TensorCore.dropout(Tensor.ones([100_000]), 0.9, using: RandomGenerator(seed: 27))
    #expect(abs(kept.mean().item() - 1) < 0.03)
  }
}
