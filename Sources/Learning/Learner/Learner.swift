import DataPipelines
import EvaluationMetrics
import NeuralNetworks
import Optimizers
import TensorCore

/// A model, data, a loss and an optimiser, and the loop that brings them together.
///
/// ``fit(epochs:learningRate:)``, ``fitOneCycle(epochs:learningRate:rise:divisor:momentum:rateFactors:)`` and
/// ``fineTune(epochs:learningRate:frozenEpochs:ratio:)`` train,
/// ``validate()`` measures, ``predictions(on:)`` predicts, ``findLearningRate(from:to:steps:)`` looks for a rate. ``Callback``s do all else. What a batch goes
/// through, ``predict(_:)``, ``loss(of:_:)``, ``backward()`` and ``step()``, can be overridden in a subclass: for several networks, or several losses.
///
/// ```swift
/// let digits = try UCIDigits.load()
/// let model = MLP(sizes: [64, 32, 10], using: RandomGenerator(seed: 1))
/// let data = DataLoaders(digits.train, validation: digits.test, batchSize: 64, seed: 1)
/// let learner = Learner(model, data, metrics: [Accuracy()])
/// func learn() throws {
///   try learner.fitOneCycle(epochs: 8, learningRate: 0.01)
///   print(try learner.validate())
/// }
/// ```
open class Learner {
  public let model: any Layer
  public var data: DataLoaders
  public let optimizer: any Optimizer
  /// The mean loss of a batch's outputs and targets.
  public var lossFunction: (_ outputs: Tensor, _ targets: Tensor) -> Tensor
  /// What is measured on the validation's data, empty of samples.
  public var metrics: [any Metric<Double>]
  /// Called in this order. The first is a ``DivergenceStop`` unless you remove it.
  public var callbacks: [Callback]
  /// The layers' parameters, from the input's to the output's: what freezing and discriminative rates go by, one group of the optimiser each.
  public let layerGroups: [[Parameter]]
  /// The generators that the model draws from while it is trained, as dropout does, by names of your choice: their states belong to a checkpoint.
  public let generators: [String: RandomGenerator]

  /// Where the training stands.
  public internal(set) var position = TrainingPosition()
  /// What the fit at work was asked for; nil outside of one.
  public internal(set) var plan: FitPlan?
  /// The batch at work, its outputs and its loss; the loss is what ``backward()`` starts from.
  public var batch: Batch?
  public var outputs = Tensor(0.0)
  public var loss = Tensor(0.0)
  /// The loss of the batch at work as a number, before any callback has changed ``loss``.
  public internal(set) var lossValue = 0.0
  /// What the last validation has shown, by name: `loss` and the metrics.
  public internal(set) var validationValues: [String: Double] = [:]

  /// How many fits have been begun or passed over, in this process.
  var fits = 0
  /// Whether the next fit goes on in the middle.
  var isRestored = false

  /// With an optimiser of your own. Each of its groups is a layer group.
  ///
  /// - Parameter layerGroups: The parameters by layers, in the order of the optimiser's groups; all in one if nil.
  public init(
    _ model: any Layer, _ data: DataLoaders, optimizer: any Optimizer, layerGroups: [[Parameter]]? = nil,
    loss: @escaping (Tensor, Tensor) -> Tensor = { classificationLoss($0, $1) }, metrics: [any Metric<Double>] = [],
    callbacks: [Callback] = [], generators: [String: RandomGenerator] = [:]
  ) {
    let groups = layerGroups ?? [optimizer.parameters]
    if optimizer.groupCount != 1, optimizer.groupCount != groups.count {
      stop(
        "Learner", "the optimiser has \(optimizer.groupCount) groups, and there are \(groups.count) groups of layers",
        fix: "give both in the same number and order")
    }
    self.model = model
    self.data = data
    self.optimizer = optimizer
    self.layerGroups = groups
    lossFunction = loss
    self.metrics = metrics
    self.callbacks = [DivergenceStop()] + callbacks
    self.generators = generators
  }

  /// With an optimiser made by a rule, one group for each of the layer groups.
  ///
  /// - Parameters:
  ///   - rule: The optimiser's rule and hyperparameters; each fit sets the learning rate.
  ///   - layerGroups: The parameters by layers, from the input's to the output's; if nil, those of a model that is ``ParameterGrouping``, or all in one.
  public convenience init(
    _ model: any Layer, _ data: DataLoaders, rule: any UpdateRule = AdamW.Rule(learningRate: 0.001),
    layerGroups: [[Parameter]]? = nil, loss: @escaping (Tensor, Tensor) -> Tensor = { classificationLoss($0, $1) },
    metrics: [any Metric<Double>] = [], callbacks: [Callback] = [], generators: [String: RandomGenerator] = [:]
  ) {
    let groups = layerGroups ?? (model as? any ParameterGrouping)?.parameterGroups ?? [model.parameters]
    func optimizer(_ rule: some UpdateRule) -> any Optimizer {
      GroupedOptimizer(groups: groups.map { ParameterGroup($0, rule) })
    }
    self.init(
      model, data, optimizer: optimizer(rule), layerGroups: groups, loss: loss, metrics: metrics, callbacks: callbacks,
      generators: generators)
  }

  // MARK: - What a batch goes through, to be replaced

  /// The model's outputs for a batch, in training and validation.
  open func predict(_ batch: Batch) throws -> Tensor { model(batch.inputs) }

  /// The loss of a batch that goes into the backward pass.
  open func loss(of outputs: Tensor, _ batch: Batch) throws -> Tensor { lossFunction(outputs, batch.targets) }

  /// Computes the gradients of ``loss``.
  open func backward() throws { loss.backward() }

  /// Changes the weights, and forgets the gradients.
  open func step() throws {
    optimizer.step()
    optimizer.zeroGradients()
  }
}

/// What a fit is asked for.
///
/// ```swift
/// var plan = FitPlan(epochs: 5, schedule: .warmUpThenCosine(peak: 0.01, warmUp: 10, steps: 100))
/// plan.rateFactors = [0.1, 1]
/// plan.schedule(10)  // → 0.01
/// ```
public struct FitPlan: Sendable, Hashable {
  public var epochs: Int
  /// The learning rate of the last group at the fit's steps, counted from 0.
  public var schedule: Schedule
  /// The learning rate of each group of layers as a multiple of the schedule's; nil leaves the optimiser's proportions.
  public var rateFactors: [Double]?
  /// The momentum, or Adam's β₁; nil leaves it.
  public var momentum: Schedule?

  public init(epochs: Int, schedule: Schedule, rateFactors: [Double]? = nil, momentum: Schedule? = nil) {
    self.epochs = epochs
    self.schedule = schedule
    self.rateFactors = rateFactors
    self.momentum = momentum
  }
}
