import NeuralNetworks
import TensorCore
import Testing

@Suite("A layer's output shape")
struct LayerShapeTests {
  struct Misfit: Sendable, CustomTestStringConvertible {
    let name: String
    let input: Shape
    let says: String
    let make: @Sendable () -> any Layer

    init(_ name: String, _ input: Shape, _ says: String, _ make: @escaping @Sendable () -> any Layer) {
      self.name = name
      self.input = input
      self.says = says
      self.make = make
    }

    var testDescription: String { name }

    static let all: [Misfit] = [
      Misfit("linear, width", [2, 5], "Linear(4 → 3) expects [..., 4], and its input is [2, 5]") { Linear(4, 3) },
      Misfit("linear, scalar", [], "expects [..., 4]") { Linear(4, 3) },
      Misfit("convolution, rank", [3, 8, 8], "expects [batch, 3, height, width]") { Conv2d(3, 4, kernel: 3) },
      Misfit("convolution, channels", [1, 2, 8, 8], "expects [batch, 3, height, width]") { Conv2d(3, 4, kernel: 3) },
      Misfit(
        "convolution, window", [1, 3, 8, 2], "Conv2d(3 → 4, kernel 3×3) expects an input that its window fits into"
      ) {
        Conv2d(3, 4, kernel: 3)
      },
      Misfit(
        "convolution, reflection", [1, 3, 8, 2], "kernel 3×3, padding 2×2, reflected) expects an input that can be"
      ) {
        Conv2d(3, 4, kernel: 3, padding: 2, edge: .reflected)
      },
      Misfit("padding, wrapped", [1, 3, 2], "Padding1d(3, 3, wrapped) expects an input that can be continued so far") {
        Padding1d(3, edge: .wrapped)
      },
      Misfit("upsampling, factors", [1, 3, 2], "Upsample(by 2.0×3.0, nearest) expects [batch, channels, size …]") {
        Upsample(factors: [2, 3])
      },
      Misfit("max pooling, rank", [8, 8], "expects [batch, channels, height, width]") { MaxPool2d(kernel: 2) },
      Misfit("max pooling, window", [1, 1, 4, 4], "fits into") { MaxPool2d(kernel: 3, dilation: 2) },
      Misfit("average pooling, rank", [8, 8], "expects [batch, channels, height, width]") { AvgPool2d(kernel: 2) },
      Misfit("flatten, rank", [3], "expects [batch, ...]") { Flatten() },
      Misfit("softmax, axis", [3], "expects an axis 1") { Softmax(axis: 1) },
      Misfit("batch norm 1d, channels", [2, 4], "expects [batch, 3]") { BatchNorm1d(3) },
      Misfit("batch norm 1d, rank", [2, 3, 4, 4], "expects [batch, 3] or [batch, 3, length]") { BatchNorm1d(3) },
      Misfit("batch norm 2d, rank", [2, 3], "expects [batch, 3, height, width]") { BatchNorm2d(3) },
    ]
  }

  @Test("is refused with what is expected and what was found", arguments: Misfit.all)
  func refused(_ misfit: Misfit) {
    let layer = misfit.make()
    let error = #expect(throws: ShapeError.self) { try layer.outputShape(for: misfit.input) }
    #expect(error?.description.contains(misfit.says) == true, "\(error?.description ?? "no error")")
    #expect(error?.input == misfit.input)
  }

  @Test("has no place for an empty batch to go wrong")
  func emptyBatch() throws {
    let model = Sequential {
      Conv2d(1, 2, kernel: 3)
      ReLU()
      MaxPool2d(kernel: 2)
      Flatten()
      Linear(2 * 3 * 3, 4)
    }
    #expect(try model.outputShape(for: [0, 1, 8, 8]) == [0, 4])
    #expect(model(Tensor.zeros([0, 1, 8, 8])).shape == [0, 4])
  }

  @Test("is as refused by the layer itself: linear")
  func linearStops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Linear(4, 3)(Tensor.ones([2, 5]))
    }
    expectMessage(result, "linear", "[2, 5]", "[3, 4]", "Fix")
  }

  @Test("is as refused by the layer itself: batch normalisation of pictures given rows")
  func batchNormStops() async {
    let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = BatchNorm2d(3)(Tensor.ones([2, 3]))
    }
    expectMessage(result, "BatchNorm2d", "[2, 3]", "[batch, channels, height, width]")
  }

  @Test("can't come from sizes that can't be")
  func impossibleSizes() async {
    let kernel = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = MaxPool2d(kernel: [2, 0])
    }
    expectMessage(kernel, "MaxPool2d", "a kernel of [2, 0]", "at least 1")
    let padding = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2d(1, 1, kernel: 3, padding: -1)
    }
    expectMessage(padding, "Conv2d", "a padding of [-1, -1]", "at least 0")
    let groups = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
      _ = Conv2d(4, 6, kernel: 3, groups: 4)
    }
    expectMessage(groups, "Conv2d", "4 channels, 6 filters, 4 groups", "multiples")
    let linear = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { _ = Linear(0, 2) }
    expectMessage(linear, "Linear", "0 inputs")
  }
}
