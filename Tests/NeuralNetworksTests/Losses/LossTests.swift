import NeuralNetworks
import TensorCore
import Testing

@Suite("A loss")
struct LossTests {
  typealias Loss =
    @Sendable (_ prediction: Tensor, _ target: Tensor, _ weight: Tensor?, _ reduction: LossReduction) -> Tensor

  static let losses: [String: Loss] = [
    "mse": { p, t, _, reduction in mseLoss(p, t, reduction: reduction) },
    "l1": { p, t, _, reduction in l1Loss(p, t, reduction: reduction) },
    "huber": { p, t, _, reduction in huberLoss(p, t, reduction: reduction) },
    "huber_narrow": { p, t, _, reduction in huberLoss(p, t, delta: 0.25, reduction: reduction) },
    "bce": { p, t, _, reduction in binaryCrossEntropyWithLogits(p, t, reduction: reduction) },
    "bce_hard": { p, t, _, reduction in binaryCrossEntropyWithLogits(p, t, reduction: reduction) },
    "bce_weighted": { p, t, weight, reduction in
      binaryCrossEntropyWithLogits(p, t, positiveWeight: weight, reduction: reduction)
    },
  ]

  static let reductions: [(String, LossReduction)] = [("mean", .mean), ("sum", .sum), ("none", .none)]

  @Test("equals PyTorch's, with its gradients, under every reduction", arguments: losses.keys.sorted())
  func equalsPyTorch(_ name: String) throws {
    let golden = try Goldens("losses").group("\(name).")
    let loss = try #require(LossTests.losses[name])
    for (label, reduction) in LossTests.reductions {
      let prediction = try #require(golden["prediction"]).requiringGradient()
      let target = try #require(golden["target"]).requiringGradient()
      let value = loss(prediction, target, golden["weight"], reduction)
      #expect(difference(value, try #require(golden[label])) < 1e-13, "\(label)")
      value.backward(from: Tensor.ones(like: value))
      let (dp, dt) = (try #require(prediction.gradient), try #require(target.gradient))
      #expect(difference(dp, try #require(golden["\(label).prediction_gradient"])) < 1e-13, "\(label), prediction")
      #expect(difference(dt, try #require(golden["\(label).target_gradient"])) < 1e-13, "\(label), target")
    }
  }

  @Test(
    "has the derivatives of its formula: first and second ones by central differences", arguments: losses.keys.sorted())
  func derivatives(_ name: String) throws {
    let loss = try #require(LossTests.losses[name])
    let weight = Tensor([1.0, 2.0, 0.5, 3.0], dtype: .float64)
    let target = Tensor([0.1, 0.9, 0.4, 0.7], dtype: .float64)
    let at = Tensor([-1.3, 0.85, 0.52, 2.4], dtype: .float64)
    func first(_ x: Tensor) -> Tensor {
      let x = x.requiringGradient()
      return gradients(of: loss(x, target, weight, .sum), withRespectTo: [x])[0]
    }
    let x = at.requiringGradient()
    let g = gradients(of: loss(x, target, weight, .sum), withRespectTo: [x], differentiable: true)[0]
    let h = 1e-5
    let numeric = (loss(at + h, target, weight, .none) - loss(at - h, target, weight, .none)) / (2 * h)
    #expect(difference(g, numeric) < 1e-8)
    // |d| has no second derivative to take: its first is made of constants.
    if name == "l1" { return }
    let second = gradients(of: g.sum(), withRespectTo: [x])[0]
    #expect(difference(second, (first(at + h) - first(at - h)) / (2 * h)) < 1e-8)
  }

  @Test("of logits neither overflows nor loses small losses, in float32")
  func stable() {
    let logits = Tensor([1000.0, -1000.0, 30.0, -30.0])
    let right = binaryCrossEntropyWithLogits(logits, Tensor([1.0, 0.0, 1.0, 0.0]), reduction: .none)
    // ln(1 + e^−30) = 9.3576229688e−14
    #expect(right.scalars(as: Float.self) == [0, 0, 9.357623e-14, 9.357623e-14])
    let wrong = binaryCrossEntropyWithLogits(logits, Tensor([0.0, 1.0, 0.0, 1.0]), reduction: .none)
    #expect(wrong.scalars(as: Float.self) == [1000, 1000, 30, 30])
  }

  @Test("of logits has the slope σ(0) − t at 0")
  func slopeAtZero() {
    let x = Tensor([0.0, 0.0]).requiringGradient()
    binaryCrossEntropyWithLogits(x, Tensor([1.0, 0.0]), reduction: .sum).backward()
    #expect(x.gradient?.scalars(as: Double.self) == [-0.5, 0.5])
  }

  @Test("is 0 for nothing, summed up")
  func empty() {
    #expect(mseLoss(Tensor.zeros([0, 3]), Tensor.zeros([0, 3]), reduction: .sum).item() == 0)
    #expect(binaryCrossEntropyWithLogits(Tensor.zeros([0]), Tensor.zeros([0]), reduction: .sum).item() == 0)
  }

  @Test("does not broadcast [n] against [n, 1]")
  func broadcasting() async {
    let mse = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = mseLoss(Tensor.zeros([4]), Tensor.zeros([4, 1]))
    }
    expectMessage(mse, "mseLoss", "float32 [4]", "float32 [4, 1]", "does not broadcast", "reshape")
    let l1 = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = l1Loss(Tensor.zeros([4, 1]), Tensor.zeros([4]))
    }
    expectMessage(l1, "l1Loss", "[4, 1]")
    let huber = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = huberLoss(Tensor.zeros([4]), Tensor.zeros([]))
    }
    expectMessage(huber, "huberLoss", "[4]", "[]")
    let bce = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropyWithLogits(Tensor.zeros([4]), Tensor([0, 1, 0, 1]))
    }
    expectMessage(bce, "binaryCrossEntropyWithLogits", "int64 [4]")
  }

  @Test("stops at impossible arguments")
  func arguments() async {
    let delta = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = huberLoss(Tensor.zeros([4]), Tensor.zeros([4]), delta: 0)
    }
    expectMessage(delta, "huberLoss", "a delta of 0.0")
    let weight = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = binaryCrossEntropyWithLogits(Tensor.zeros([4, 3]), Tensor.zeros([4, 3]), positiveWeight: Tensor.ones([4]))
    }
    expectMessage(weight, "positive weight", "[4, 3]", "[4]", "last axis")
  }
}
