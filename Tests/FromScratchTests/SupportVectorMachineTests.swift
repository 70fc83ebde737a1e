import FromScratch
import TensorCore
import Testing

@Suite("A support vector machine from scratch")
struct SupportVectorMachineTests {
  @Test("has the gradient of the tape, and that of differences")
  func gradient() throws {
    let wine = try Wine()
    var model = SupportVectorMachine(features: 13, classes: 3, c: 0.4)
    model.w = Tensor.normal([14, 3], standardDeviation: 0.3, dtype: .float64, using: RandomGenerator(seed: 2))
    let targets = wine.targets * 2 - 1
    func changed(_ w: Tensor) -> Tensor {
      var model = model
      model.w = w
      return model.loss(wine.x, targets).value
    }
    let gradient = model.loss(wine.x, targets).gradient
    #expect(relativeError(gradient, valueWithGradient(of: changed, at: model.w).gradient) < 1e-12)
    // Where a sample comes to its margin within the step, the second derivative jumps: a short step, and so more rounding.
    #expect(relativeError(differences(of: changed, at: model.w, step: 1e-5), gradient) < 1e-7)
  }

  @Test("comes to scikit-learn's weights, and the value of its objective")
  func scikitLearn() throws {
    let wine = try Wine()
    let fitted = SupportVectorMachine(
      fitting: wine.x, wine.labels, classes: 3, c: 0.05, rate: 0.08, momentum: 0.95, steps: 1500)
    let (value, gradient) = fitted.loss(wine.x, wine.targets * 2 - 1)
    let golden = try wine.golden("machine/objective")
    #expect(abs(value.item() / golden.item() - 1) < 1e-10)
    #expect((fitted.w - (try wine.golden("machine/w"))).abs().max().item() < 1e-6)
    #expect(gradient.abs().max().item() < 1e-7)
    #expect((fitted(wine.x) .== wine.labels).cast(to: .float64).mean().item() > 0.98)
  }
}
