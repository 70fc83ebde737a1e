import NeuralNetworks
import TensorCore
import Testing

@Suite("A parameter")
struct ParameterTests {
  @Test("collects the gradients of backward passes until they are set to nil")
  func accumulation() {
    let w = Parameter(Tensor([3.0, -1.0]))
    #expect(w.gradient == nil)
    w.value.square().sum().backward()
    w.value.square().sum().backward()
    #expect(w.gradient?.scalars(as: Double.self) == [12, -4])
    w.gradient = nil
    #expect(w.gradient == nil)
  }

  @Test("keeps its place on the tape when its value is replaced or updated")
  func placeOnTape() {
    let w = Parameter(Tensor([1.0]))
    w.value = Tensor([2.0])
    w.update { $0 *= 2 }
    (w.value * 3).sum().backward()
    #expect(w.value.item() == 4)
    #expect(w.gradient?.item() == 3)
  }

  @Test("is updated off the tape, even with a tensor that is on it")
  func detached() {
    let w = Parameter(Tensor([1.0]))
    let x = Tensor([5.0]).requiringGradient()
    w.update { $0 = x * 2 }
    #expect(w.value.item() == 10)
    w.value.sum().backward()
    #expect(x.gradient == nil)
  }

  @Test("leaves earlier copies of its value alone")
  func copyOnWrite() {
    let w = Parameter(Tensor([1.0, 2.0]))
    let before = w.value
    w.update { value in value.withUnsafeMutableBuffer(of: Float.self) { $0[0] = 7 } }
    #expect(before.scalars(as: Double.self) == [1, 2])
    #expect(w.value.scalars(as: Double.self) == [7, 2])
  }

  @Test("that is frozen gets no gradient")
  func frozen() {
    let w = Parameter(Tensor([1.0]), requiresGradient: false)
    let v = Parameter(Tensor([2.0]))
    #expect(!w.value.requiresGradient)
    (w.value * v.value).sum().backward()
    #expect(w.gradient == nil)
    #expect(v.gradient?.item() == 1)
    w.requiresGradient = true
    (w.value * v.value).sum().backward()
    #expect(w.gradient?.item() == 2)
  }

  @Test("can be cast, which drops its gradient")
  func casting() {
    let w = Parameter(Tensor([1.5]))
    w.value.sum().backward()
    w.cast(to: .float64)
    #expect(w.dtype == .float64)
    #expect(w.gradient == nil)
    w.value.square().sum().backward()
    #expect(w.gradient?.dtype == .float64)
    #expect(w.gradient?.item() == 3)
  }

  @Test("stops when its value gets another shape")
  func wrongShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([2, 3])).value = Tensor.zeros([3, 2])
    }
    expectMessage(result, "Parameter.value", "float32 [2, 3]", "float32 [3, 2]", "Fix")
  }

  @Test("stops when its value gets another dtype")
  func wrongDType() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([2])).update { $0 = $0.cast(to: .float64) }
    }
    expectMessage(result, "Parameter.update", "float32 [2]", "float64 [2]", "cast(to:)")
  }

  @Test("stops when its gradient gets another shape")
  func wrongGradient() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Parameter(Tensor.zeros([2])).gradient = Tensor.zeros([3])
    }
    expectMessage(result, "Parameter.gradient", "[2]", "[3]")
  }

  @Test("can't hold integers")
  func integers() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Parameter(Tensor([1, 2]))
    }
    expectMessage(result, "Parameter", "int64", "Buffer")
  }
}

@Suite("A buffer")
struct BufferTests {
  @Test("holds its value off the tape")
  func offTape() {
    let buffer = Buffer(Tensor([1.0]).requiringGradient())
    #expect(!buffer.value.requiresGradient)
    buffer.value = Tensor([2.0]).requiringGradient()
    #expect(!buffer.value.requiresGradient)
    buffer.update { $0 += 1 }
    #expect(buffer.value.item() == 3)
  }

  @Test("stops when its value gets another shape")
  func wrongShape() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      Buffer(Tensor([1, 2])).value = Tensor([1, 2, 3])
    }
    expectMessage(result, "Buffer", "int64 [2]", "int64 [3]")
  }
}
