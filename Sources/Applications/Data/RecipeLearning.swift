import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import Optimizers
import TensorCore

extension Recipe {
  /// The optimiser's rule with its numbers.
  public var rule: any UpdateRule {
    switch optimizer {
    case .sgd:
      SGD.Rule(learningRate: learningRate, momentum: momentum, weightDecay: weightDecay, nesterov: nesterov)
    case .adam: Adam.Rule(learningRate: learningRate, weightDecay: weightDecay)
    case .adamw: AdamW.Rule(learningRate: learningRate, weightDecay: weightDecay)
    }
  }

  /// What the recipe asks for beside the steps; the order matters. ``patience`` is not among them: see ``earlyStopping(_:)``.
  public var callbacks: [Callback] {
    var callbacks: [Callback] = []
    if accumulation > 1 { callbacks.append(GradientAccumulation(accumulation)) }
    if let clipping { callbacks.append(GradientClipping(.norm(clipping))) }
    if let averaging { callbacks.append(WeightAveraging(decay: averaging)) }
    if mixedPrecision { callbacks.append(MixedPrecision()) }
    return callbacks
  }

  /// What ends a fit early, where the recipe asks for it. It belongs behind all other callbacks, which are to see the last epoch whole.
  public func earlyStopping(_ monitor: Monitor) -> [Callback] {
    patience.map { [EarlyStopping(monitor, patience: $0)] } ?? []
  }

  /// A learner for any data.
  public func learner(
    _ model: any Layer, _ data: DataLoaders, loss: @escaping (Tensor, Tensor) -> Tensor, metrics: [any Metric<Double>],
    generators: [String: RandomGenerator] = [:]
  ) -> Learner {
    Learner(
      model, data, rule: rule, layerGroups: course == .fineTuning ? nil : [model.parameters], loss: loss,
      metrics: metrics, callbacks: callbacks, generators: generators)
  }

  /// Trains as the recipe says.
  ///
  /// - Throws: See `Learner.fit`.
  public func fit(_ learner: Learner) throws {
    let steps = epochs * learner.data.training.batchCount
    switch course {
    case .oneCycle: try learner.fitOneCycle(epochs: epochs, learningRate: learningRate)
    case .warmUpThenCosine:
      let rise = Int(warmUp * Double(steps))
      try learner.fit(
        epochs: epochs, schedule: .warmUpThenCosine(peak: learningRate, warmUp: rise, steps: steps))
    case .fineTuning:
      try learner.fineTune(epochs: epochs, learningRate: learningRate, frozenEpochs: frozenEpochs)
    }
  }
}
