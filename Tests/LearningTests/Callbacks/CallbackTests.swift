import DataPipelines
import EvaluationMetrics
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// Points in three classes, a linear model, and a learner with callbacks.
private struct Setting {
  let learner: Learner
  var model: Linear { learner.model as! Linear }

  init(batchSize: Int = 12, _ callbacks: [Callback] = []) {
    let inputs = Tensor.normal([48, 2], using: RandomGenerator(seed: 1))
    let labels = (inputs[.all, 0] .> 0).cast(to: .int64) + (inputs[.all, 1] .> 0).cast(to: .int64)
    let set = TensorDataset(inputs: inputs, targets: labels)
    learner = Learner(
      Linear(2, 3, using: RandomGenerator(seed: 2)), DataLoaders(set, validation: set, batchSize: batchSize, seed: 4),
      rule: SGD.Rule(learningRate: 1), metrics: [Accuracy()], callbacks: callbacks)
  }

  var fingerprint: String { learner.model.stateDictionary().fingerprint }
}

/// Throws at a hook.
private final class Failing: Callback {
  struct Reason: Error, CustomStringConvertible { let description = "no more ink" }
  let hook: String
  let error: any Error
  private(set) var calls: [String] = []

  init(_ hook: String, _ error: any Error = Reason()) { (self.hook, self.error) = (hook, error) }

  private func call(_ hook: String) throws {
    calls.append(hook)
    if hook == self.hook { throw error }
  }

  override func beforeFit(_ learner: Learner) throws { try call("beforeFit") }
  override func beforeEpoch(_ learner: Learner) throws { try call("beforeEpoch") }
  override func beforeBatch(_ learner: Learner) throws { try call("beforeBatch") }
  override func afterLoss(_ learner: Learner) throws { try call("afterLoss") }
  override func afterBackward(_ learner: Learner) throws { try call("afterBackward") }
  override func afterStep(_ learner: Learner) throws { try call("afterStep") }
  override func afterBatch(_ learner: Learner) throws { try call("afterBatch") }
  override func beforeValidation(_ learner: Learner) throws { try call("beforeValidation") }
  override func afterValidation(_ learner: Learner) throws { try call("afterValidation") }
  override func afterEpoch(_ learner: Learner) throws { try call("afterEpoch") }
  override func afterFit(_ learner: Learner) throws { try call("afterFit") }
  override func fitFailed(_ learner: Learner, _ error: any Error) throws { try call("fitFailed") }
  override func aroundForward(_ learner: Learner, _ body: () throws -> Void) throws {
    try call("aroundForward")
    try body()
  }
  override func aroundValidation(_ learner: Learner, _ body: () throws -> Void) throws {
    try call("aroundValidation")
    try body()
  }

  static let hooks = [
    "beforeFit", "beforeEpoch", "beforeBatch", "aroundForward", "afterLoss", "afterBackward", "afterStep", "afterBatch",
    "beforeValidation", "aroundValidation", "afterValidation", "afterEpoch", "afterFit",
  ]
}

@Suite("A callback")
struct CallbackTests {
  @Test("is called at every place, in the order of the documentation")
  func order() throws {
    let watch = Failing("none")
    try Setting(batchSize: 48, [watch]).learner.fit(epochs: 1, learningRate: 1)
    #expect(
      watch.calls == [
        "beforeFit", "beforeEpoch", "beforeBatch", "aroundForward", "afterLoss", "afterBackward", "afterStep",
        "afterBatch", "beforeValidation", "aroundValidation", "aroundForward", "afterValidation", "afterEpoch",
        "afterFit",
      ])
  }

  @Test("that throws is named with its hook, and the others are told", arguments: Failing.hooks)
  func errors(_ hook: String) throws {
    let others = [Failing("none"), Failing("none")]
    let error = #expect(throws: CallbackError.self) {
      try Setting([others[0], Failing(hook), others[1]]).learner.fit(epochs: 1, learningRate: 1)
    }
    #expect(error?.hook == hook && error?.callback == "Failing")
    #expect("\(try #require(error))" == "The callback Failing, in \(hook): no more ink")
    #expect(others.allSatisfy { $0.calls.last == "fitFailed" })
  }

  @Test("that throws when it hears of a failure is thrown instead; the others hear of it all the same")
  func failingTwice() throws {
    let callbacks = [Failing("afterStep"), Failing("fitFailed"), Failing("fitFailed"), Failing("none")]
    let error = #expect(throws: CallbackError.self) {
      try Setting(callbacks).learner.fit(epochs: 1, learningRate: 1)
    }
    #expect(error?.hook == "fitFailed")
    #expect(callbacks.allSatisfy { $0.calls.last == "fitFailed" })
  }

  @Test("can cancel a batch, an epoch, a fit")
  func cancels() throws {
    func run(_ hook: String, _ error: any Error) throws -> (steps: Int, epochs: Int, changed: Bool, calls: [String]) {
      let callback = Failing(hook, error)
      let setting = Setting([callback])
      let before = setting.fingerprint
      try setting.learner.fit(epochs: 2, learningRate: 1)
      return (
        setting.learner.position.step, setting.learner.position.epoch, setting.fingerprint != before, callback.calls
      )
    }
    let batch = try run("afterBackward", CancelBatch())
    #expect(batch.steps == 8 && batch.epochs == 2 && !batch.changed && batch.calls.count { $0 == "afterBatch" } == 8)
    let epoch = try run("afterBatch", CancelEpoch())
    #expect(epoch.steps == 2 && epoch.epochs == 2 && epoch.calls.count { $0 == "afterValidation" } == 2)
    let fit = try run("afterBatch", CancelFit())
    #expect(fit.steps == 1 && fit.epochs == 0 && fit.calls.last == "afterFit")
  }

  @Test("after a fit that failed, the next one is a fit of its own")
  func again() throws {
    let failing = Failing("afterEpoch")
    let setting = Setting([failing])
    #expect(throws: CallbackError.self) { try setting.learner.fit(epochs: 3, learningRate: 1) }
    setting.learner.callbacks.removeAll { $0 === failing }
    try setting.learner.fit(epochs: 2, learningRate: 1)
    #expect(setting.learner.history.map(\.epoch) == [1, 2, 3])
    #expect(setting.learner.position.fitEpoch == 0 && setting.learner.position.fit == 2)
  }

  @Test("a learner's predict, loss, backward and step can be replaced")
  func replaced() throws {
    final class SignDescent: Learner {
      var steps = 0
      override func predict(_ batch: Batch) throws -> Tensor { try super.predict(batch) * 2 }
      override func loss(of outputs: Tensor, _ batch: Batch) throws -> Tensor { outputs.square().mean() }
      override func backward() throws { (loss * 3).backward() }
      override func step() throws {
        for parameter in model.parameters {
          if let gradient = parameter.gradient {
            parameter.value = withoutGradients { parameter.value - gradient.sign() * 0.25 }
          }
          parameter.gradient = nil
        }
        steps += 1
      }
    }
    let set = TensorDataset(inputs: Tensor([[1.0]]), targets: Tensor([0]))
    let model = Linear(1, 1, bias: false)
    model.weight.value = Tensor([[1.0]])
    let learner = SignDescent(model, DataLoaders(set, validation: set, batchSize: 1))
    try learner.fit(epochs: 3, learningRate: 1)
    #expect(learner.steps == 3 && model.weight.value.item() == 0.25)
    #expect(learner.history.map(\.trainingLoss) == [4, 2.25, 1])
  }
}

@Suite("The callbacks")
struct CallbacksTests {
  @Test("accumulation of small batches is one large batch")
  func accumulation() throws {
    // 48 in batches of 4, three at a time: four steps. The model has no batch statistics.
    let (small, large) = (Setting(batchSize: 4, [GradientAccumulation(3)]), Setting(batchSize: 12))
    try small.learner.fit(epochs: 3, learningRate: 0.5)
    try large.learner.fit(epochs: 3, learningRate: 0.5)
    let difference = (small.model.weight.value - large.model.weight.value).abs().max().item()
    #expect(difference < 1e-6)
    // 48 in batches of 10: the last group is 10 + 8 samples.
    let uneven = Setting(batchSize: 10, [GradientAccumulation(3), Counter()])
    try uneven.learner.fit(epochs: 2, learningRate: 0.5)
    #expect((uneven.learner.callbacks[2] as? Counter)?.steps == 4)
  }

  @Test("clipping bounds the gradients of a step")
  func clipping() throws {
    let counter = Counter()
    let setting = Setting([GradientClipping(.norm(0.01)), counter])
    try setting.learner.fit(epochs: 1, learningRate: 0)
    #expect(counter.norms.count == 4 && counter.norms.allSatisfy { abs($0 - 0.01) < 1e-6 })
    #expect(try #require((setting.learner.callbacks[1] as? GradientClipping)?.lastNorm) > 0.01)
  }

  @Test("averaged weights are what is validated, and what is left")
  func averaging() throws {
    let (plain, averaged) = (Setting(), Setting([WeightAveraging(.equal)]))
    var sum = Tensor.zeros([3, 2])
    let collector = Collector { sum += plain.model.weight.value.detached() }
    plain.learner.callbacks.append(collector)
    try plain.learner.fit(epochs: 2, learningRate: 1)
    try averaged.learner.fit(epochs: 2, learningRate: 1)
    #expect((averaged.model.weight.value - sum / 8).abs().max().item() < 1e-6)
    #expect(try averaged.learner.validate()["loss"] == averaged.learner.history[1].validation["loss"])
    #expect(averaged.learner.history[1].validation != plain.learner.history[1].validation)
    #expect(averaged.learner.history[1].trainingLoss == plain.learner.history[1].trainingLoss)
  }

  @Test("early stopping ends a fit when an epoch has been the best for long enough")
  func earlyStopping() throws {
    // A rate of 0: the first epoch stays the best.
    let setting = Setting([EarlyStopping(.lowest("loss"), patience: 3)])
    try setting.learner.fit(epochs: 10, learningRate: 0)
    #expect(setting.learner.history.count == 4)
    // Each fit counts its own epochs.
    try setting.learner.fit(epochs: 10, learningRate: 0)
    #expect(setting.learner.history.count == 8)
    let improving = Setting([EarlyStopping(.lowest("training loss"), patience: 1)])
    try improving.learner.fit(epochs: 6, learningRate: 0.1)
    #expect(improving.learner.history.count == 6)
  }

  @Test("checkpoints: the latest, the best, and nothing half-written")
  func checkpoints() throws {
    let folder = try TemporaryFolder()
    let setting = Setting([Checkpoints(in: folder.url, best: .highest("accuracy"))])
    try setting.learner.fit(epochs: 4, learningRate: 0.3)
    let best = try #require(setting.learner.history.best(by: .highest("accuracy")))
    #expect(folder.names.sorted() == ["best.safetensors", "latest.safetensors"])
    #expect(try Checkpoint(contentsOf: folder.file("best.safetensors")).position.epoch == best.epoch)
    let latest = try Checkpoint(contentsOf: folder.file("latest.safetensors"))
    #expect(latest.model.fingerprint == setting.fingerprint && latest.position.epoch == 4)

    let gone = Setting([Checkpoints(in: folder.file("absent"))])
    let error = #expect(throws: CallbackError.self) { try gone.learner.fit(epochs: 1, learningRate: 0.3) }
    #expect(error?.callback == "Checkpoints" && error?.hook == "afterEpoch" && error?.underlying is FileError)
  }

  @Test("mixed precision computes in bfloat16 and learns as well")
  func mixedPrecision() throws {
    let dtypes = Collector {}
    let setting = Setting([MixedPrecision(), dtypes])
    dtypes.onLoss = { #expect($0.outputs.dtype == .bfloat16) }
    let plain = Setting()
    try setting.learner.fit(epochs: 5, learningRate: 0.5)
    try plain.learner.fit(epochs: 5, learningRate: 0.5)
    #expect(setting.model.weight.value.dtype == .float32 && dtypes.calls == 20)
    let losses = [setting, plain].map { $0.learner.history[4].trainingLoss }
    #expect(abs(losses[0] - losses[1]) < 0.01 && losses[0] != losses[1])
  }

  @Test("batches are mixed, and learnt from by shares")
  func mixing() throws {
    let watch = Collector {}
    let setting = Setting([BatchTransforms([Mixup(classes: 3)], seed: 1), watch])
    watch.onLoss = { #expect($0.batch?.targets.shape == [12, 3]) }
    try setting.learner.fit(epochs: 2, learningRate: 0.5)
    #expect(watch.calls == 8)
  }

  @Test("a parameter follows its schedule through all fits")
  func scheduled() throws {
    var seen: [Double] = []
    let setting = Setting([
      ScheduledParameter("weight_decay", .exponential(1, factor: 0.5)),
      ScheduledParameter("own", .constant(7)) { _, value in seen.append(value) },
    ])
    let decay = Collector {}
    var decays: [Double] = []
    decay.onLoss = { decays.append($0.optimizer.hyperparameter("weight_decay", ofGroup: 0) ?? .nan) }
    setting.learner.callbacks.append(decay)
    try setting.learner.fit(epochs: 1, learningRate: 0)
    try setting.learner.fit(epochs: 1, learningRate: 0)
    #expect(decays == (0..<8).map { pow(0.5, Double($0)) })
    #expect(seen == [Double](repeating: 7, count: 8))
  }

  @Test("progress in a pipe is a line an epoch")
  func progress() throws {
    let pipe = Pipe()
    let setting = Setting([Progress(descriptor: pipe.fileHandleForWriting.fileDescriptor)])
    try setting.learner.fit(epochs: 2, learningRate: 0.5)
    try pipe.fileHandleForWriting.close()
    let lines = String(decoding: try #require(try pipe.fileHandleForReading.readToEnd()), as: UTF8.self).split(
      separator: "\n")
    #expect(lines.count == 2 && lines[1].hasPrefix("epoch 2/2  loss ") && lines[1].contains("  accuracy 0."))
  }
}

/// Counts steps, and notes the gradients' norms before them.
private final class Counter: Callback {
  private(set) var steps = 0
  private(set) var norms: [Double] = []
  override func afterBackward(_ learner: Learner) { norms.append(gradientNorm(of: learner.model.parameters)) }
  override func afterStep(_ learner: Learner) { steps += 1 }
}

/// Calls a closure after each step.
private final class Collector: Callback {
  private let body: () -> Void
  var onLoss: ((Learner) -> Void)?
  private(set) var calls = 0
  init(_ body: @escaping () -> Void) { self.body = body }
  override func afterLoss(_ learner: Learner) {
    calls += 1
    onLoss?(learner)
  }
  override func afterStep(_ learner: Learner) { body() }
}
