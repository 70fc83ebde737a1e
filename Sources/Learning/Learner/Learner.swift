import DataPipelines
import EvaluationMetrics
import NeuralNetworks
import Optimizers
import TensorCore

/// A model, data, a loss and an optimiser, and the loop that brings them together.
///
/// ``fit(epochs:learningRate:)``, ``fitOneCycle(epochs:learningRate:momentum:)`` and ``fineTune(epochs:learningRate:frozenEpochs:ratio:)`` train,
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
  public private(set) var lossValue = 0.0
  /// What the last validation has shown, by name: `loss` and the metrics.
  public internal(set) var validationValues: [String: Double] = [:]

  /// How many fits have been begun or passed over, in this process.
  private var fits = 0
  private var isRestored = false

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

// MARK: - The loop

extension Learner {
  /// The finished epochs.
  public var history: [EpochRecord] { position.history }

  /// Trains as planned. A learner that was restored passes over the fits that its checkpoint has behind it, and goes on in the middle of the one
  /// it was taken in: run the same program again.
  ///
  /// - Throws: ``CallbackError``, ``TrainingDiverged``, ``TrainingInterrupted``, and what reading the data throws. Then the position stays where it is, and a
  ///   ``checkpoint`` can be taken.
  public func fit(_ plan: FitPlan) throws {
    guard plan.epochs >= 0, plan.rateFactors.map({ $0.count == optimizer.groupCount }) ?? true else {
      stop(
        "fit", "\(plan.epochs) epochs, \(plan.rateFactors?.count ?? 0) rates for \(optimizer.groupCount) groups",
        fix: "use 0 epochs or more, and a rate for each group")
    }
    let number = fits
    fits += 1
    if number < position.fit { return }
    if !isRestored {
      // After a fit that failed, this is one of its own.
      position = position.beginning(fit: number)
      optimizer.zeroGradients()
    }
    isRestored = false
    self.plan = plan
    defer { self.plan = nil }
    do {
      try notify("beforeFit") { try $0.beforeFit(self) }
      do { while position.fitEpoch < plan.epochs { try runEpoch(plan) } } catch is CancelFit {}
      try notify("afterFit") { try $0.afterFit(self) }
    } catch {
      for callback in callbacks { callback.fitFailed(self, error) }
      throw error
    }
    position = position.beginning(fit: number + 1)
  }

  private func runEpoch(_ plan: FitPlan) throws {
    model.train()
    try notify("beforeEpoch") { try $0.beforeEpoch(self) }
    do { try runBatches(plan) } catch is CancelEpoch {}
    if data.validation != nil { try measureEpoch() }
    position.finishEpoch(
      validation: validationValues, learningRate: optimizer.rate(ofGroup: optimizer.groupCount - 1))
    try notify("afterEpoch") { try $0.afterEpoch(self) }
  }

  private func runBatches(_ plan: FitPlan) throws {
    var batches = data.training.epoch(position.epoch, from: position.batch)
    var lap = ContinuousClock.now
    while let batch = try batches.next() {
      position.waitingSeconds += lap.duration(to: .now) / .seconds(1)
      self.batch = batch
      // Also by position: an epoch that was cancelled leaves out its part of the schedule.
      set(plan, step: position.fitEpoch * data.training.batchCount + position.batch)
      do { try run(batch) } catch is CancelBatch {}
      position.batch += 1
      position.step += 1
      position.seconds += lap.duration(to: .now) / .seconds(1)
      lap = .now
      try notify("afterBatch") { try $0.afterBatch(self) }
    }
  }

  private func run(_ batch: Batch) throws {
    try notify("beforeBatch") { try $0.beforeBatch(self) }
    try forward(self.batch ?? batch)
    lossValue = loss.item()
    try notify("afterLoss") { try $0.afterLoss(self) }
    position.lossSum += lossValue * Double(batch.count)
    position.samples += batch.count
    try backward()
    try notify("afterBackward") { try $0.afterBackward(self) }
    try step()
    try notify("afterStep") { try $0.afterStep(self) }
  }

  /// Computes outputs and loss of a batch, inside all callbacks.
  func forward(_ batch: Batch) throws {
    func compute() throws {
      outputs = try predict(batch)
      loss = try loss(of: outputs, batch)
    }
    try surround("aroundForward", { try $0.aroundForward(self, $1) }, compute)
  }

  private func measureEpoch() throws {
    try notify("beforeValidation") { try $0.beforeValidation(self) }
    validationValues = try validate()
    try notify("afterValidation") { try $0.afterValidation(self) }
    model.train()
  }

  private func set(_ plan: FitPlan, step: Int) {
    let rate = plan.schedule(step)
    if let factors = plan.rateFactors {
      for (group, factor) in factors.enumerated() {
        optimizer.setHyperparameter("learning_rate", to: rate * factor, ofGroup: group)
      }
    } else {
      optimizer.learningRate = rate
    }
    if let momentum = plan.momentum, let name = optimizer.momentumName {
      let value = momentum(step)
      for group in 0..<optimizer.groupCount { optimizer.setHyperparameter(name, to: value, ofGroup: group) }
    }
  }
}

// MARK: - Callbacks

extension Learner {
  private func notify(_ hook: String, _ call: (Callback) throws -> Void) throws {
    for callback in callbacks {
      do {
        try call(callback)
      } catch let control as any TrainingControl {
        throw control
      } catch {
        throw CallbackError(callback: callback.name, hook: hook, underlying: error)
      }
    }
  }

  /// Calls `body` inside all callbacks, the first outermost.
  func surround(
    _ hook: String, _ call: @escaping (Callback, () throws -> Void) throws -> Void, from index: Int = 0,
    _ body: @escaping () throws -> Void
  ) throws {
    guard index < callbacks.count else { return try body() }
    // Errors of what is inside are not the callback's.
    var inner: (any Error)?
    do {
      try call(callbacks[index]) { [self] in
        do { try surround(hook, call, from: index + 1, body) } catch {
          inner = error
          throw error
        }
      }
    } catch {
      if let inner { throw inner }
      if let control = error as? any TrainingControl { throw control }
      throw CallbackError(callback: callbacks[index].name, hook: hook, underlying: error)
    }
  }
}

extension Optimizer {
  /// `momentum`, or `beta1`; nil for an optimiser that has neither.
  var momentumName: String? { ["momentum", "beta1"].first { hyperparameter($0, ofGroup: 0) != nil } }

  func rate(ofGroup group: Int) -> Double { hyperparameter("learning_rate", ofGroup: group) ?? learningRate }
}

extension TrainingPosition {
  /// The same at a fit's beginning.
  fileprivate func beginning(fit: Int) -> TrainingPosition {
    var position = self
    position.fit = fit
    position.fitEpoch = 0
    position.startEpoch()
    return position
  }

  /// Turns to the next epoch.
  fileprivate mutating func finishEpoch(validation: [String: Double], learningRate: Double) {
    epoch += 1
    fitEpoch += 1
    history.append(
      EpochRecord(
        epoch: epoch, step: step, trainingLoss: loss, validation: validation, learningRate: learningRate,
        seconds: seconds, samplesPerSecond: seconds > 0 ? Double(samples) / seconds : 0,
        waitingSeconds: waitingSeconds))
    startEpoch()
  }

  private mutating func startEpoch() {
    (batch, lossSum, samples, seconds, waitingSeconds) = (0, 0, 0, 0, 0)
  }
}

// MARK: - Stopping and going on

extension Learner {
  /// All that another learner of the same kind needs to go on from here.
  public var checkpoint: Checkpoint {
    Checkpoint(
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(), position: position,
      callbacks: Dictionary(uniqueKeysWithValues: states.map { ($0.key, $0.callback.stateDictionary()) }),
      generators: generators.mapValues(\.state))
  }

  /// Goes back to a checkpoint of a learner that was made in the same way. The fits that it had behind it are passed over when they are
  /// called, the one at work goes on where it was.
  ///
  /// Stops when a fit was begun before.
  ///
  /// - Throws: ``StateDictionaryError`` when it is one of another model, optimiser, or callbacks. Nothing is changed then.
  public func restore(_ checkpoint: Checkpoint) throws(StateDictionaryError) {
    if fits > 0 { stop("restore", "\(fits) fits have been begun", fix: "restore a new learner, before its first fit") }
    let before = self.checkpoint
    do throws(StateDictionaryError) {
      try load(checkpoint)
    } catch {
      // What fitted a moment ago fits again.
      try load(before)
      throw error
    }
    position = checkpoint.position
    isRestored = true
  }

  func load(_ checkpoint: Checkpoint) throws(StateDictionaryError) {
    try model.load(stateDictionary: checkpoint.model)
    try optimizer.load(stateDictionary: checkpoint.optimizer)
    for (key, callback) in states {
      try callback.load(stateDictionary: checkpoint.callbacks[key] ?? StateDictionary())
    }
    for (name, generator) in generators {
      if let state = checkpoint.generators[name] { generator.state = state }
    }
  }

  /// The callbacks by name; several of one name are numbered.
  private var states: [(key: String, callback: Callback)] {
    var counts: [String: Int] = [:]
    return callbacks.map { callback in
      let number = counts[callback.name, default: 0]
      counts[callback.name] = number + 1
      return (number == 0 ? callback.name : "\(callback.name)-\(number)", callback)
    }
  }
}
