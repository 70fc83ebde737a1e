import DataPipelines
import EvaluationMetrics
import Learning
import Models
import NeuralNetworks
import TensorCore

extension Recipe {
  /// A learner of texts' classes, with a network that is fresh.
  ///
  /// - Parameter seed: Decides all that is random: first weights, the order of the texts, dropout.
  public func learner(for task: TextTask, seed: UInt64) -> Learner {
    let generator = RandomGenerator(seed: seed).derived(1)
    let preparation = task.preparation
    let architecture = task.network.architecture(
      vocabulary: preparation.vocabularySize, classes: task.classNames.count, padding: preparation.padding, recipe: self
    )
    let model = architecture.makeModel(using: generator)
    if let bag = model as? NgramClassifier {
      // A fiftieth of naive Bayes' weights, which are far too sure: 1 gives 88.2 % on IMDB, this 91.9.
      bag.start(
        from: task.trainingSet.lengths.indices.lazy.map { task.trainingSet.sequence(at: $0) },
        classes: task.training.classes, strength: 0.02)
    }
    let data = DataLoaders(
      training: DataLoader(
        task.trainingSet, batchSize: batchSize, shuffle: true, seed: RandomGenerator(seed: seed).derived(2).state.seed,
        lengths: task.trainingSet.lengths),
      validation: DataLoader(task.testSet, batchSize: 250))
    let smoothing = labelSmoothing
    return learner(
      model, data, loss: { classificationLoss($0, $1, labelSmoothing: smoothing) }, metrics: [Accuracy()],
      generators: ["model": generator])
  }
}

extension TextNetwork {
  /// The network's name and sizes.
  public func architecture(vocabulary: Int, classes: Int, padding: Int, recipe: Recipe) -> Architecture {
    switch self {
    case .ngrams: .ngrams(vocabulary: vocabulary, classes: classes, padding: padding)
    case .cnn:
      .textCNN(
        vocabulary: vocabulary, classes: classes, width: recipe.embedding, padding: padding, dropout: recipe.dropout)
    case .lstm:
      .lstmClassifier(
        vocabulary: vocabulary, classes: classes, width: recipe.embedding, hidden: recipe.embedding, padding: padding,
        dropout: recipe.dropout)
    }
  }
}
