import Learning
import NeuralNetworks
import TensorCore
import Testing

@Suite("A visualised feature")
struct FeatureVisualizationTests {
  private let model: Sequential = {
    let generator = RandomGenerator(seed: 4)
    return Sequential([
      Conv2d(3, 8, kernel: 5, padding: 2, using: generator), BatchNorm2d(8), ReLU(), MaxPool2d(kernel: 2),
      Conv2d(8, 6, kernel: 3, using: generator), ReLU(), Flatten(), Dropout(0.5),
      Linear(6 * 6 * 6, 4, using: generator),
    ])
  }()

  /// The mean activation of a channel, in evaluation mode.
  private func activation(_ x: Tensor, _ layers: Int, _ channel: Int) -> Double {
    model.evaluate()
    defer { model.train() }
    return withoutGradients { model.chain[..<layers].reduce(x) { $1($0) }[.all, channel].mean().item() }
  }

  // The gradient of w·x − decay·‖x‖²/2 is 0 at x = w/decay.
  @Test("of an affine map is the weight's direction")
  func linear() throws {
    let map = Linear(12, 5, using: RandomGenerator(seed: 1))
    map.cast(to: .float64)
    let found = visualizeFeature(
      of: Sequential([map, ReLU()]), at: map, channel: 3, shape: [12], steps: 1000, decay: 2)
    let expected = map.weight.value.detached()[3] / 2
    #expect(found.shape == [12] && found.dtype == .float64)
    #expect((found - expected).abs().max().item() < 1e-6)
  }

  // With the weights 1, 2, … of one pixel each, and the variation's weight above all differences that they lead to, the best picture is flat:
  // its level l gives Σw·l − decay·n·l²/2, whose greatest value is at the mean of w/decay.
  @Test("is flat where variation costs more than it gains")
  func variation() throws {
    let map = Linear(16, 1, bias: false)
    map.cast(to: .float64)
    map.weight.value = Tensor.range(1, 17, dtype: .float64).reshaped([1, 16]) / 8
    let model = Sequential([Flatten(), map])
    func found(_ variation: Double) -> Tensor {
      visualizeFeature(
        of: model, channel: 0, shape: [1, 4, 4], steps: 6000, learningRate: 0.005, decay: 1, variation: variation)
    }
    #expect((found(0).flattened() - map.weight.value.detached()[0]).abs().max().item() < 1e-3)
    // The kinks keep Adam on its feet, by some steps.
    #expect((found(2) - 17.0 / 16).abs().max().item() < 0.1)
  }

  @Test(
    "answers far more than noise of its size, in pixels and in waves, for a map of any layer and for a logit",
    arguments: [PictureParametrization.pixels, .waves], [5, 6, 9])
  func rises(_ parametrization: PictureParametrization, _ layers: Int) throws {
    let before = model.stateDictionary()
    // Where a rectifier leaves nothing of grey and of all around it, there is no slope to climb.
    let grey = Tensor.full([1, 3, 16, 16], 0.5)
    let channel = (0..<4).max { activation(grey, layers, $0) < activation(grey, layers, $1) } ?? 0
    let found = visualizeFeature(
      of: model, at: layers == 9 ? nil : model[layers - 1], channel: channel, shape: [3, 16, 16],
      parametrization: parametrization, steps: 60, jitter: 1, range: 0...1, seed: 7)
    #expect(found.shape == [3, 16, 16] && found.min().item() >= 0 && found.max().item() <= 1)
    let reached = activation(found.unsqueezed(0), layers, channel)
    let noise = Tensor.uniform([200, 3, 16, 16], using: RandomGenerator(seed: 2))
    let single = (0..<200).map { activation(noise[$0..<($0 + 1)], layers, channel) }
    let mean = single.reduce(0, +) / 200
    let deviation = (single.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 200).squareRoot()
    #expect(reached > mean + 10 * deviation, "\(reached), noise \(mean) ± \(deviation)")
    #expect(model.isTraining && model.parameters.allSatisfy { $0.gradient == nil })
    for (old, new) in zip(before, model.stateDictionary()) {
      #expect((old.tensor .== new.tensor).all().item(Bool.self), "\(old.name)")
    }
  }

  @Test("is the same with the same seed, and in waves smoother")
  func seeds() throws {
    func found(_ seed: UInt64, _ parametrization: PictureParametrization = .pixels) -> Tensor {
      visualizeFeature(
        of: model, at: model[4], channel: 0, shape: [3, 16, 15], parametrization: parametrization, steps: 8, jitter: 2,
        seed: seed)
    }
    #expect((found(1) .== found(1)).all().item(Bool.self))
    #expect((found(1) .!= found(2)).any().item(Bool.self))
    func roughness(_ x: Tensor) -> Double {
      ((x[.all, 1..<16] - x[.all, 0..<15]).square().mean() / (x - x.mean()).square().mean()).item()
    }
    #expect(found(1, .waves).shape == [3, 16, 15])
    #expect(roughness(found(1, .waves)) < 0.5 * roughness(found(1)))
  }

  @Test("stops for a channel that is none, and for waves of a vector")
  func strange() async {
    var result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = visualizeFeature(of: Sequential([Linear(2, 3)]), channel: 3, shape: [2])
    }
    var message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("visualizeFeature: channel 3 of [1, 3]"), "\(message)")
    result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = visualizeFeature(of: Sequential([Linear(2, 3)]), channel: 0, shape: [2], parametrization: .waves)
    }
    message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    #expect(message.contains("visualizeFeature: [2] is no picture"), "\(message)")
  }
}
