import NeuralNetworks
import TensorCore
import Testing

@Suite("A hooked layer")
struct HookedTests {
  let first = Hooked(Linear(3, 4, using: RandomGenerator(seed: 1)))
  let second = Hooked(Linear(4, 2, using: RandomGenerator(seed: 2)))
  let x = Tensor.uniform([5, 3], using: RandomGenerator(seed: 3))

  private var model: Sequential { Sequential([first, Tanh(), second]) }

  @Test("computes, and is named, as the layer is without")
  func transparent() {
    let plain = Sequential([first.layer, Tanh(), second.layer])
    #expect((model(x) .== plain(x)).all().item(Bool.self))
    #expect(model.stateDictionary().names == plain.stateDictionary().names)
    #expect(first.weight === first.layer.weight && first.inputs == 3)
    #expect(model.summary(inputShape: [5, 3]).rows.last?.outputShape == [5, 2])
    #expect(first.title == "Hooked<Linear>(Linear(3 → 4))")
  }

  @Test("shows what goes in and comes out")
  func forward() {
    var seen: [Tensor] = []
    second.onForward = { seen += [$0, $1] }
    let y = model(x)
    #expect(seen.map(\.shape) == [[5, 4], [5, 2]])
    #expect((seen[1] .== y).all().item(Bool.self))
    second.onForward = nil
    _ = model(x)
    #expect(seen.count == 2)
  }

  @Test("shows the gradients of the output and of the input, once each pass")
  func backward() {
    var seen: [(Tensor?, Tensor)] = []
    second.onBackward = { seen.append(($0, $1)) }
    first.onBackward = { seen.append(($0, $1)) }
    model(x).square().sum().backward()
    #expect(seen.count == 2)
    let y = model(x).detached()
    // ∂/∂y = 2y, and ∂/∂h = 2y·W.
    #expect((seen[0].1 - y * 2).abs().max().item() < 1e-6)
    let expected = matmul(y * 2, second.weight.value.detached())
    #expect(seen[0].0.map { ($0 - expected).abs().max().item() < 1e-6 } == true)
    #expect(seen[1].0 == nil && seen[1].1.shape == [5, 4])
  }

  @Test("may change what goes on")
  func mapping() {
    second.mapOutput = { $0 * 0 }
    #expect(model(x).abs().max().item() == 0)
  }
}
