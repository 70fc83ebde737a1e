import NeuralNetworks
import TensorCore

/// A multilayer perceptron: affine maps with a nonlinearity between them (Rumelhart, Hinton & Williams, 1986). It
/// gives logits.
///
/// [batch, ...] is flattened to [batch, sizes[0]] → [batch, sizes.last]. The maps are `layers.0`, `layers.2`, … with
/// weights [out, in].
///
/// ```swift
/// let model = MLP(sizes: [784, 128, 10])
/// model(Tensor.ones([2, 1, 28, 28])).shape  // → [2, 10]
/// model.namedParameters().map(\.name)  // → ["layers.0.weight", "layers.0.bias", "layers.2.weight", "layers.2.bias"]
/// ```
public final class MLP: Module, LayerChain, ParameterGrouping, NamesArchitecture {
  public let flatten = Flatten()
  public let layers: Sequential
  public let architecture: Architecture?

  /// Stops unless there are at least two sizes. One `activation` serves between all layers.
  public init(sizes: [Int], activation: any Layer = ReLU(), using generator: RandomGenerator = .default) {
    guard sizes.count >= 2 else {
      stop("MLP", "sizes \(sizes)", fix: "pass the number of inputs, of each hidden layer's units, and of outputs")
    }
    architecture = activation is ReLU ? .mlp(sizes: sizes) : nil
    layers = Sequential {
      for index in 0..<(sizes.count - 1) {
        if index > 0 { activation }
        Linear(sizes[index], sizes[index + 1], using: generator)
      }
    }
  }

  public var chain: [any Layer] { [flatten, layers] }
  /// Each affine map is one.
  public var parameterGroups: [[Parameter]] { layers.parameterGroups }
}
