import DataPipelines
import EvaluationMetrics
import Learning
import Models
import NeuralNetworks
import TensorCore

extension Recipe {
  /// A learner of a task's ratings: ``embedding`` is the width of a user's and an item's vector (of AutoRec, of its code), ``hidden`` those of
  /// the affine maps of neural collaborative filtering; the loss is the mean squared error.
  ///
  /// - Parameter seed: Decides all that is random: first weights, the order of the ratings, dropout.
  public func learner(for task: RatingTask, network: RatingNetwork, seed: UInt64) -> Learner {
    let generator = RandomGenerator(seed: seed).derived(1)
    let training = DataLoader(
      task.training.dataset, batchSize: batchSize, shuffle: true,
      seed: RandomGenerator(seed: seed).derived(2).state.seed)
    let data =
      task.test.map { DataLoaders(training: training, validation: DataLoader($0.dataset, batchSize: 8192)) }
      ?? DataLoaders(training: training)
    let model = model(for: task, network, generator)
    return learner(
      model, data, loss: { mseLoss($0, $1) }, metrics: [RootMeanSquaredError(), MeanAbsoluteError()],
      generators: ["model": generator])
  }

  private func model(for task: RatingTask, _ network: RatingNetwork, _ generator: RandomGenerator) -> any RatingModel {
    let ratings = task.training
    let (users, items, mean, range) = (ratings.users.count, ratings.items.count, ratings.meanRating, task.range)
    switch network {
    case .bias: return RatingBiases(users: users, items: items, mean: mean, range: range)
    case .mf:
      return MatrixFactorization(
        users: users, items: items, width: embedding, mean: mean, range: range, using: generator)
    case .svdpp:
      return SVDPlusPlus(
        rated: KnownRatings(ratings.byUser), items: items, width: embedding, mean: mean, range: range,
        using: generator)
    case .ncf:
      return NeuralCollaborativeFiltering(
        users: users, items: items, width: embedding, hidden: hidden, dropout: dropout, mean: mean, range: range,
        using: generator)
    case .fm: return RatingMachine(task.features, width: embedding, mean: mean, range: range, using: generator)
    case .autorec:
      return AutoRec(
        rated: KnownRatings(ratings.byItem), users: users, width: embedding, dropout: dropout, mean: mean,
        range: range, using: generator)
    }
  }
}

extension RatingTask {
  /// Who a user is and an item, and what else is known of them, numbered.
  public var features: RatingFeatures {
    var numbers: [String: Int] = [:]
    func numbered(_ kind: String, _ names: [String], _ traits: [[String]]) -> [[Int]] {
      zip(names, traits).map { name, traits in
        (["is \(name)"] + traits).map { trait in
          let key = "\(kind) \(trait)"
          let number = numbers[key] ?? numbers.count + 1
          numbers[key] = number
          return number
        }
      }
    }
    let users = numbered("user", training.users, userTraits)
    return RatingFeatures(users: users, items: numbered("item", training.items, itemTraits))
  }
}
