import NeuralNetworks
import TensorCore

/// Second-order interactions of any features (Rendle, "Factorization machines", 2010, eq. 1, of features that are there or not):
///
/// ŷ = w₀ + Σᵢ wᵢ + Σᵢ<ⱼ vᵢ · vⱼ over the features i that are there, the sum of products as ½(‖Σ vᵢ‖² − Σ ‖vᵢ‖²) (lemma 3.1)
///
/// Features [count, fields], whole numbers in 0..<features → [count]. Feature 0 is none: it fills up rows that have fewer.
///
/// ```swift
/// let model = FactorizationMachine(features: 30, width: 4)
/// model(Tensor([[1, 13, 25], [9, 19, 0]])).shape  // → [2]
/// ```
public final class FactorizationMachine: Module, Layer {
  /// w₀, [1].
  public let bias: Parameter
  /// w.
  public let linear: Embedding
  /// v.
  public let factors: Embedding

  /// - Parameters:
  ///   - bias: w₀ at first.
  ///   - deviation: Of the vectors at first, which are normal; the weights w are 0.
  public init(
    features: Int, width: Int = 16, bias: Double = 0, deviation: Double = 0.1,
    using generator: RandomGenerator = .default
  ) {
    self.bias = Parameter(Tensor([bias]))
    linear = biasTable(features, padding: 0)
    factors = normalEmbedding(features, width, deviation: deviation, padding: 0, generator)
  }

  public func callAsFunction(_ features: Tensor) -> Tensor {
    let vectors = factors(features)
    let pairs = (vectors.sum(axis: 1).square() - vectors.square().sum(axis: 1)).sum(axis: 1) * 0.5
    return linear(features).sum(axis: 1).squeezed(1) + pairs + bias.value
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 2 else { throw ShapeError(self, input: input, "expects features as [count, fields]") }
    return [input[0]]
  }

  public override var configuration: String { "\(factors.symbols) features, \(factors.width) wide" }
}
