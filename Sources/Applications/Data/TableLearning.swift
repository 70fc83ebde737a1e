import DataPipelines
import EvaluationMetrics
import Learning
import Models
import NeuralNetworks
import Tables
import TensorCore

extension Recipe {
  /// A learner of a table's target: `TabularNetwork` with the recipe's widths, the cross entropy of classes or the mean squared error of numbers (in
  /// units of their deviation).
  ///
  /// - Parameter seed: Decides all that is random: first weights, the order of the rows, dropout.
  public func learner(for task: TableTask, seed: UInt64) -> Learner {
    let generator = RandomGenerator(seed: seed).derived(1)
    let model = TabularNetwork(
      numbers: task.preparation.numberNames.count, categories: task.preparation.categorySizes, outputs: task.outputs,
      hidden: hidden, dropout: dropout, using: generator)
    let data = DataLoaders(
      training: DataLoader(
        task.trainingData.dataset, batchSize: batchSize, shuffle: true,
        seed: RandomGenerator(seed: seed).derived(2).state.seed),
      validation: DataLoader(task.testData.dataset, batchSize: 1024))
    let smoothing = labelSmoothing
    return task.preparation.classNames.isEmpty
      ? learner(
        model, data, loss: { mseLoss($0, $1) }, metrics: [R2Score()], generators: ["model": generator])
      : learner(
        model, data, loss: { classificationLoss($0, $1, labelSmoothing: smoothing) }, metrics: [Accuracy(), ROCAUC()],
        generators: ["model": generator])
  }
}
