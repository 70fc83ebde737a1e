import TensorCore
import Testing

@Suite("The number of threads", .serialized)
struct ThreadTests {
  init() { Runtime.threads = max(Runtime.threads, 3) }

  /// The results with one, two and three threads are the same bits.
  private func expectSame(_ name: String, sourceLocation: SourceLocation = #_sourceLocation, _ compute: () -> [Tensor])
  {
    let one = Runtime.withThreadLimit(1, compute)
    for threads in [2, 3] {
      for (x, y) in zip(Runtime.withThreadLimit(threads, compute), one) {
        expectIdentical(x, y, "\(name) with \(threads) threads", sourceLocation: sourceLocation)
      }
    }
  }

  private func normal(_ shape: Shape, _ dtype: DType = .float32, _ seed: UInt64 = 41) -> Tensor {
    Tensor.normal(shape, dtype: dtype, using: RandomGenerator(seed: seed))
  }

  /// Ops whose first sample is element-wise for inputs of one shape.
  static let elementwise: [Op] = Op.registry.filter { op in
    guard let first = op.samples.first, !["creation", "and", "or", "xor", "not", "dropout"].contains(op.name) else {
      return false
    }
    return first.label == "matrix" && first.inputs.count == 1 && first.inputs[0].shape == [3, 5]
      || first.label == "same shape" && first.inputs.count == 2
  }

  @Test("changes no bit of an element-wise op or its gradient", arguments: elementwise, [DType.float32, .float64])
  func elementwiseOps(_ op: Op, _ dtype: DType) {
    let inputs = op.samples[0].inputs.enumerated().map { index, input -> Tensor in
      let range: ClosedRange<Double> = if case .uniform(let range) = input.values { range } else { -1...1 }
      return Tensor.uniform(
        [211, 997], from: range.lowerBound, to: range.upperBound, dtype: dtype,
        using: RandomGenerator(seed: UInt64(index)))
    }
    expectSame(op.name) {
      let (outputs, gradients) = Case(op: op, sample: op.samples[0]).evaluated(inputs)
      return outputs + gradients
    }
    // Strided operands take other loops.
    expectSame("\(op.name) of transposed tensors") { op.samples[0].apply(inputs.map { $0.transposed() }) }
  }

  @Test("is tested for more than thirty element-wise ops")
  func coverage() { #expect(Self.elementwise.count > 30) }

  @Test("changes no bit of a matrix product", arguments: [DType.float32, .float64])
  func matrixProducts(_ dtype: DType) {
    for (m, k, n) in [(300, 500, 200), (1, 3000, 700), (128, 784, 512), (700, 3, 900), (64, 20_000, 10)] {
      let (a, b) = (normal([m, k], dtype), normal([k, n], dtype, 42))
      expectSame("\(m)×\(k)×\(n)") { [matmul(a, b), matmul(b.transposed(), a.transposed())] }
    }
    let (a, b) = (normal([6, 90, 110], dtype), normal([6, 110, 70], dtype, 42))
    expectSame("batches") { [matmul(a, b), matmul(a, b[0])] }
    let (x, w, bias) = (normal([128, 784], dtype), normal([512, 784], dtype, 42), normal([512], dtype, 43))
    expectSame("linear") { Case.gradientsAndValue([x, w, bias]) { linear($0[0], $0[1], $0[2]) } }
  }

  @Test("changes no bit of a convolution, forwards or backwards", arguments: [DType.float32, .float64])
  func convolutions(_ dtype: DType) {
    for (x, w, groups) in [
      (Shape([32, 1, 28, 28]), Shape([6, 1, 5, 5]), 1), ([32, 6, 14, 14], [16, 6, 5, 5], 1),
      ([8, 32, 16, 16], [64, 32, 3, 3], 1),
      ([8, 32, 16, 16], [32, 1, 3, 3], 32), ([8, 32, 16, 16], [48, 16, 3, 3], 2), ([1, 3, 64, 64], [16, 3, 7, 7], 1),
      ([5, 256, 6, 6], [128, 256, 3, 3], 1),
    ] {
      let inputs = [normal(x, dtype), normal(w, dtype, 42), normal([w[0]], dtype, 43)]
      expectSame("\(x) ⋆ \(w)") {
        Case.gradientsAndValue(inputs) { conv2d($0[0], $0[1], $0[2], padding: 1, groups: groups) }
      }
      expectSame("\(x) ⋆ \(w), stride 2") {
        Case.gradientsAndValue(inputs) { conv2d($0[0], $0[1], stride: 2, groups: groups) }
      }
    }
  }

  @Test("changes no bit of a reduction", arguments: [DType.float32, .float64, .bfloat16, .int64])
  func reductions(_ dtype: DType) {
    let x = (normal([300, 7, 251], .float64) * 100).cast(to: dtype)
    for axes in [[], [0], [1], [2], [0, 1], [1, 2], [0, 2]] {
      expectSame("sum over \(axes)") { [x.sum(axes: axes), x.max(axes: axes), x.min(axes: axes)] }
    }
    expectSame("sum of a long vector") { [x.reshaped([x.count]).sum(), x.reshaped([x.count]).argmax()] }
    expectSame("positions") { [x.argmax(axis: 0), x.argmin(axis: 2)] }
    if dtype.isFloatingPoint {
      expectSame("others") { [x.mean(axis: 0), x.logSumExp(axes: [1])] }
      expectSame("variances") { [[], [0], [2], [0, 2]].map { x.variance(axes: $0) } }
    }
  }

  @Test("changes no bit of softmax, cross entropy, batch norm, pooling and dropout")
  func networks() {
    let x = normal([2048, 130])
    expectSame("softmax") { Case.gradientsAndValue([x]) { $0[0].softmax(axis: 1) } }
    expectSame("softmax of columns") { Case.gradientsAndValue([x]) { $0[0].softmax(axis: 0) } }
    expectSame("logSoftmax") { Case.gradientsAndValue([x]) { $0[0].logSoftmax() } }
    expectSame("softmax of one long row") { Case.gradientsAndValue([x.reshaped([1, x.count])]) { $0[0].softmax() } }
    let labels = Tensor.randomIntegers([2048], in: 0..<130, using: RandomGenerator(seed: 44))
    expectSame("crossEntropy") { Case.gradientsAndValue([x]) { crossEntropy($0[0], labels) } }

    let pictures = normal([16, 12, 31, 29])
    let (weight, bias) = (normal([12], .float32, 42), normal([12], .float32, 43))
    expectSame("batchNorm") {
      Case.gradientsAndValue([pictures, weight, bias]) { batchNorm($0[0], weight: $0[1], bias: $0[2]).y }
    }
    expectSame("batchNorm of rows") {
      Case.gradientsAndValue([x, normal([130]), normal([130])]) { batchNorm($0[0], weight: $0[1], bias: $0[2]).y }
    }
    expectSame("maxPool2d") {
      Case.gradientsAndValue([pictures]) { maxPool2d($0[0], kernel: 3, stride: 2, padding: 1) }
    }
    expectSame("averagePool2d") { Case.gradientsAndValue([pictures]) { averagePool2d($0[0], kernel: 2) } }
    expectSame("dropout") {
      Case.gradientsAndValue([pictures]) { dropout($0[0], 0.3, using: RandomGenerator(seed: 45)) }
    }
  }

  @Test("changes no bit of a picture at another size or its gradient")
  func resampling() {
    let x = normal([4, 16, 37, 61]).requiringGradient()
    expectSame("resized") {
      let y = resized(x, to: [90, 45], by: .bicubic)
      return [y, gradients(of: y.square().sum(), withRespectTo: [x])[0]]
    }
  }

  @Test("changes no bit of copying, indexing and joining")
  func movement() {
    let x = normal([300, 40, 25])
    let positions = Tensor.randomIntegers([5000], in: 0..<300, using: RandomGenerator(seed: 46))
    expectSame("copies") {
      [x.permuted([2, 0, 1]).contiguous(), x.flipped([0, 2]).contiguous(), x.cast(to: .bfloat16)]
    }
    expectSame("indexSelected") { Case.gradientsAndValue([x]) { $0[0].indexSelected(axis: 0, indices: positions) } }
    expectSame("gathered") {
      Case.gradientsAndValue([x.reshaped([300, 1000])]) {
        $0[0].gathered(axis: 0, indices: positions.reshaped([5, 1000]))
      }
    }
    expectSame("joined") { [Tensor.concatenated([x, x], axis: 1), x.padded([(1, 2), (0, 0), (3, 0)]), x[x .> 0]] }
  }
}

extension Case {
  /// f's value and the gradients of all inputs.
  static func gradientsAndValue(_ inputs: [Tensor], _ f: ([Tensor]) -> Tensor) -> [Tensor] {
    let leaves = inputs.map { $0.requiringGradient() }
    let y = f(leaves)
    return [y.detached()] + gradients(of: (y * y).sum(), withRespectTo: leaves)
  }
}
