import NeuralNetworks
import TensorCore
import Testing

@Suite("A new layer's parameters")
struct DefaultValuesTests {
  /// Uniform in ±bound: within it, close to it, with variance bound²/3.
  private func expectUniform(
    _ parameter: Parameter?, within bound: Double, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let value = try #require(parameter).value.detached().cast(to: .float64)
    let largest = value.abs().max().item()
    #expect(largest <= bound && largest > bound * 0.9, sourceLocation: sourceLocation)
    // The fourth moment of a uniform variable gives the variance of its square: 4/45·bound⁴.
    let tolerance = 5 * (4.0 / 45 / Double(value.count)).squareRoot() * bound * bound
    #expect(abs(value.square().mean().item() - bound * bound / 3) < tolerance, sourceLocation: sourceLocation)
  }

  @Test("are uniform in ±1/√(fan in), as PyTorch's")
  func uniform() throws {
    let linear = Linear(100, 200, using: RandomGenerator(seed: 1))
    try expectUniform(linear.weight, within: 0.1)
    try expectUniform(linear.bias, within: 0.1)
    let convolution = Conv2d(8, 64, kernel: [5, 10], groups: 2, using: RandomGenerator(seed: 1))
    try expectUniform(convolution.weight, within: 1 / 200.0.squareRoot())
    try expectUniform(convolution.bias, within: 1 / 200.0.squareRoot())
  }

  @Test("depend on the generator alone")
  func seeded() {
    let (a, b) = (Linear(7, 5, using: RandomGenerator(seed: 3)), Linear(7, 5, using: RandomGenerator(seed: 3)))
    let c = Linear(7, 5, using: RandomGenerator(seed: 4))
    #expect(difference(a.weight.value, b.weight.value) == 0)
    #expect(difference(a.weight.value, c.weight.value) > 0)
  }

  @Test("are ones and zeros in batch normalisation")
  func batchNorm() {
    let layer = BatchNorm2d(3)
    let expected: [(String, [Double])] = [
      ("weight", [1, 1, 1]), ("bias", [0, 0, 0]), ("running_mean", [0, 0, 0]), ("running_var", [1, 1, 1]),
      ("num_batches_tracked", [0]),
    ]
    for (entry, (name, values)) in zip(layer.stateDictionary(), expected) {
      #expect(entry.name == name)
      #expect(entry.tensor.scalars(as: Double.self) == values)
    }
  }
}
