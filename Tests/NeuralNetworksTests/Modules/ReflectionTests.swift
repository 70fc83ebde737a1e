import NeuralNetworks
import TensorCore
import Testing

@Suite("A module finds")
struct ReflectionTests {
  class Base: Module {
    let own = Parameter(Tensor([1.0]))
  }

  final class Derived: Base {
    struct Pair {
      let first = Linear(1, 1, bias: false)
      let second: Parameter? = Parameter(Tensor([0.0]))
    }
    enum Choice {
      case layer(Linear)
      case none
    }

    let optional: Linear? = Linear(1, 1, bias: false)
    let absent: Linear? = nil
    let list: [any Layer] = [ReLU(), Linear(1, 1)]
    let byName = ["b": Linear(1, 1, bias: false), "a": Linear(1, 1, bias: false)]
    let byNumber = [10: Parameter(Tensor([0.0])), 9: Parameter(Tensor([0.0]))]
    let pairOfLists = [[Parameter(Tensor([0.0]))], []]
    let pair = Pair()
    let tuple = (Parameter(Tensor([0.0])), 3)
    let choice = Choice.layer(Linear(1, 1, bias: false))
    let constant = Tensor.ones([3])
    let numbers = [Float](repeating: 0, count: 1_000_000)
    lazy var late = Linear(1, 1, bias: false)
    let runningMean = Buffer(Tensor([0.0]))
  }

  @Test("parameters in superclasses, optionals, lists, dictionaries, structs, tuples and enums, in order")
  func everywhere() {
    let module = Derived()
    _ = module.late
    #expect(
      module.namedParameters().map(\.name) == [
        "own", "by_number.9", "by_number.10", "pair_of_lists.0.0", "pair.second", "tuple.0",
        "optional.weight", "list.1.weight", "list.1.bias", "by_name.a.weight", "by_name.b.weight", "pair.first.weight",
        "choice.weight", "late.weight",
      ])
    #expect(module.namedBuffers().map(\.name) == ["running_mean"])
    #expect(module.namedBuffers()[0].buffer.name == "running_mean")
    #expect(module.parameters.map(\.name) == module.namedParameters().map(\.name))
  }

  @Test("a lazy property only when it has been made")
  func lazyProperty() {
    #expect(!Derived().namedParameters().map(\.name).contains("late.weight"))
  }

  final class Tied: Module {
    let encoder = Linear(2, 3, bias: false)
    let decoder: Linear
    let twice: [Linear]
    let alias: Parameter

    override init() {
      decoder = Linear(3, 2)
      twice = [encoder, decoder]
      alias = encoder.weight
    }
  }

  @Test("tied parameters and modules once")
  func tied() {
    let module = Tied()
    #expect(module.namedParameters().map(\.name) == ["alias", "decoder.weight", "decoder.bias"])
    #expect(module.namedModules().map(\.name) == ["", "encoder", "decoder"])
    #expect(module.parameterCount == 6 + 6 + 2)
  }

  final class Child: Module {
    weak var parent: Parent?
    let weight = Parameter(Tensor([0.0]))
  }

  final class Parent: Module {
    let child = Child()
  }

  @Test("its way although a child points to its parent")
  func cycle() {
    let parent = Parent()
    parent.child.parent = parent
    #expect(parent.namedParameters().map(\.name) == ["child.weight"])
  }

  final class Renamed: Module {
    let inProjWeight = Parameter(Tensor([0.0]))
    let weightIH = Parameter(Tensor([0.0]))
    let conv1 = Parameter(Tensor([0.0]))
    let layers = [Linear(1, 1, bias: false)]

    override func stateKey(for property: String) -> String {
      switch property {
      case "weightIH": "weight_ih_l0"
      case "layers": ""
      default: super.stateKey(for: property)
      }
    }
  }

  @Test("them under names in snake case, or those that the module chooses")
  func names() {
    #expect(Renamed().namedParameters().map(\.name) == ["in_proj_weight", "weight_ih_l0", "conv1", "0.weight"])
  }

  final class Unordered: Module {
    final class Member: Module, Hashable {
      static func == (a: Member, b: Member) -> Bool { a === b }
      func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
    }

    let numbers: Set = [1, 2]
    let members: Set = [Member()]
  }

  @Test("that a set of modules has no order, and stops")
  func sets() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Unordered().parameters
    }
    expectMessage(result, "members is a set of Member", "use an array")
  }
}
