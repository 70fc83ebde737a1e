import NeuralNetworks
import TensorCore

/// Fills in an item's ratings from those that are known, by an autoencoder (Sedhain, Menon, Sanner & Xie, "AutoRec: autoencoders meet collaborative
/// filtering", 2015, eq. 2, I-AutoRec):
///
/// r̂ᵢ = μ + W·sigmoid(V·(rᵢ − μ) + b) + c
///
/// with rᵢ − μ the item's ratings by all users, less the mean, 0 where there is none. V and W are stored by user: only the known ratings take part in
/// V's product, and only the users asked for in W's.
///
/// In training, the ratings asked for are hidden from the input, so that the model learns to fill in rather than to copy (Wu et al., "Collaborative
/// denoising auto-encoders for top-N recommender systems", 2016).
///
/// ```swift
/// let rated = KnownRatings([[(0, 5.0), (1, 3.0)], [(1, 4.0)], []])
/// let model = AutoRec(rated: rated, users: 2, width: 8, mean: 4)
/// model(Tensor([[0, 2], [1, 1]])).shape  // → [2]
/// ```
public final class AutoRec: Module, RatingModel {
  /// V transposed, [users, width].
  public let encoder: Embedding
  /// b.
  public let encoderBias: Parameter
  /// W, [users, width].
  public let decoder: Embedding
  /// c.
  public let decoderBias: Embedding
  public let dropout: Dropout
  /// μ.
  public let mean: Buffer
  /// The ratings of each item, of those that are learned from.
  public let rated: KnownRatings
  public let range: ClosedRange<Double>?

  /// - Parameters:
  ///   - rated: A list for each item. Stops for a user that is not below `users`.
  ///   - dropout: The probability behind the sigmoid.
  public init(
    rated: KnownRatings, users: Int, width: Int = 500, dropout: Double = 0, mean: Double = 0,
    range: ClosedRange<Double>? = nil, using generator: RandomGenerator = .default
  ) {
    if let problem = rated.problem(limit: users) {
      stop("AutoRec", problem, fix: "pass a list of users in 0..<\(users) for each item")
    }
    // PyTorch's bounds for affine maps, as deviations.
    encoder = normalEmbedding(users, width, deviation: 1 / Double(3 * users).squareRoot(), generator)
    decoder = normalEmbedding(users, width, deviation: 1 / Double(3 * width).squareRoot(), generator)
    encoderBias = Parameter(Tensor.zeros([width]))
    decoderBias = biasTable(users)
    self.dropout = Dropout(dropout, using: generator)
    self.mean = Buffer(Tensor([mean]))
    self.rated = rated
    self.range = range
  }

  public func scores(of pairs: Tensor) -> Tensor {
    let (user, item) = (pairs[.all, 0], pairs[.all, 1])
    let bags = rated.bags(of: item, without: isTraining ? user : nil)
    let hidden = dropout(hidden(bags)).indexSelected(axis: 0, indices: bags.places)
    return (decoder(user) * hidden).sum(axis: 1) + decoderBias(user).squeezed(1) + mean.value
  }

  private func hidden(_ bags: KnownRatings.Bags) -> Tensor {
    let weight = encoder.weight.value
    let known = bags.values.cast(to: weight.dtype) - mean.value
    let sums = embeddingBag(weight, bags.others, offsets: bags.starts, mode: .sum, weights: known)
    return (sums + encoderBias.value).sigmoid()
  }

  /// The code of each item's ratings.
  public var itemVectors: Tensor {
    withoutGradients { hidden(rated.bags(of: Tensor(Array(0..<rated.listCount)))) }
  }

  public var architecture: Architecture? {
    .ratings(
      RatingArchitecture(
        .autorec, users: encoder.symbols, items: rated.listCount, known: rated.count, width: encoder.width,
        dropout: dropout.probability, range: range))
  }

  public override var configuration: String {
    "\(encoder.symbols) users, \(rated.listCount) items, \(encoder.width) wide"
  }
}
