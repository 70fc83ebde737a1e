import DataPipelines
import NeuralNetworks
import Optimizers
import TensorCore

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
      throw tell(of: error)
    }
    position = position.beginning(fit: number + 1)
  }

  private func runEpoch(_ plan: FitPlan) throws {
    model.train()
    try notify("beforeEpoch") { try $0.beforeEpoch(self) }
    do { try runBatches(plan) } catch is CancelEpoch {}
    validationValues = [:]
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
    for callback in callbacks { try name(callback, hook) { try call(callback) } }
  }

  /// Tells all callbacks of a fit's failure. Returns what is to be thrown.
  private func tell(of failure: any Error) -> any Error {
    var errors: [any Error] = []
    for callback in callbacks {
      do { try name(callback, "fitFailed") { try callback.fitFailed(self, failure) } } catch { errors.append(error) }
    }
    return errors.first ?? failure
  }

  /// An error of a callback's gets its name and the hook's.
  private func name(_ callback: Callback, _ hook: String, _ call: () throws -> Void) throws {
    do { try call() } catch {
      if error is any TrainingControl { throw error }
      throw CallbackError(callback: callback.name, hook: hook, underlying: error)
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
      try name(callbacks[index], hook) {
        try call(callbacks[index]) { [self] in
          do { try surround(hook, call, from: index + 1, body) } catch {
            inner = error
            throw error
          }
        }
      }
    } catch {
      throw inner ?? error
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
