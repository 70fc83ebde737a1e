import NeuralNetworks
import TensorCore
import Testing

@Suite("Dropout")
struct DropoutTests {
  @Test("drops the given share and scales the rest in training, and nothing in evaluation mode")
  func share() {
    let layer = Dropout(0.25, using: RandomGenerator(seed: 5))
    let x = Tensor.ones([100_000])
    let y = layer(x)
    let dropped = (y .== 0).cast(to: .float64).mean().item()
    // The standard deviation of the share is √(p(1 − p)/n) = 0.0014.
    #expect(abs(dropped - 0.25) < 0.006)
    #expect(y.max().item(Float.self) == Float(1 / 0.75))
    layer.evaluate()
    #expect((layer(x) .== x).all().item(Bool.self))
  }

  @Test("lets gradients through where it lets values through")
  func gradient() {
    let layer = Dropout(0.5, using: RandomGenerator(seed: 5))
    let x = Tensor.ones([1000]).requiringGradient()
    let y = layer(x)
    y.sum().backward()
    #expect(difference(x.gradient ?? Tensor(0.0), y) == 0)
  }

  @Test("drops the same for the same generator")
  func seeded() {
    let x = Tensor.ones([100])
    let (a, b) = (Dropout(0.5, using: RandomGenerator(seed: 5)), Dropout(0.5, using: RandomGenerator(seed: 5)))
    #expect(difference(a(x), b(x)) == 0)
    #expect(difference(a(x), b(x)) == 0)
  }

  @Test("stops at an impossible probability")
  func probability() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Dropout(1) }
    expectMessage(result, "Dropout", "a probability of 1.0", "0..<1")
  }
}

@Suite("Dropout of channels and for SELUs")
struct DropoutFamilyTests {
  @Test("drops whole channels, the given share of them, and scales the rest")
  func channels() {
    let layers: [(any Layer, Shape)] = [
      (Dropout1d(0.25, using: RandomGenerator(seed: 5)), [100, 200, 3]),
      (Dropout2d(0.25, using: RandomGenerator(seed: 5)), [100, 200, 2, 2]),
      (Dropout3d(0.25, using: RandomGenerator(seed: 5)), [100, 200, 1, 2, 2]),
    ]
    for (layer, shape) in layers {
      let y = layer(Tensor.ones(shape))
      let (low, high) = (y.flattened(from: 2).min(axis: 2), y.flattened(from: 2).max(axis: 2))
      #expect(difference(low, high) == 0)
      #expect(high.max().item(Float.self) == Float(1 / 0.75))
      // The standard deviation of the share is √(p(1 − p)/n) = 0.0031.
      #expect(abs((low .== 0).cast(to: .float64).mean().item() - 0.25) < 0.0125)
      layer.evaluate()
      #expect(difference(layer(Tensor.ones(shape)), Tensor.ones(shape)) == 0)
    }
  }

  @Test("keeps mean 0 and variance 1, by values of Klambauer et al.'s formula")
  func alpha() {
    let x = Tensor.normal([400, 500], dtype: .float64, using: RandomGenerator(seed: 1))
    let y = AlphaDropout(0.2, using: RandomGenerator(seed: 2))(x)
    #expect(abs(y.mean().item()) < 0.012)
    #expect(abs(y.variance().item() - 1) < 0.02)
    // What is dropped becomes a·α' + b, which stands for SELU's lower bound.
    let (lowest, p) = (-1.0507009873554805 * 1.6732632423543772, 0.2)
    let a = 1 / ((1 - p) * (1 + p * lowest * lowest)).squareRoot()
    let dropped = ((y - (a * lowest - a * p * lowest)).abs() .< 1e-12).cast(to: .float64).mean().item()
    #expect(abs(dropped - 0.2) < 0.005)
    let channels = FeatureAlphaDropout(0.5, using: RandomGenerator(seed: 3))(Tensor.ones([10, 20, 4]))
    #expect(difference(channels.min(axis: 2), channels.max(axis: 2)) == 0)
    #expect(channels.min().item() < channels.max().item())
  }
}

@Suite("Random activations")
struct RandomActivationTests {
  @Test("RReLU draws slopes from its range in training, and gradients follow them")
  func rrelu() throws {
    let x = Tensor.full([1000], -1, dtype: .float64).requiringGradient()
    let y = RReLU(0.2...0.4, using: RandomGenerator(seed: 4))(x)
    #expect(y.min().item() >= -0.4 && y.max().item() <= -0.2)
    #expect(abs(y.mean().item() + 0.3) < 0.01)
    y.sum().backward()
    #expect(difference(try #require(x.gradient), -y) < 1e-15)
  }

  @Test("Gumbel-softmax draws each class as often as its probability says")
  func gumbel() {
    let logits = Tensor([0.1, 0.2, 0.7], dtype: .float64).log().expanded(to: [20_000, 3])
    let drawn = gumbelSoftmax(logits, temperature: 0.5, hard: true, using: RandomGenerator(seed: 6))
    #expect(difference(drawn.sum(axis: 1), Tensor.ones([20_000], dtype: .float64)) < 1e-12)
    // The standard deviations are at most √(0.25/n) = 0.0035.
    #expect(difference(drawn.mean(axis: 0), Tensor([0.1, 0.2, 0.7], dtype: .float64)) < 0.015)
    let soft = gumbelSoftmax(logits, temperature: 0.5, using: RandomGenerator(seed: 6))
    #expect(difference(drawn, (soft .== soft.max(axis: 1, keepingDimensions: true)).cast(to: .float64)) < 1e-12)
  }
}

@Suite("Batch normalisation")
struct BatchNormTests {
  @Test("gives each channel mean 0 and variance 1 in training")
  func normalises() {
    let x = Tensor.normal(
      [64, 3, 5, 5], mean: 4, standardDeviation: 3, dtype: .float64, using: RandomGenerator(seed: 2))
    let layer = BatchNorm2d(3, epsilon: 0)
    layer.cast(to: .float64)
    let y = layer(x).detached()
    #expect(difference(y.mean(axes: [0, 2, 3]), Tensor.zeros([3], dtype: .float64)) < 1e-12)
    #expect(difference(y.variance(axes: [0, 2, 3], correction: 0), Tensor.ones([3], dtype: .float64)) < 1e-12)
  }

  @Test("with the momentum of 1 keeps the last batch's mean and unbiased variance")
  func statistics() {
    let layer = BatchNorm1d(1, momentum: 1)
    _ = layer(Tensor([[1.0], [2.0], [6.0]]))
    #expect(layer.runningMean?.value.item() == 3)
    #expect(layer.runningVariance?.value.item() == 7)
    #expect(layer.numBatchesTracked?.value.item(Int.self) == 1)
  }

  @Test("uses the running statistics in evaluation mode, and leaves them")
  func evaluation() {
    let layer = BatchNorm1d(1, epsilon: 0)
    layer.runningMean?.value = Tensor([10.0])
    layer.runningVariance?.value = Tensor([4.0])
    layer.evaluate()
    #expect(layer(Tensor([[14.0]])).item() == 2)
    #expect(layer.runningMean?.value.item() == 10)
    #expect(layer.numBatchesTracked?.value.item() == 0)
    layer.train()
    #expect(layer.isTraining)
  }

  @Test("gives the same in evaluation mode whether gradients are recorded or not")
  func recordedAndNot() {
    let layer = BatchNorm1d(3)
    layer.evaluate()
    let x = Tensor.uniform([4, 3], using: RandomGenerator(seed: 2))
    #expect(difference(layer(x), withoutGradients { layer(x) }) < 1e-6)
  }

  @Test("without statistics uses the batch's in both modes")
  func untracked() {
    let layer = BatchNorm2d(1, epsilon: 0, affine: false, trackingStatistics: false)
    let x = Tensor([[[[1.0, 3.0]]]])
    #expect(layer(x).scalars(as: Double.self) == [-1, 1])
    layer.evaluate()
    #expect(layer(x).scalars(as: Double.self) == [-1, 1])
    #expect(layer.stateDictionary().names.isEmpty)
  }

  @Test("keeps nothing of the tape in its statistics")
  func offTape() {
    let layer = BatchNorm1d(2)
    _ = layer(Tensor.uniform([4, 2], using: RandomGenerator(seed: 2)).requiringGradient())
    #expect(layer.runningMean?.value.requiresGradient == false)
    #expect(layer.runningVariance?.value.requiresGradient == false)
  }

  @Test("stops in training when a channel has a single value")
  func singleValue() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm1d(3)(Tensor.ones([1, 3]))
    }
    expectMessage(result, "batchNorm", "[1, 3]", "evaluation mode")
  }
}
