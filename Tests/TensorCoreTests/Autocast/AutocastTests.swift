import TensorCore
import Testing

@Suite("A region of automatic casts")
struct AutocastTests {
  let x = Tensor.uniform([5, 4], from: -1, to: 1, using: RandomGenerator(seed: 1)).requiringGradient()
  let w = Tensor.uniform([4, 4], from: -1, to: 1, using: RandomGenerator(seed: 2)).requiringGradient()

  @Test("lowers products, nests, can be switched off inside, and ends with its body")
  func nesting() {
    #expect(matmul(x, w).dtype == .float32)
    withAutocast(to: .bfloat16) {
      #expect(matmul(x, w).dtype == .bfloat16)
      withoutAutocast {
        #expect(matmul(x, w).dtype == .float32)
        withAutocast(to: .bfloat16) { #expect(matmul(x, w).dtype == .bfloat16) }
        #expect(matmul(x, w).dtype == .float32)
      }
      #expect(matmul(x, w).dtype == .bfloat16)
      #expect(throws: CancellationError.self) { try withoutAutocast { throw CancellationError() } }
      #expect(matmul(x, w).dtype == .bfloat16)
    }
    #expect(throws: CancellationError.self) { try withAutocast(to: .bfloat16) { throw CancellationError() } }
    #expect(matmul(x, w).dtype == .float32)
  }

  @Test("computes what casts by hand compute")
  func byHand() {
    let found = withAutocast(to: .bfloat16) { linear(x, w) }
    let (a, b) = (x.cast(to: .bfloat16), w.cast(to: .bfloat16))
    expectIdentical(found.detached(), linear(a, b).detached(), "linear")
    let product = matmul(a.detached().cast(to: .float64), b.detached().cast(to: .float64).transposed())
    expectIdentical(found.detached(), product.cast(to: .bfloat16), "linear in float64, rounded once")
  }

  @Test("leaves float64, integers and what is no product alone")
  func untouched() {
    withAutocast(to: .bfloat16) {
      #expect(matmul(x.cast(to: .float64), w.cast(to: .float64)).dtype == .float64)
      #expect(matmul(Tensor([[1, 2]]), Tensor([[3], [4]])).dtype == .int64)
      #expect((x + x).dtype == .float32 && x.exp().dtype == .float32 && x.softmax().dtype == .float32)
      #expect((x.cast(to: .bfloat16) + x.cast(to: .float64)).dtype == .float64)
    }
  }

  @Test("gives float32 leaves float32 gradients, wherever the backward pass is called")
  func gradientsInFloat32() throws {
    let loss = withAutocast(to: .bfloat16) { (matmul(matmul(x, w).tanh(), w) + x).square().mean() }
    #expect(loss.dtype == .float32)
    let outside = gradients(of: loss, withRespectTo: [x, w])
    let inside = withAutocast(to: .bfloat16) { gradients(of: loss, withRespectTo: [x, w]) }
    for (a, b) in zip(outside, inside) { expectIdentical(a, b, "gradient") }
    #expect(outside.allSatisfy { $0.dtype == .float32 })
    withAutocast(to: .bfloat16) { loss.backward() }
    expectIdentical(try #require(w.gradient), outside[1], "backward")
    // Close to the gradients without casts.
    let exact = gradients(of: (matmul(matmul(x, w).tanh(), w) + x).square().mean(), withRespectTo: [x, w])
    for (a, b) in zip(outside, exact) { expectClose(a, b, within: 0.02, "gradient beside float32's") }
  }

  @Test("has second derivatives")
  func secondDerivatives() {
    func product(_ cast: Bool) -> [Tensor] {
      func loss() -> Tensor { matmul(matmul(x, w).tanh(), w).cast(to: .float32).square().sum() }
      let y = cast ? withAutocast(to: .bfloat16, loss) : loss()
      let first = gradients(of: y, withRespectTo: [x, w], differentiable: true)
      return gradients(of: first[0].square().sum() + first[1].square().sum(), withRespectTo: [x, w])
    }
    for (a, b) in zip(product(true), product(false)) {
      #expect(a.dtype == .float32)
      expectClose(a * (1 / b.abs().max().item()), b * (1 / b.abs().max().item()), within: 0.03, "second derivative")
    }
  }

  @Test("second derivatives of attention, normalisation and recurrence under casts are close to those without")
  func secondDerivativesOfFusedOps() {
    let x = Tensor.uniform([1, 2, 3, 4], from: -1, to: 1, using: RandomGenerator(seed: 3)).requiringGradient()
    let scale = Tensor.uniform([4], from: 0.5, to: 1.5, using: RandomGenerator(seed: 4)).requiringGradient()
    func product(_ cast: Bool) -> [Tensor] {
      func loss() -> Tensor {
        let y = layerNorm(scaledDotProductAttention(x, x, x, causal: true), over: [4], weight: scale)
        let states = rnn(
          y.reshaped([3, 2, 4]), hidden: Tensor.zeros([2, 4], dtype: y.dtype),
          RecurrentWeights(
            input: Tensor.eye(4, dtype: y.dtype) * 0.5, hidden: Tensor.eye(4, dtype: y.dtype) * 0.25))
        return states.outputs.cast(to: .float32).power(3).sum()
      }
      let y = cast ? withAutocast(to: .bfloat16, loss) : loss()
      let first = gradients(of: y, withRespectTo: [x, scale], differentiable: true)
      return gradients(of: first[0].square().sum() + first[1].square().sum(), withRespectTo: [x, scale])
    }
    for (a, b) in zip(product(true), product(false)) {
      expectClose(a * (1 / b.abs().max().item()), b * (1 / b.abs().max().item()), within: 0.1, "second derivative")
    }
  }

  /// Where the elements stand.
  private func address(_ x: Tensor) -> UnsafeRawPointer? { x.withUnsafeBytes { $0.baseAddress } }

  /// The values that an op in the region would see.
  private func lowered(_ x: Tensor) -> Tensor { Autocast.lowering([x]) { $0[0] } }

  @Test("keeps the cast of a leaf, off the tape of earlier passes, and not beyond a change of it")
  func kept() {
    var leaf = Tensor.ones([64, 64]).requiringGradient()
    let input = Tensor.ones([2, 64])
    withAutocast(to: .bfloat16) {
      // A pass that nobody records first: the next is recorded all the same.
      #expect(!withoutGradients { matmul(input, leaf) }.requiresGradient)
      for _ in 0..<2 { matmul(input, leaf).cast(to: .float32).sum().backward() }
      #expect(leaf.gradient?[0, 0].item() == 4)
      let first = lowered(leaf)
      #expect(address(first) == address(lowered(leaf)) && first.dtype == .bfloat16)
      withoutAutocast { withAutocast(to: .bfloat16) { #expect(address(first) != address(lowered(leaf))) } }
      leaf.withUnsafeMutableBuffer(of: Float.self) { $0.update(repeating: 2) }
      leaf = leaf.requiringGradient()
      #expect(matmul(input, leaf)[0, 0].item() == 128)
    }
  }

  @Test("lets go of the casts at its end, so that a parameter can be written where it stands")
  func releases() {
    var leaf = Tensor.ones([256, 256]).requiringGradient()
    let place = address(leaf)
    withAutocast(to: .bfloat16) { _ = withoutGradients { matmul(Tensor.ones([2, 256]), leaf) } }
    leaf.withUnsafeMutableBuffer(of: Float.self) { $0.update(repeating: 2) }
    #expect(address(leaf) == place)
  }

  @Test("a checkpointed computation is computed again under the same casts")
  func checkpoints() {
    func loss(_ checkpointing: Bool) -> Tensor {
      withAutocast(to: .bfloat16) {
        func block() -> Tensor { matmul(matmul(x, w).tanh(), w) }
        return (checkpointing ? checkpointed { block() } : block()).cast(to: .float32).square().sum()
      }
    }
    let (plain, again) = (loss(false), loss(true))
    expectIdentical(again.detached(), plain.detached(), "value")
    let expected = gradients(of: plain, withRespectTo: [x, w])
    for (a, b) in zip(gradients(of: again, withRespectTo: [x, w]), expected) { expectIdentical(a, b, "gradient") }
    // And without casts where there were none, though the backward pass is called in a region.
    let exact = checkpointed { matmul(x, w) }.square().sum()
    let found = withAutocast(to: .bfloat16) { gradients(of: exact, withRespectTo: [w])[0] }
    expectIdentical(found, gradients(of: matmul(x, w).square().sum(), withRespectTo: [w])[0], "outside")
  }

  @Test("belongs to its thread")
  func threads() async {
    let (x, w) = (x, w)
    let elsewhere = await withAutocast(to: .bfloat16) { Task.detached { matmul(x, w).dtype } }.value
    #expect(elsewhere == .float32)
  }

  @Test("changes no bit with the number of threads", .serialized, arguments: [1, 7, 128])
  func sameBits(_ batch: Int) {
    Runtime.threads = max(Runtime.threads, 2)
    let generator = RandomGenerator(seed: 5)
    let (rows, weight) = (Tensor.normal([batch, 300], using: generator), Tensor.normal([500, 300], using: generator))
    let pictures = Tensor.normal([batch, 16, 9, 9], using: generator)
    let filters = Tensor.normal([24, 16, 3, 3], using: generator)
    func results(_ threads: Int) -> [Tensor] {
      Runtime.withThreadLimit(threads) {
        let inputs = [rows, weight, pictures, filters].map { $0.requiringGradient() }
        return withAutocast(to: .bfloat16) {
          let (y, z) = (linear(inputs[0], inputs[1]), conv2d(inputs[2], inputs[3], padding: 1))
          let loss = y.cast(to: .float32).square().sum() + z.cast(to: .float32).square().sum()
          return [y.detached(), z.detached()] + gradients(of: loss, withRespectTo: inputs)
        }
      }
    }
    for (a, b) in zip(results(2), results(1)) { expectIdentical(a, b, "two threads") }
  }

  @Test("products in bfloat16 are float64's rounded, for any strides, sizes and batches")
  func products() {
    let generator = RandomGenerator(seed: 6)
    func normal(_ shape: Shape) -> Tensor { Tensor.normal(shape, using: generator).cast(to: .bfloat16) }
    let cases: [(Tensor, Tensor)] = [
      (normal([130, 70]), normal([70, 90])), (normal([70, 130]).transposed(), normal([90, 70]).transposed()),
      (normal([1, 700]), normal([700, 300])), (normal([300, 700]), normal([700, 1])),
      (normal([400, 300])[100..., ..<200], normal([200, 140])[0..., 20..<100]),
      (normal([3, 40, 50]), normal([3, 50, 60])), (normal([2, 3, 40, 50]), normal([50, 60])),
      (normal([50, 1]).expanded(to: [50, 80]), normal([80, 40])),
      (normal([200, 400]), normal([300, 400]).transposed()),
    ]
    for (a, b) in cases {
      let exact = matmul(a.cast(to: .float64), b.cast(to: .float64))
      // Sums in float32, one rounding at the end.
      let error = (matmul(a, b).cast(to: .float64) - exact).abs()
      let limit = exact.abs() * 0x1.01p-8 + 1e-4
      #expect((error .<= limit).all().item(Bool.self), "\(a.shape) × \(b.shape)")
    }
    let (x, w, bias) = (normal([64, 100]), normal([80, 100]), normal([80]))
    let wide = linear(x.cast(to: .float64), w.cast(to: .float64), bias.cast(to: .float64))
    let off = (linear(x, w, bias).cast(to: .float64) - wide).abs()
    #expect((off .<= wide.abs() * 0x1.01p-8 + 1e-4).all().item(Bool.self))
  }

  @Test("convolutions in bfloat16 and their gradients are float64's, rounded", arguments: [1, 2])
  func convolutions(_ groups: Int) {
    let generator = RandomGenerator(seed: 7)
    func normal(_ shape: Shape) -> Tensor { Tensor.normal(shape, using: generator).cast(to: .bfloat16) }
    let inputs = [normal([5, 32, 9, 7]), normal([48, 32 / groups, 3, 3]), normal([48])]
    func results(_ dtype: DType) -> [Tensor] {
      let inputs = inputs.map { $0.cast(to: dtype).requiringGradient() }
      let y = conv2d(inputs[0], inputs[1], inputs[2], stride: [1, 2], padding: 1, groups: groups)
      let seed = Tensor.linspace(-1, 1, count: y.count).reshaped(y.shape).cast(to: .bfloat16).cast(to: dtype)
      return [y.detached()] + gradients(of: y, withRespectTo: inputs, from: seed)
    }
    for (found, exact) in zip(results(.bfloat16), results(.float64)) {
      #expect(found.dtype == .bfloat16)
      let error = (found.cast(to: .float64) - exact).abs()
      #expect((error .<= exact.abs() * 0x1.01p-8 + 1e-3).all().item(Bool.self), "\(exact.shape)")
    }
  }

  @Test("stops for other dtypes, and mixed dtypes stop outside of it")
  func stops() async {
    func message(_ result: ExitTest.Result?) -> String {
      String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
    let other = message(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = withAutocast(to: .float64) { 1 }
      })
    #expect(other.contains("casts to float64"))
    let mixed = message(
      await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
        _ = Tensor.ones([2]) + Tensor.ones([2], dtype: .bfloat16)
      })
    #expect(mixed.contains(".cast(to: .bfloat16)"))
  }
}
