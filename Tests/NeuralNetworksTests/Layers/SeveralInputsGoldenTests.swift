import NeuralNetworks
import TensorCore
import Testing

/// A module of several inputs whose numbers PyTorch computed too: see scripts/goldens/layers.py.
struct SeveralInputsCase: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable () -> (Module, ([Tensor]) -> Tensor)

  var testDescription: String { name }

  init<M: Module>(
    _ name: String, _ make: @escaping @Sendable () -> M, _ call: @escaping @Sendable (M, [Tensor]) -> Tensor
  ) {
    self.name = name
    self.make = {
      let module = make()
      return (module, { call(module, $0) })
    }
  }

  static let all: [SeveralInputsCase] = [
    SeveralInputsCase("bilinear", { Bilinear(3, 4, 2) }, { $0($1[0], $1[1]) }),
    SeveralInputsCase("bilinear_no_bias", { Bilinear(2, 2, 3, bias: false) }, { $0($1[0], $1[1]) }),
    SeveralInputsCase(
      "max_unpool1d", { MaxUnpool1d(kernel: 2) },
      { unpool, x in
        let y = MaxPool1d(kernel: 2).withIndices(x[0])
        return unpool(y.values, indices: y.indices)
      }),
    SeveralInputsCase(
      "max_unpool2d", { MaxUnpool2d(kernel: 2) },
      { unpool, x in
        let y = MaxPool2d(kernel: 2).withIndices(x[0])
        return unpool(y.values, indices: y.indices)
      }),
    SeveralInputsCase(
      "max_unpool3d", { MaxUnpool3d(kernel: 2) },
      { unpool, x in
        let y = MaxPool3d(kernel: 2).withIndices(x[0])
        return unpool(y.values, indices: y.indices)
      }),
    SeveralInputsCase(
      "max_unpool2d_size", { MaxUnpool2d(kernel: 2, stride: 2, padding: 1) },
      { unpool, x in
        let y = MaxPool2d(kernel: 2, stride: 2, padding: 1).withIndices(x[0])
        return unpool(y.values, indices: y.indices, outputSize: 5)
      }),
    SeveralInputsCase(
      "fractional_max_pool2d", { FractionalMaxPool2d(kernel: [2, 3], to: [4, 3]) },
      { $0($1[0], samples: $1[1].detached()) }),
    SeveralInputsCase(
      "fractional_max_pool3d", { FractionalMaxPool3d(kernel: 2, to: [2, 3, 4]) },
      { $0($1[0], samples: $1[1].detached()) }),
    SeveralInputsCase(
      "adaptive_softmax", { adaptiveSoftmax() }, { $0($1[0], labels: $1[1]).logProbabilities }),
    SeveralInputsCase("adaptive_softmax_loss", { adaptiveSoftmax() }, { $0($1[0], labels: $1[1]).loss }),
    SeveralInputsCase("adaptive_softmax_all", { adaptiveSoftmax() }, { $0.logProbabilities($1[0]) }),
    SeveralInputsCase(
      "transformer",
      { Transformer(8, heads: 2, encoderLayers: 2, decoderLayers: 2, innerWidth: 12, dropout: 0) },
      { $0(source: $1[0], target: $1[1], DecoderMasks(causal: true)) }),
  ]

  private static func adaptiveSoftmax() -> AdaptiveLogSoftmax {
    AdaptiveLogSoftmax(8, classes: 12, cutoffs: [3, 7], shrink: 2, headBias: true)
  }
}

@Suite("A module of several inputs computes what PyTorch's computes:")
struct SeveralInputsGoldenTests {
  @Test("outputs and gradients, in float64", arguments: SeveralInputsCase.all)
  func equalsPyTorch(_ tested: SeveralInputsCase) throws {
    let golden = try Goldens("several_inputs").group("\(tested.name).")
    let (module, call) = tested.make()
    module.cast(to: .float64)
    let state = golden.filter { $0.key.hasPrefix("state.") }.map { (String($0.key.dropFirst(6)), $0.value) }
    try module.load(stateDictionary: StateDictionary(Dictionary(uniqueKeysWithValues: state)))
    var inputs: [Tensor] = []
    while let x = golden["x.\(inputs.count)"] {
      inputs.append(x.dtype.isFloatingPoint ? x.requiringGradient() : x)
    }
    let y = call(inputs)
    #expect(difference(y, try #require(golden["y"])) < 1e-12)
    y.backward(from: golden["dy"])
    for (index, x) in inputs.enumerated() {
      guard let expected = golden["dx.\(index)"] else { continue }
      #expect(difference(try #require(x.gradient), expected) < 1e-12, "gradient of input \(index)")
    }
    for (name, parameter) in module.namedParameters() {
      // A cluster without a label has no gradient here, and zeros there.
      let gradient = parameter.gradient ?? Tensor.zeros(parameter.shape, dtype: .float64)
      #expect(difference(gradient, try #require(golden["gradient.\(name)"])) < 1e-12, "gradient of \(name)")
    }
  }
}
