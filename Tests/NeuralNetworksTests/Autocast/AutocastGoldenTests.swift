import Foundation
import NeuralNetworks
import TensorCore
import Testing

/// Ops under `withAutocast` as PyTorch's autocast gives them: `scripts/goldens/autocast.py` has the same list.
@Suite("Under autocast")
struct AutocastGoldenTests {
  struct AutocastCase: Sendable, CustomTestStringConvertible {
    let name: String
    let shapes: [Shape]
    let apply: @Sendable ([Tensor]) -> Tensor
    var testDescription: String { name }

    init(_ name: String, _ shapes: [Shape], _ apply: @escaping @Sendable ([Tensor]) -> Tensor) {
      (self.name, self.shapes, self.apply) = (name, shapes, apply)
    }

    /// What follows a linear map, whose result is bfloat16, with another float32 tensor of the same shape.
    static func afterLinear(_ name: String, _ f: @escaping @Sendable (Tensor, Tensor) -> Tensor) -> AutocastCase {
      AutocastCase(name, [[4, 24], [3, 24], [3], [4, 3]]) { f(linear($0[0], $0[1], $0[2]), $0[3]) }
    }

    /// A function of a bfloat16 tensor, and others in float32.
    static func bfloat16(
      _ name: String, _ shapes: Shape..., apply: @escaping @Sendable (Tensor, [Tensor]) -> Tensor
    ) -> AutocastCase {
      AutocastCase(name, shapes) { apply($0[0].cast(to: .bfloat16), $0) }
    }
  }

  private static let labels = Tensor([1, 0, 2, 1])
  private static let signs = Tensor([1.0, -1.0, -1.0, 1.0])

  private static func sign(_ x: Tensor) -> Tensor {
    Tensor.where(x.detached() .> 0, Tensor.ones(like: x), -Tensor.ones(like: x))
  }

  private static func recurrent(_ x: [Tensor]) -> RecurrentWeights {
    RecurrentWeights(input: x[1], hidden: x[2], inputBias: x[3], hiddenBias: x[4])
  }

  private static func regular(_ x: Tensor) -> Tensor { x + Tensor.eye(3, dtype: .bfloat16) * 4 }

  static let lowered: [AutocastCase] = [
    .init("linear", [[4, 24], [3, 24], [3]]) { linear($0[0], $0[1], $0[2]) },
    .init("matmul", [[2, 4, 24], [24, 5]]) { matmul($0[0], $0[1]) },
    .init("matmul of vectors", [[24], [24]]) { matmul($0[0], $0[1]) },
    .init("large matmul", [[48, 64], [64, 40]]) { matmul($0[0], $0[1]) },
    .init("einsum", [[2, 2, 3, 8], [2, 2, 4, 8]]) { einsum("bhid,bhjd->bhij", $0) },
    .init("conv1d", [[2, 3, 9], [4, 3, 3], [4]]) { conv1d($0[0], $0[1], $0[2]) },
    .init("conv2d", [[2, 3, 5, 6], [4, 3, 3, 3], [4]]) { conv2d($0[0], $0[1], $0[2]) },
    .init("conv3d", [[1, 2, 4, 4, 4], [3, 2, 2, 2, 2], [3]]) { conv3d($0[0], $0[1], $0[2]) },
    .init("convTranspose1d", [[2, 3, 5], [3, 4, 3], [4]]) { convTranspose1d($0[0], $0[1], $0[2]) },
    .init("convTranspose2d", [[2, 3, 4, 3], [3, 2, 3, 3], [2]]) { convTranspose2d($0[0], $0[1], $0[2]) },
    .init("convTranspose3d", [[1, 2, 3, 3, 2], [2, 3, 2, 2, 2], [3]]) { convTranspose3d($0[0], $0[1], $0[2]) },
    .init("attention", [[1, 2, 5, 8], [1, 2, 5, 8], [1, 2, 5, 8]]) { scaledDotProductAttention($0[0], $0[1], $0[2]) },
    .init("attention with a mask", [[1, 2, 5, 8], [1, 2, 5, 8], [1, 2, 5, 8], [5, 5]]) {
      scaledDotProductAttention($0[0], $0[1], $0[2], mask: $0[3])
    },
    .init("prelu", [[3, 5], [1]]) { $0[0].prelu($0[1]) },
    .init("lstm", [[4, 2, 5], [12, 5], [12, 3], [12], [12]]) {
      lstm($0[0], hidden: .zeros([2, 3]), cell: .zeros([2, 3]), recurrent($0)).outputs
    },
    .init("rnn", [[4, 2, 5], [3, 5], [3, 3], [3], [3]]) {
      rnn($0[0], hidden: .zeros([2, 3]), recurrent($0)).outputs
    },
  ]

  static let unchanged: [AutocastCase] = [
    .bfloat16("softmax", [4, 5]) { x, _ in x.softmax() },
    .bfloat16("gelu", [4, 5]) { x, _ in x.gelu() },
    .bfloat16("sum", [4, 5]) { x, _ in x.sum(axis: 0) },
    .bfloat16("maxPool2d", [1, 2, 4, 4]) { x, _ in maxPool2d(x, kernel: 2) },
    .init("embedding", [[5, 4]]) { embedding($0[0], labels) },
    .bfloat16("layerNorm", [4, 6], [6], [6]) { layerNorm($0, over: [6], weight: $1[1], bias: $1[2]) },
    .init("layerNorm of float32", [[4, 6], [6], [6]]) { layerNorm($0[0], over: [6], weight: $0[1], bias: $0[2]) },
    .bfloat16("rmsNorm", [4, 6], [6]) { rmsNorm($0, over: [6], weight: $1[1], epsilon: 1e-5) },
    .bfloat16("groupNorm", [2, 4, 5], [4], [4]) { groupNorm($0, groups: 2, weight: $1[1], bias: $1[2]) },
    .bfloat16("instanceNorm", [2, 4, 5], [4], [4]) { instanceNorm($0, weight: $1[1], bias: $1[2]) },
    .bfloat16("batchNorm", [6, 4], [4], [4]) { batchNorm($0, weight: $1[1], bias: $1[2]).y },
  ]

  static let promoted: [AutocastCase] = [
    .afterLinear("add") { $0 + $1 },
    .afterLinear("multiply") { $1 * $0 },
    .afterLinear("maximum") { Tensor.maximum($0, $1) },
    .afterLinear("where") { Tensor.where($1 .> 0, $0, $1) },
    .afterLinear("concatenated") { Tensor.concatenated([$0, $1]) },
    .afterLinear("stacked") { Tensor.stacked([$1, $0]) },
    .afterLinear("atan2") { Tensor.atan2(y: $0, x: $1) },
  ]

  static let losses: [AutocastCase] = [
    .afterLinear("crossEntropy") { p, _ in crossEntropy(p, labels) },
    .afterLinear("crossEntropy of probabilities") { crossEntropy($0, probabilities: $1.softmax()) },
    .afterLinear("nllLoss") { p, _ in nllLoss(p, labels) },
    .afterLinear("mseLoss") { mseLoss($0, $1) },
    .afterLinear("l1Loss") { l1Loss($0, $1) },
    .afterLinear("smoothL1Loss") { smoothL1Loss($0, $1) },
    .afterLinear("huberLoss") { huberLoss($0, $1) },
    .afterLinear("klDivergenceLoss") { klDivergenceLoss($0, $1.exp()) },
    .afterLinear("binaryCrossEntropyWithLogits") { binaryCrossEntropyWithLogits($0, $1.sigmoid()) },
    .afterLinear("poissonNLLLoss") { poissonNLLLoss($0, $1) },
    .afterLinear("softMarginLoss") { softMarginLoss($0, sign($1)) },
    .afterLinear("multilabelSoftMarginLoss") { multilabelSoftMarginLoss($0, ($1.detached() .> 0).cast(to: .float32)) },
    .afterLinear("gaussianNLLLoss") { gaussianNLLLoss($0, $1, variance: $1.exp()) },
    .afterLinear("cosineEmbeddingLoss") { cosineEmbeddingLoss($0, $1, signs) },
    .afterLinear("tripletMarginLoss") { tripletMarginLoss($0, $1, -$1) },
    .afterLinear("marginRankingLoss") { marginRankingLoss($0, $1, sign($1)) },
    .afterLinear("hingeEmbeddingLoss") { hingeEmbeddingLoss($0, sign($1)) },
    .afterLinear("multiMarginLoss") { p, _ in multiMarginLoss(p, labels) },
  ]

  static let widened: [AutocastCase] = [
    .bfloat16("product", [3, 4]) { x, _ in x.product() },
    .bfloat16("gridSampled", [1, 2, 4, 4], [1, 3, 3, 2]) { gridSampled($0, at: $1[1] * 0.7) },
    .bfloat16("averagePool3d", [1, 2, 4, 4, 4]) { x, _ in averagePool3d(x, kernel: 2) },
    .bfloat16("maxPool3d", [1, 2, 4, 4, 4]) { x, _ in maxPool3d(x, kernel: 2) },
    .bfloat16("inverse", [3, 3]) { x, _ in (try? regular(x).inverse()) ?? x },
    .bfloat16("solve", [3, 3], [3, 2]) { x, all in (try? solve(regular(x), all[1])) ?? x },
    .bfloat16("singularValues", [3, 3]) { x, _ in (try? regular(x).singularValues()) ?? x },
    .bfloat16("rfft", [3, 8]) { x, _ in x.rfft() },
  ]

  static let all = lowered + unchanged + promoted + losses + widened

  /// sin(0.7·k + 1.3·number) for the k-th element.
  private func wave(_ number: Int, _ shape: Shape) -> Tensor {
    Tensor((0..<shape.elementCount).map { sin(0.7 * Double($0) + 1.3 * Double(number)) }, shape: shape, dtype: .float64)
  }

  /// A rounding to bfloat16 is off by one part in 512 at most, and two computations may round to neighbours: four such steps.
  @Test("an op has PyTorch's dtype, values and gradients, these in float32", arguments: all)
  func matches(_ tested: AutocastCase) throws {
    let goldens = try Goldens("autocast").group(tested.name + "/")
    let inputs = tested.shapes.enumerated().map { number, shape in
      wave(number + 1, shape).cast(to: .float32).requiringGradient()
    }
    let y = withAutocast(to: .bfloat16) { tested.apply(inputs) }
    expectSimilar(y, try #require(goldens["output"]), "output")
    (y.cast(to: .float64) * wave(9, y.shape)).sum().backward()
    for (number, x) in inputs.enumerated() {
      guard let expected = goldens["gradient \(number)"] else { continue }
      expectSimilar(try #require(x.gradient), expected, "gradient \(number)")
    }
    #expect(goldens.count > 1)
  }

  private func expectSimilar(_ found: Tensor, _ expected: Tensor, _ what: String) {
    #expect(found.dtype == expected.dtype && found.shape == expected.shape, "\(what): \(found.dtype) \(found.shape)")
    let (a, b) = (found.detached().cast(to: .float64), expected.cast(to: .float64))
    let error = (a - b).abs().max().item() / Swift.max(b.abs().max().item(), 1e-3)
    #expect(error < 4.0 / 256, "\(what) is off by \(error) of the largest")
  }

  @Test("every golden is compared")
  func complete() throws {
    let names = Set(try Goldens("autocast").tensors.keys.compactMap { $0.split(separator: "/").first.map(String.init) })
    #expect(names.subtracting(["mlp", "lenet"]) == Set(Self.all.map(\.name)))
  }

  @Test("a GRU gives bfloat16 too, and its parameters' gradients are float32")
  func gru() {
    let layer = GRU(5, 3)
    let y = withAutocast(to: .bfloat16) { layer(wave(0, [4, 2, 5]).cast(to: .float32)).outputs }
    #expect(y.dtype == .bfloat16)
    y.cast(to: .float32).sum().backward()
    #expect(layer.parameters.allSatisfy { $0.gradient?.dtype == .float32 })
  }

  @Test("batch normalisation takes bfloat16 and keeps its statistics in float32")
  func batchNormalisation() throws {
    let layer = BatchNorm1d(3)
    let x = wave(0, [8, 3]).cast(to: .bfloat16)
    let training = withAutocast(to: .bfloat16) { layer(x) }
    let mean = try #require(layer.runningMean).value
    #expect(training.dtype == .bfloat16 && mean.dtype == .float32)
    #expect(difference(mean, x.cast(to: .float32).mean(axis: 0) * 0.1) < 1e-6)
    layer.evaluate()
    let evaluated = withAutocast(to: .bfloat16) { layer(x) }
    #expect(evaluated.dtype == .bfloat16)
    #expect(difference(evaluated, layer(x.cast(to: .float32)).cast(to: .bfloat16)) < 0.01)
  }
}
