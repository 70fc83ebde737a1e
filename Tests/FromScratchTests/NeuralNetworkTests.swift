import FromScratch
import TensorCore
import Testing

@Suite("A neural network from scratch")
struct NeuralNetworkTests {
  /// The same network of the library's ops, on the tape.
  private func library(_ weights: [Tensor], _ wine: Wine) -> Tensor {
    let hidden = (matmul(wine.x, weights[0]) + weights[1]).tanh()
    return crossEntropy(matmul(hidden, weights[2]) + weights[3], wine.labels)
  }

  private func weights(_ network: NeuralNetwork) -> [Tensor] { [network.w1, network.b1, network.w2, network.b2] }

  @Test("propagates back what the tape does, and what differences say")
  func gradients() throws {
    let wine = try Wine()
    var network = NeuralNetwork(inputs: 13, hidden: 7, classes: 3, seed: 3)
    network.b1 = Tensor.normal([7], dtype: .float64, using: RandomGenerator(seed: 4))
    let (value, gradients) = network.loss(wine.x, wine.targets)
    let byHand = [gradients.w1, gradients.b1, gradients.w2, gradients.b2]
    let taped = valueWithGradients(of: { library($0, wine) }, at: weights(network))
    #expect(abs(value.item() - taped.value.item()) < 1e-13)
    let paths = [\NeuralNetwork.w1, \.b1, \.w2, \.b2]
    for (i, path) in paths.enumerated() {
      #expect(relativeError(byHand[i], taped.gradients[i]) < 1e-12)
      let numeric = differences(
        of: { x in
          var changed = network
          changed[keyPath: path] = x
          return changed.loss(wine.x, wine.targets).value
        }, at: network[keyPath: path])
      #expect(relativeError(numeric, byHand[i]) < 1e-9)
    }
  }

  @Test("learns as the library's does, loss for loss, and tells the wines apart")
  func training() throws {
    let wine = try Wine()
    var network = NeuralNetwork(inputs: 13, hidden: 16, classes: 3, seed: 5)
    var twin = weights(network)
    let losses = network.fit(wine.x, wine.labels, rate: 0.5, steps: 60)
    for loss in losses {
      let (value, gradients) = valueWithGradients(of: { library($0, wine) }, at: twin)
      #expect(abs(loss - value.item()) < 1e-11)
      twin = zip(twin, gradients).map { $0 - $1 * 0.5 }
    }
    for (own, other) in zip(weights(network), twin) { #expect((own - other).abs().max().item() < 1e-11) }
    #expect(losses.count == 60 && losses[59] < 0.1 * losses[0])
    #expect((network(wine.x) .== wine.labels).cast(to: .float64).mean().item() > 0.98)
  }
}
