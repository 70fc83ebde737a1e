import DataPipelines
import Foundation
import Learning
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("Checkpoint")
struct CheckpointTests {
  private let folder: TemporaryFolder
  private let checkpoint: Checkpoint

  init() throws {
    folder = try TemporaryFolder()
    let model = Linear(3, 2, using: RandomGenerator(seed: 5))
    let optimizer = Adam(model.parameters, learningRate: 0.1)
    model(Tensor.ones([4, 3])).square().sum().backward()
    optimizer.step()
    var position = TrainingPosition()
    position.epoch = 2
    position.batch = 7
    position.step = 47
    position.lossSum = 0.1 + 0.2
    position.samples = 224
    position.history = [
      EpochRecord(
        epoch: 1, step: 20, trainingLoss: 0.1 + 0.2, validation: ["loss": .nan, "accuracy": 2.0 / 3], learningRate: 0.1,
        seconds: 1.0 / 3, samplesPerSecond: 7)
    ]
    checkpoint = Checkpoint(
      model: model.stateDictionary(), optimizer: optimizer.stateDictionary(), position: position,
      callbacks: ["A": optimizer.stateDictionary(), "A-1": StateDictionary()],
      generators: ["dropout": RandomGenerator.State(seed: .max, position: 1 << 63)])
  }

  private var file: URL { folder.file("a.safetensors") }

  @Test("it comes back bit for bit")
  func roundTrip() throws {
    try checkpoint.write(to: file)
    let read = try Checkpoint(contentsOf: file)
    #expect(read.model.fingerprint == checkpoint.model.fingerprint)
    #expect(read.optimizer.fingerprint == checkpoint.optimizer.fingerprint)
    #expect(read.position.history[0].validation["loss"]?.isNaN == true)
    #expect(read.position.history[0].validation["accuracy"] == 2.0 / 3)
    #expect(read.position.lossSum == 0.1 + 0.2 && read.position.step == 47 && read.position.samples == 224)
    #expect(read.callbacks.mapValues(\.fingerprint) == checkpoint.callbacks.mapValues(\.fingerprint))
    #expect(read.generators == checkpoint.generators)
  }

  @Test("the weights have PyTorch's names behind model.")
  func names() throws {
    try checkpoint.write(to: file)
    let names = try SafeTensors(contentsOf: file).names
    #expect(Set(names).isSuperset(of: ["model.weight", "model.bias", "optimizer.0.exp_avg"]))
  }

  @Test("cut anywhere, it is refused")
  func truncated() throws {
    try checkpoint.write(to: file)
    let bytes = try Data(contentsOf: file)
    for length in [0, 1, 7, 8, 9, 100, bytes.count / 2, bytes.count - 1] {
      try bytes.prefix(length).write(to: file)
      let error = #expect(throws: FileError.self) { try Checkpoint(contentsOf: file) }
      #expect("\(try #require(error))".contains("a.safetensors"))
    }
  }

  @Test("with any bit of its tensors changed, it is refused")
  func flipped() throws {
    try checkpoint.write(to: file)
    let bytes = try Data(contentsOf: file)
    for index in stride(from: bytes.count - 100, to: bytes.count, by: 13) {
      var damaged = bytes
      damaged[index] ^= 4
      try damaged.write(to: file)
      let error = #expect(throws: FileError.self) { try Checkpoint(contentsOf: file) }
      #expect("\(try #require(error))".contains("expected tensors with the SHA-256"))
    }
  }

  @Test("other tensors are no checkpoint")
  func others() throws {
    try SafeTensors.write(["weight": Tensor.ones([2])], to: file)
    let error = #expect(throws: FileError.self) { try Checkpoint(contentsOf: file) }
    #expect("\(try #require(error))".contains("expected a checkpoint of a training"))
    #expect(throws: FileError.self) { try Checkpoint(contentsOf: folder.file("absent")) }
  }

  @Test("one of another model changes nothing")
  func otherModel() throws {
    let model = Linear(3, 2, using: RandomGenerator(seed: 6))
    let before = model.stateDictionary().fingerprint
    let set = TensorDataset(inputs: Tensor.ones([2, 3]), targets: Tensor([0, 1]))
    let learner = Learner(model, DataLoaders(set, validation: set, batchSize: 2), rule: SGD.Rule(learningRate: 1))
    // The model fits, the optimiser does not.
    #expect(throws: StateDictionaryError.self) { try learner.restore(checkpoint) }
    #expect(model.stateDictionary().fingerprint == before)
    #expect(learner.position == TrainingPosition())
  }
}
