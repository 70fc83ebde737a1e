import NeuralNetworks
import TensorCore
import Testing

/// A loss whose values and gradients PyTorch computed too: see scripts/goldens/losses_more.py.
struct LossCase: Sendable, CustomTestStringConvertible {
  /// The inputs, the golden's weight if it has one, and the reduction.
  typealias Loss = @Sendable (_ x: [Tensor], _ weight: Tensor?, _ reduction: LossReduction) -> Tensor
  let name: String
  let loss: Loss

  init(_ name: String, _ loss: @escaping Loss) {
    self.name = name
    self.loss = loss
  }

  var testDescription: String { name }

  static let all = labelled + distributions + embeddings + elementwise + alignments + others

  private static let labelled = [
    LossCase("ce_weight") { crossEntropy($0[0], $0[1], weight: $1, reduction: $2) },
    LossCase("ce_ignored") { crossEntropy($0[0], $0[1], ignoring: 2, reduction: $2) },
    LossCase("ce_ignored_outside") { crossEntropy($0[0], $0[1], ignoring: -100, reduction: $2) },
    LossCase("ce_smooth") { crossEntropy($0[0], $0[1], labelSmoothing: 0.2, reduction: $2) },
    LossCase("ce_everything") {
      crossEntropy($0[0], $0[1], weight: $1, ignoring: 1, labelSmoothing: 0.1, reduction: $2)
    },
    LossCase("ce_probabilities") { crossEntropy($0[0], probabilities: $0[1], reduction: $2) },
    LossCase("ce_probabilities_everything") {
      crossEntropy($0[0], probabilities: $0[1], weight: $1, labelSmoothing: 0.3, reduction: $2)
    },
    LossCase("nll") { nllLoss($0[0], $0[1], reduction: $2) },
    LossCase("nll_everything") { nllLoss($0[0], $0[1], weight: $1, ignoring: 0, reduction: $2) },
    LossCase("multi_margin") { multiMarginLoss($0[0], $0[1], reduction: $2) },
    LossCase("multi_margin_1") { multiMarginLoss($0[0], $0[1], margin: 0.7, weight: $1, reduction: $2) },
    LossCase("multi_margin_2") { multiMarginLoss($0[0], $0[1], p: 2, margin: 0.7, weight: $1, reduction: $2) },
  ]

  private static let distributions = [
    LossCase("kl") { klDivergenceLoss($0[0], $0[1], reduction: $2) },
    LossCase("kl_log") { klDivergenceLoss($0[0], $0[1], logTarget: true, reduction: $2) },
    LossCase("poisson_11") { poissonNLLLoss($0[0], $0[1], full: true, reduction: $2) },
    LossCase("poisson_10") { poissonNLLLoss($0[0], $0[1], reduction: $2) },
    LossCase("poisson_01") { poissonNLLLoss($0[0], $0[1], logPrediction: false, full: true, reduction: $2) },
    LossCase("poisson_00") { poissonNLLLoss($0[0], $0[1], logPrediction: false, reduction: $2) },
    LossCase("gaussian") { gaussianNLLLoss($0[0], $0[1], variance: $0[2], reduction: $2) },
    LossCase("gaussian_full") { gaussianNLLLoss($0[0], $0[1], variance: $0[2], full: true, reduction: $2) },
    LossCase("gaussian_row") { gaussianNLLLoss($0[0], $0[1], variance: $0[2], epsilon: 0.8, reduction: $2) },
  ]

  private static let embeddings = [
    LossCase("cosine_embedding") { cosineEmbeddingLoss($0[0], $0[1], $0[2], margin: -0.5, reduction: $2) },
    LossCase("hinge_embedding") { hingeEmbeddingLoss($0[0], $0[1], margin: 1.3, reduction: $2) },
    LossCase("margin_ranking") { marginRankingLoss($0[0], $0[1], $0[2], margin: 0.4, reduction: $2) },
    LossCase("triplet") { tripletMarginLoss($0[0], $0[1], $0[2], reduction: $2) },
    LossCase("triplet_swap") { tripletMarginLoss($0[0], $0[1], $0[2], margin: 2, p: 3, swap: true, reduction: $2) },
    LossCase("triplet_distance") { x, _, reduction in
      tripletMarginLoss(x[0], x[1], x[2], margin: 0.5, reduction: reduction) { 1 - cosineSimilarity($0, $1) }
    },
    LossCase("contrastive") { contrastiveLoss($0[0], $0[1], $0[2], margin: 3, reduction: $2) },
    LossCase("info_nce") { infoNCELoss($0[0], $0[1], temperature: 0.2, reduction: $2) },
    LossCase("distance_1.0") { x, _, _ in pairwiseDistance(x[0], x[1], p: 1) },
    LossCase("distance_2.0") { x, _, _ in pairwiseDistance(x[0], x[1]) },
    LossCase("distance_3.5") { x, _, _ in pairwiseDistance(x[0], x[1], p: 3.5) },
    LossCase("distance_inf") { x, _, _ in pairwiseDistance(x[0], x[1], p: .infinity) },
    LossCase("cosine") { x, _, _ in cosineSimilarity(x[0], x[1]) },
    LossCase("cosine_axis") { x, _, _ in cosineSimilarity(x[0], x[1], axis: 0) },
  ]

  private static let elementwise = [
    LossCase("soft_margin") { softMarginLoss($0[0], $0[1], reduction: $2) },
    LossCase("multilabel") { multilabelSoftMarginLoss($0[0], $0[1], reduction: $2) },
    LossCase("multilabel_weight") { multilabelSoftMarginLoss($0[0], $0[1], weight: $1, reduction: $2) },
    LossCase("smooth_l1_1.0") { smoothL1Loss($0[0], $0[1], reduction: $2) },
    LossCase("smooth_l1_0.3") { smoothL1Loss($0[0], $0[1], beta: 0.3, reduction: $2) },
    LossCase("smooth_l1_0.0") { smoothL1Loss($0[0], $0[1], beta: 0, reduction: $2) },
    LossCase("focal") { focalLoss($0[0], $0[1], reduction: $2) },
    LossCase("focal_plain") { focalLoss($0[0], $0[1], alpha: nil, gamma: 1.5, reduction: $2) },
    LossCase("focal_soft") { focalLoss($0[0], $0[1], alpha: 0.6, gamma: 0.5, reduction: $2) },
  ]

  private static let others = [
    LossCase("bce_probabilities") { binaryCrossEntropy($0[0], $0[1], reduction: $2) },
    LossCase("bce_probabilities_edge") { binaryCrossEntropy($0[0], $0[1], reduction: $2) },
    LossCase("bce_probabilities_weight") { binaryCrossEntropy($0[0], $0[1], weight: $1, reduction: $2) },
    LossCase("multilabel_margin") { multilabelMarginLoss($0[0], $0[1], reduction: $2) },
    LossCase("pdist_1.0") { x, _, _ in pairwiseDistances(x[0], p: 1) },
    LossCase("pdist_2.0") { x, _, _ in pairwiseDistances(x[0]) },
    LossCase("pdist_3.5") { x, _, _ in pairwiseDistances(x[0], p: 3.5) },
    LossCase("pdist_inf") { x, _, _ in pairwiseDistances(x[0], p: .infinity) },
    LossCase("normalize") { x, _, _ in normalized(x[0]) },
    LossCase("normalize_1") { x, _, _ in normalized(x[0], p: 1, axis: 0, epsilon: 5) },
  ]

  private static let alignments = [
    LossCase("ctc") { x, _, reduction in
      ctcLoss(
        x[0].logSoftmax(axis: 2), x[1], inputLengths: [8, 6, 8, 5, 7], targetLengths: [4, 3, 1, 0, 4],
        reduction: reduction)
    },
    LossCase("ctc_blank") { x, _, reduction in
      ctcLoss(
        x[0].logSoftmax(axis: 2), x[1], inputLengths: [8, 6, 8, 5, 7], targetLengths: [4, 3, 1, 0, 4], blank: 3,
        reduction: reduction)
    },
    LossCase("ctc_impossible") { x, _, reduction in
      ctcLoss(
        x[0].logSoftmax(axis: 2), x[1], inputLengths: [8, 4, 8, 0, 5], targetLengths: [4, 3, 1, 0, 4],
        reduction: reduction, zeroInfinity: true)
    },
  ]
}

@Suite("Of the other losses, each")
struct MoreLossTests {
  static let goldens = Result { try Goldens("losses_more") }

  @Test("equals PyTorch's, with its gradients, under every reduction", arguments: LossCase.all)
  func equalsPyTorch(_ tested: LossCase) throws {
    let golden = try Self.goldens.get().group("\(tested.name).")
    var compared = 0
    for (label, reduction) in LossTests.reductions {
      guard let expected = golden[label] else { continue }
      let inputs = (0..<3).compactMap { golden["\($0)"] }.map { $0.dtype.isFloatingPoint ? $0.requiringGradient() : $0 }
      let value = tested.loss(inputs, golden["weight"], reduction)
      #expect(difference(value, expected) < 1e-12, "\(label)")
      value.backward(from: Tensor.ones(like: value))
      for (index, input) in inputs.enumerated() {
        guard let expected = golden["\(label).gradient.\(index)"] else { continue }
        let gradient = try #require(input.gradient, "\(label), input \(index)")
        #expect(difference(gradient, expected) < 1e-12, "\(label), gradient of input \(index)")
        compared += 1
      }
    }
    #expect(compared > 0)
  }

  /// A central difference would go beyond 0 and 1.
  private static let smooth = LossCase.all.filter { $0.name != "bce_probabilities_edge" }

  @Test("can be differentiated twice: second derivatives by central differences", arguments: smooth)
  func second(_ tested: LossCase) throws {
    let golden = try Self.goldens.get().group("\(tested.name).")
    let inputs = (0..<3).compactMap { golden["\($0)"] }
    let reduction: LossReduction = golden["sum"] == nil ? .none : .sum
    let direction = Tensor.normal(inputs[0].shape, dtype: .float64, using: RandomGenerator(seed: 81))
    func first(_ x: Tensor, differentiable: Bool) -> Tensor {
      let value = tested.loss([x] + inputs[1...], golden["weight"], reduction).sum()
      return gradients(of: value, withRespectTo: [x], differentiable: differentiable)[0]
    }
    let x = inputs[0].requiringGradient()
    let slope = (first(x, differentiable: true) * direction).sum()
    // A gradient that does not depend on x has a second derivative of 0, and is not on the tape.
    let found = slope.requiresGradient ? gradients(of: slope, withRespectTo: [x])[0] : Tensor.zeros(like: x.detached())
    let h = 1e-5
    let after = first((inputs[0] + direction * h).requiringGradient(), differentiable: false)
    let before = first((inputs[0] - direction * h).requiringGradient(), differentiable: false)
    #expect(difference(found, (after - before) / (2 * h)) < 1e-6)
  }

  @Test("that ignores all labels is 0 in sum and not a number in mean")
  func nothingCounts() {
    let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
    let labels = Tensor([-1, -1])
    #expect(crossEntropy(x, labels, ignoring: -1, reduction: .sum).item() == 0)
    #expect(crossEntropy(x, labels, ignoring: -1).item().isNaN)
    #expect(nllLoss(x, labels, ignoring: -1, reduction: .none).scalars(as: Double.self) == [0, 0])
  }

  @Test("of ignored labels takes no part in the gradient, even where it is infinite")
  func infiniteAndIgnored() {
    let x = Tensor([[0.0, -.infinity], [1.0, 1.0]]).requiringGradient()
    crossEntropy(x, Tensor([1, 0]), ignoring: 1, reduction: .sum).backward()
    #expect(x.gradient?.scalars(as: Double.self) == [0, 0, -0.5, 0.5])
  }

  @Test("of a distribution from itself is 0, also where a probability is 0")
  func zeroProbabilities() {
    let p = Tensor([0.0, 0.25, 0.75])
    let logarithms = Tensor([1e-30, 0.25, 0.75]).log()
    let loss = klDivergenceLoss(logarithms, p, reduction: .none)
    #expect(loss.scalars(as: Double.self).allSatisfy { abs($0) < 1e-7 })
  }

  @Test("stops at impossible arguments")
  func arguments() async {
    let label = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = crossEntropy(Tensor.zeros([2, 3]), Tensor([0, 3]), labelSmoothing: 0.1)
    }
    expectMessage(label, "crossEntropy", "label 3", "0..<3")
    let weight = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = nllLoss(Tensor.zeros([2, 3]), Tensor([0, 1]), weight: Tensor.ones([2]))
    }
    expectMessage(weight, "nllLoss", "[2]", "3 classes")
    let sign = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = hingeEmbeddingLoss(Tensor.zeros([2]), Tensor([1, 0]))
    }
    expectMessage(sign, "hingeEmbeddingLoss", "neither 1 nor −1")
    let variance = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = gaussianNLLLoss(Tensor.zeros([2, 3]), Tensor.zeros([2, 3]), variance: Tensor.ones([3]))
    }
    expectMessage(variance, "gaussianNLLLoss", "[3]", "[2, 3]")
    let triplet = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = tripletMarginLoss(Tensor.zeros([2, 3]), Tensor.zeros([2, 3]), Tensor.zeros([3]))
    }
    expectMessage(triplet, "tripletMarginLoss", "[2, 3]", "[3]")
  }
}
