import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

@Suite("Parameter groups")
struct ParameterGroupTests {
  let a = Parameter(Tensor([1.0]))
  let b = Parameter(Tensor([1.0]))

  private func optimizer() -> SGD {
    SGD(groups: [
      ParameterGroup([a], SGD.Rule(learningRate: 0.5)),
      ParameterGroup([b], SGD.Rule(learningRate: 0.25, momentum: 0.5, weightDecay: 1)),
    ])
  }

  @Test("have hyperparameters of their own")
  func ownHyperparameters() {
    let optimizer = optimizer()
    for parameter in [a, b] { parameter.gradient = Tensor([1.0]) }
    optimizer.step()
    #expect(a.value.item() == 0.5)
    #expect(b.value.item() == 0.5)
    optimizer.groups[1].weightDecay = 0
    optimizer.step()
    // v = 0.5·2 + 1
    #expect(b.value.item() == 0)
  }

  @Test("keep the proportions of their learning rates under a schedule")
  func proportions() {
    let optimizer = optimizer()
    #expect(optimizer.learningRate == 0.5)
    optimizer.learningRate = 0
    optimizer.learningRate = 0.1
    #expect(optimizer.groups.map(\.learningRate) == [0.1, 0.05])
  }

  @Test("are saved and loaded with what belongs to them")
  func state() throws {
    let optimizer = optimizer()
    for parameter in [a, b] { parameter.gradient = Tensor([1.0]) }
    optimizer.step()
    optimizer.groups[1].momentum = 0.75
    let state = optimizer.stateDictionary()
    #expect(
      state.names == [
        "groups.0.learning_rate", "groups.0.momentum", "groups.0.weight_decay", "groups.1.learning_rate",
        "groups.1.momentum", "groups.1.weight_decay", "1.momentum_buffer",
      ])
    let other = self.optimizer()
    try other.load(stateDictionary: state)
    #expect(other.groups[1].momentum == 0.75)
    #expect(other.stateDictionary()["1.momentum_buffer"]?.item() == 2)
    #expect(throws: StateDictionaryError.self) {
      try SGD([a, b], learningRate: 0.1, momentum: 0.9).load(stateDictionary: state)
    }
  }

  @Test("stop at a hyperparameter out of range, and at a parameter in two of them")
  func misuse() async {
    let range = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = ParameterGroup([Parameter(Tensor([1.0]))], AdamW.Rule(beta1: 1))
    }
    expectMessage(range, "AdamW", "beta1 is 1.0")
    let later = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      ParameterGroup([Parameter(Tensor([1.0]))], RMSProp.Rule()).alpha = -1
    }
    expectMessage(later, "RMSProp", "alpha is -1.0")
    let twice = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      let parameter = Parameter(Tensor([1.0]))
      _ = Adam(groups: [ParameterGroup([parameter], Adam.Rule()), ParameterGroup([parameter], Adam.Rule())])
    }
    expectMessage(twice, "Adam", "given twice", "one group")
  }

  @Test("take a rule of one's own")
  func ownRule() {
    struct SignDescent: UpdateRule {
      static let name = "SignDescent"
      var learningRate: Double
      static var numbers: [HyperparameterNumber<SignDescent>] { [.atLeastZero("learning_rate", \.learningRate)] }
      var tensorNames: [String?] { [] }
      func update(_ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState) {
        value = value - gradient.sign() * learningRate
      }
    }
    let optimizer = GroupedOptimizer([a, b], SignDescent(learningRate: 0.5))
    a.gradient = Tensor([7.0])
    b.gradient = Tensor([-0.1])
    optimizer.step()
    #expect([a.value.item(), b.value.item()] == [0.5, 1.5])
  }
}
