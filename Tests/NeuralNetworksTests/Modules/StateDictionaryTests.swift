import NeuralNetworks
import TensorCore
import TensorIO
import Testing

@Suite("A state dictionary")
struct StateDictionaryTests {
  static func model(seed: UInt64) -> Sequential {
    let generator = RandomGenerator(seed: seed)
    return Sequential {
      Linear(3, 2, using: generator)
      BatchNorm1d(2)
    }
  }

  @Test("keeps its order, and finds tensors by name and by position")
  func order() {
    var state = StateDictionary()
    state.append("b", Tensor([1.0]))
    state["a"] = Tensor([2.0])
    #expect(state.names == ["b", "a"])
    #expect(state[1].name == "a")
    #expect(state["a"]?.item() == 2)
    state["b"] = nil
    #expect(state.names == ["a"])
    #expect(state["a"]?.item() == 2)
    #expect(state["b"] == nil)
    #expect(StateDictionary(["y": Tensor(1.0), "x": Tensor(2.0)]).names == ["x", "y"])
  }

  @Test("stops at a name that is there already")
  func duplicates() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      var state = StateDictionary()
      state.append("weight", Tensor([1.0]))
      state.append("weight", Tensor([1.0]))
    }
    expectMessage(result, "two tensors are named weight")
  }

  @Test("has parameters and buffers under PyTorch's names, off the tape")
  func names() {
    let state = StateDictionaryTests.model(seed: 1).stateDictionary()
    #expect(
      state.names == [
        "0.weight", "0.bias", "1.weight", "1.bias", "1.running_mean", "1.running_var", "1.num_batches_tracked",
      ])
    #expect(state.allSatisfy { !$0.tensor.requiresGradient })
    #expect(state["1.num_batches_tracked"]?.dtype == .int64)
  }

  @Test("stays as it was when the model changes, and the model when it changes")
  func independence() throws {
    let model = StateDictionaryTests.model(seed: 1)
    let state = model.stateDictionary()
    let before = try #require(state["0.bias"]).scalars(as: Float.self)
    model.parameters[1].update { $0 += 1 }
    #expect(state["0.bias"]?.scalars(as: Float.self) == before)
    try model.load(stateDictionary: state)
    #expect(model.parameters[1].value.scalars(as: Float.self) == before)
  }

  @Test("makes another model the same, through a file too")
  func roundTrip() throws {
    let (first, second) = (StateDictionaryTests.model(seed: 1), StateDictionaryTests.model(seed: 2))
    _ = first(Tensor.uniform([8, 3], using: RandomGenerator(seed: 3)))
    let bytes = SafeTensors.encode(first.stateDictionary().dictionary)
    let read = try SafeTensors(encoded: bytes).tensors()
    try second.load(stateDictionary: StateDictionary(read))
    for (a, b) in zip(first.stateDictionary(), second.stateDictionary()) {
      #expect(a.name == b.name)
      #expect((a.tensor .== b.tensor).all().item(Bool.self))
    }
  }

  @Test("that does not fit is reported in full, and loads nothing")
  func misfits() throws {
    let model = StateDictionaryTests.model(seed: 1)
    var state = StateDictionaryTests.model(seed: 2).stateDictionary()
    let before = model.stateDictionary()
    state["0.weight"] = Tensor.zeros([2, 4])
    state["0.bias"] = nil
    state["1.running_mean"] = nil
    state["1.num_batches_tracked"] = Tensor(1.0)
    state["2.weight"] = Tensor.zeros([7])
    let error = #expect(throws: StateDictionaryError.self) { try model.load(stateDictionary: state) }
    #expect(
      error?.problems == [
        .missing(name: "0.bias", expected: [2]),
        .missing(name: "1.running_mean", expected: [2]),
        .unexpected(name: "2.weight", found: [7]),
        .mismatched(name: "0.weight", expected: [2, 3], found: [2, 4]),
        .wrongDType(name: "1.num_batches_tracked", expected: .int64, found: .float32),
      ])
    #expect(
      error?.description == """
        The state dictionary does not fit Sequential, nothing was loaded:
          0.bias is missing; expected shape [2]
          1.running_mean is missing; expected shape [2]
          2.weight is unexpected; found shape [7]
          0.weight has shape [2, 4]; expected [2, 3]
          1.num_batches_tracked is float32; expected int64
        """)
    for (a, b) in zip(before, model.stateDictionary()) { #expect((a.tensor .== b.tensor).all().item(Bool.self)) }
  }

  @Test("may lack tensors and have others when it is not loaded strictly, but not of other shapes")
  func notStrict() throws {
    let model = Linear(3, 2)
    let ignored = try model.load(
      stateDictionary: StateDictionary(["weight": Tensor.ones([2, 3]), "other": Tensor(0.0)]), strict: false)
    #expect(ignored == [.missing(name: "bias", expected: [2]), .unexpected(name: "other", found: [])])
    #expect(model.weight.value.sum().item() == 6)
    #expect(throws: StateDictionaryError.self) {
      try model.load(stateDictionary: StateDictionary(["weight": Tensor.ones([3, 2])]), strict: false)
    }
  }

  @Test("of another floating-point dtype is converted")
  func conversion() throws {
    let model = Linear(1, 1, bias: false)
    try model.load(stateDictionary: StateDictionary(["weight": Tensor([[0.1]], dtype: .float64)]))
    #expect(model.weight.dtype == .float32)
    #expect(model.weight.value.item(Float.self) == 0.1)
  }

  final class Tied: Module {
    let encoder = Linear(2, 2, bias: false)
    let decoder: Linear
    override init() { decoder = encoder }
  }

  @Test("has tied parameters once, and takes them under any of their names")
  func tied() throws {
    let model = Tied()
    #expect(model.stateDictionary().names == ["encoder.weight"])
    let ones = Tensor.ones([2, 2])
    try model.load(stateDictionary: StateDictionary(["decoder.weight": ones]))
    #expect(model.encoder.weight.value.sum().item() == 4)
    try model.load(stateDictionary: StateDictionary(["decoder.weight": ones * 2, "encoder.weight": ones * 2]))
    #expect(model.encoder.weight.value.sum().item() == 8)
  }
}
