import NeuralNetworks
import TensorCore
import Testing

/// A layer whose numbers PyTorch computed too: see scripts/goldens/layers.py.
struct LayerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let file: String
  let evaluating: Bool
  let make: @Sendable () -> any Layer

  init(
    _ name: String, in file: String = "layers", evaluating: Bool = false, _ make: @escaping @Sendable () -> any Layer
  ) {
    self.name = name
    self.file = file
    self.evaluating = evaluating
    self.make = make
  }

  var testDescription: String { name }

  static let all: [LayerCase] = plain + more + options

  private static let plain: [LayerCase] = [
    LayerCase("linear") { Linear(4, 3) },
    LayerCase("linear_no_bias") { Linear(4, 3, bias: false) },
    LayerCase("conv2d") { Conv2d(3, 4, kernel: 3) },
    LayerCase("conv2d_strided") { Conv2d(2, 4, kernel: [3, 2], stride: [2, 1], padding: [1, 2]) },
    LayerCase("conv2d_dilated") { Conv2d(2, 3, kernel: 3, dilation: [2, 1], bias: false) },
    LayerCase("conv2d_grouped") { Conv2d(4, 6, kernel: 3, padding: 1, groups: 2) },
    LayerCase("max_pool2d") { MaxPool2d(kernel: 2) },
    LayerCase("max_pool2d_overlapping") { MaxPool2d(kernel: 3, stride: 2, padding: 1) },
    LayerCase("avg_pool2d") { AvgPool2d(kernel: 2) },
    LayerCase("avg_pool2d_padded") { AvgPool2d(kernel: 3, stride: 2, padding: 1) },
    LayerCase("avg_pool2d_inside") { AvgPool2d(kernel: 3, stride: 2, padding: 1, countPadding: false) },
    LayerCase("flatten") { Flatten() },
    LayerCase("relu") { ReLU() },
    LayerCase("tanh") { Tanh() },
    LayerCase("sigmoid") { Sigmoid() },
    LayerCase("softmax") { Softmax(axis: 1) },
    LayerCase("batch_norm1d") { BatchNorm1d(3) },
    LayerCase("batch_norm1d_sequence") { BatchNorm1d(3) },
    LayerCase("batch_norm1d_average") { BatchNorm1d(3, momentum: nil, epsilon: 1e-3) },
    LayerCase("batch_norm1d_evaluation", evaluating: true) { BatchNorm1d(3) },
    LayerCase("batch_norm2d") { BatchNorm2d(3, momentum: 0.3) },
    LayerCase("batch_norm2d_evaluation", evaluating: true) { BatchNorm2d(3) },
    LayerCase("gelu", in: "activations") { GELU() },
    LayerCase("gelu_tanh", in: "activations") { GELU(formula: .tanh) },
    LayerCase("silu", in: "activations") { SiLU() },
    LayerCase("mish", in: "activations") { Mish() },
    LayerCase("softplus", in: "activations") { Softplus(beta: 2, threshold: 3) },
    LayerCase("log_sigmoid", in: "activations") { LogSigmoid() },
    LayerCase("softsign", in: "activations") { Softsign() },
    LayerCase("tanhshrink", in: "activations") { Tanhshrink() },
    LayerCase("leaky_relu", in: "activations") { LeakyReLU(slope: 0.2) },
    LayerCase("elu", in: "activations") { ELU(alpha: 0.75) },
    LayerCase("selu", in: "activations") { SELU() },
    LayerCase("celu", in: "activations") { CELU(alpha: 0.5) },
    LayerCase("relu6", in: "activations") { ReLU6() },
    LayerCase("hardtanh", in: "activations") { Hardtanh(-2...3) },
    LayerCase("hardswish", in: "activations") { Hardswish() },
    LayerCase("softshrink", in: "activations") { Softshrink(lambda: 0.25) },
    LayerCase("hardshrink", in: "activations") { Hardshrink(lambda: 0.25) },
    LayerCase("threshold", in: "activations") { Threshold(0.5, value: -1) },
    LayerCase("identity", in: "activations") { Identity() },
    LayerCase("log_softmax", in: "activations") { LogSoftmax(axis: 1) },
    LayerCase("prelu", in: "activations") { PReLU() },
    LayerCase("prelu_channels", in: "activations") { PReLU(3) },
    LayerCase("glu", in: "activations") { GLU(axis: 1) },
    LayerCase("conv1d", in: "windows") { Conv1d(3, 4, kernel: 3, stride: 2, padding: 1) },
    LayerCase("conv3d", in: "windows") { Conv3d(2, 4, kernel: [2, 3, 2], padding: [1, 0, 1], groups: 2) },
    LayerCase("conv_transpose1d", in: "windows") { ConvTranspose1d(3, 2, kernel: 3, stride: 2, outputPadding: 1) },
    LayerCase("conv_transpose2d", in: "windows") { ConvTranspose2d(3, 4, kernel: 4, stride: 2, padding: 1) },
    LayerCase("conv_transpose3d", in: "windows") { ConvTranspose3d(2, 2, kernel: 2, stride: [2, 1, 2], bias: false) },
    LayerCase("max_pool1d", in: "windows") { MaxPool1d(kernel: 3, stride: 2, padding: 1) },
    LayerCase("avg_pool1d", in: "windows") { AvgPool1d(kernel: 2) },
    LayerCase("max_pool3d", in: "windows") { MaxPool3d(kernel: 2) },
    LayerCase("avg_pool3d", in: "windows") { AvgPool3d(kernel: [2, 1, 2]) },
    LayerCase("adaptive_avg_pool1d", in: "windows") { AdaptiveAvgPool1d(3) },
    LayerCase("adaptive_avg_pool2d", in: "windows") { AdaptiveAvgPool2d([2, 3]) },
    LayerCase("adaptive_max_pool2d", in: "windows") { AdaptiveMaxPool2d([3, 2]) },
    LayerCase("upsample", in: "windows") { Upsample(factor: 2, by: .bilinear) },
    LayerCase("pixel_shuffle", in: "windows") { PixelShuffle(2) },
    LayerCase("zero_pad2d", in: "windows") { Padding2d(top: 0, bottom: 3, left: 1, right: 2) },
    LayerCase("reflection_pad2d", in: "windows") { Padding2d(2, edge: .continuation(.reflected)) },
    LayerCase("network") {
      Sequential {
        Conv2d(1, 4, kernel: 3, padding: 1, bias: false)
        BatchNorm2d(4)
        ReLU()
        AvgPool2d(kernel: 2)
        Flatten()
        Sequential {
          Linear(36, 8)
          Tanh()
        }
        Dropout(0)
        Linear(8, 3)
      }
    },
  ]

  private static let more: [LayerCase] = [
    LayerCase("max_pool3d_dilated", in: "layers_more") { MaxPool3d(kernel: 2, stride: 1, dilation: [2, 1, 1]) },
    LayerCase("adaptive_avg_pool3d", in: "layers_more") { AdaptiveAvgPool3d([2, 3, 1]) },
    LayerCase("adaptive_max_pool1d", in: "layers_more") { AdaptiveMaxPool1d(3) },
    LayerCase("adaptive_max_pool3d", in: "layers_more") { AdaptiveMaxPool3d([2, 1, 3]) },
    LayerCase("lp_pool1d", in: "layers_more") { LPPool1d(2, kernel: 3, stride: 2) },
    LayerCase("lp_pool2d", in: "layers_more") { LPPool2d(1.5, kernel: [2, 3]) },
    LayerCase("lp_pool3d", in: "layers_more") { LPPool3d(2, kernel: 2) },
    LayerCase("constant_pad1d", in: "layers_more") { Padding1d(left: 2, right: 1, edge: .constant(0.5)) },
    LayerCase("circular_pad1d", in: "layers_more") { Padding1d(left: 3, right: 1, edge: .wrapped) },
    LayerCase("replication_pad2d", in: "layers_more") {
      Padding2d(top: 2, bottom: 3, left: 1, right: 0, edge: .repeated)
    },
    LayerCase("reflection_pad3d", in: "layers_more") {
      Padding3d(front: 1, back: 1, top: 0, bottom: 1, left: 1, right: 2, edge: .reflected)
    },
    LayerCase("zero_pad3d", in: "layers_more") { Padding3d(front: 3, back: 0, top: 0, bottom: 1, left: 1, right: 2) },
    LayerCase("softmin", in: "layers_more") { Softmin(axis: 1) },
    LayerCase("rrelu", in: "layers_more", evaluating: true) { RReLU(0.1...0.4) },
    LayerCase("batch_norm3d", in: "layers_more") { BatchNorm3d(2, momentum: 0.3) },
    LayerCase("instance_norm1d", in: "layers_more") { InstanceNorm1d(2, affine: true, trackingStatistics: true) },
    LayerCase("instance_norm1d_evaluation", in: "layers_more", evaluating: true) {
      InstanceNorm1d(2, trackingStatistics: true)
    },
    LayerCase("instance_norm2d", in: "layers_more") { InstanceNorm2d(2, momentum: 0.4, trackingStatistics: true) },
    LayerCase("instance_norm3d", in: "layers_more") { InstanceNorm3d(2, affine: true) },
    LayerCase("local_response_norm", in: "layers_more") { LocalResponseNorm(3, alpha: 0.5, beta: 0.6, k: 2) },
    LayerCase("local_response_norm_even", in: "layers_more") { LocalResponseNorm(4, alpha: 0.5) },
    LayerCase("unflatten", in: "layers_more") { Unflatten(axis: 1, [2, -1]) },
    LayerCase("unfold", in: "layers_more") { Unfold(kernel: [2, 3], stride: 2, padding: 1) },
    LayerCase("fold", in: "layers_more") { Fold(to: [4, 5], kernel: [2, 3], padding: [1, 0]) },
    LayerCase("channel_shuffle", in: "layers_more") { ChannelShuffle(3) },
    LayerCase("pixel_unshuffle", in: "layers_more") { PixelUnshuffle(2) },
    LayerCase("orthogonal_expm_square", in: "layers_more") { OrthogonalWeight(Linear(3, 3)) },
    LayerCase("orthogonal_expm_tall", in: "layers_more") { OrthogonalWeight(Linear(2, 4)) },
    LayerCase("orthogonal_expm_wide", in: "layers_more") { OrthogonalWeight(Linear(4, 3)) },
    LayerCase("orthogonal_cayley_square", in: "layers_more") { OrthogonalWeight(Linear(3, 3), map: .cayley) },
    LayerCase("orthogonal_cayley_tall", in: "layers_more") { OrthogonalWeight(Linear(2, 4), map: .cayley) },
    LayerCase("orthogonal_cayley_wide", in: "layers_more") {
      OrthogonalWeight(Linear(4, 3), map: .cayley)
    },
    LayerCase("batch_norm1d_plain", in: "layers_more") { BatchNorm1d(3, affine: false) },
    LayerCase("weight_norm_conv1d", in: "layers_more") { WeightNorm(Conv1d(2, 3, kernel: 2)) },
    LayerCase("weight_norm_conv_transpose2d", in: "layers_more") { WeightNorm(ConvTranspose2d(2, 3, kernel: 2)) },
  ]

  /// Layers with options that change where they look.
  private static let options: [LayerCase] = [
    LayerCase("conv1d_same", in: "options") { Conv1d(2, 3, kernel: 4, padding: .same, dilation: 3) },
    LayerCase("conv2d_same", in: "options") {
      Conv2d(2, 4, kernel: [3, 5], padding: .same, dilation: [2, 1], groups: 2)
    },
    LayerCase("conv2d_same_even", in: "options") { Conv2d(2, 3, kernel: [2, 3], padding: .same) },
    LayerCase("conv3d_same", in: "options") { Conv3d(1, 2, kernel: [3, 2, 1], padding: .same, bias: false) },
    LayerCase("conv1d_reflected", in: "options") { Conv1d(2, 3, kernel: 5, stride: 2, padding: 2, edge: .reflected) },
    LayerCase("conv1d_wrapped_same", in: "options") {
      Conv1d(2, 3, kernel: 4, padding: .same, edge: .wrapped, dilation: 2)
    },
    LayerCase("conv2d_reflected_same", in: "options") {
      Conv2d(2, 3, kernel: [4, 3], padding: .same, edge: .reflected)
    },
    LayerCase("conv2d_repeated", in: "options") {
      Conv2d(2, 3, kernel: 3, stride: [1, 2], padding: [1, 3], edge: .repeated)
    },
    LayerCase("conv2d_wrapped", in: "options") {
      Conv2d(2, 4, kernel: 3, padding: [1, 2], edge: .wrapped, groups: 2, bias: false)
    },
    LayerCase("conv3d_repeated", in: "options") { Conv3d(1, 2, kernel: [2, 3, 2], padding: 1, edge: .repeated) },
    LayerCase("conv3d_wrapped", in: "options") {
      Conv3d(1, 2, kernel: 2, stride: 2, padding: [1, 0, 1], edge: .wrapped)
    },
    LayerCase("conv3d_reflected_same", in: "options") {
      Conv3d(1, 2, kernel: [2, 3, 2], padding: .same, edge: .reflected)
    },
    LayerCase("max_pool1d_ceil", in: "options") {
      MaxPool1d(kernel: 2, stride: 3, padding: 1, dilation: 2, ceilMode: true)
    },
    LayerCase("max_pool2d_ceil", in: "options") { MaxPool2d(kernel: [2, 3], padding: 1, ceilMode: true) },
    LayerCase("max_pool3d_ceil", in: "options") { MaxPool3d(kernel: 2, stride: [1, 2, 3], ceilMode: true) },
    LayerCase("avg_pool1d_ceil", in: "options") { AvgPool1d(kernel: 4, stride: 3, padding: 2, ceilMode: true) },
    LayerCase("avg_pool2d_ceil", in: "options") {
      AvgPool2d(kernel: 3, stride: 2, padding: [1, 0], ceilMode: true, countPadding: false)
    },
    LayerCase("avg_pool3d_ceil", in: "options") {
      AvgPool3d(kernel: 3, stride: 2, padding: [1, 0, 1], ceilMode: true, divisor: 11)
    },
    LayerCase("lp_pool1d_ceil", in: "options") { LPPool1d(2, kernel: 3, stride: 2, ceilMode: true) },
    LayerCase("lp_pool2d_ceil", in: "options") { LPPool2d(3, kernel: [2, 3], ceilMode: true) },
    LayerCase("batch_norm1d_untracked", in: "options") { BatchNorm1d(3, trackingStatistics: false) },
    LayerCase("batch_norm2d_untracked_evaluation", in: "options", evaluating: true) {
      BatchNorm2d(3, trackingStatistics: false)
    },
    LayerCase("batch_norm2d_plain_evaluation", in: "options", evaluating: true) { BatchNorm2d(3, affine: false) },
    LayerCase("batch_norm3d_bare", in: "options") { BatchNorm3d(2, affine: false, trackingStatistics: false) },
    LayerCase("instance_norm2d_plain", in: "options") { InstanceNorm2d(2) },
    LayerCase("instance_norm2d_evaluation", in: "options", evaluating: true) {
      InstanceNorm2d(2, affine: true, trackingStatistics: true)
    },
    LayerCase("instance_norm3d_tracked", in: "options") { InstanceNorm3d(2, affine: true, trackingStatistics: true) },
    LayerCase("group_norm_plain", in: "options") { GroupNorm(groups: 2, channels: 4, affine: false) },
    LayerCase("layer_norm_no_bias", in: "options") { LayerNorm([2, 3], bias: false) },
    LayerCase("layer_norm_plain", in: "options") { LayerNorm(4, affine: false) },
    LayerCase("rms_norm_plain", in: "options") { RMSNorm(4, affine: false) },
    LayerCase("upsample1d", in: "options") { Upsample(to: [7], by: .linear, alignCorners: true) },
    LayerCase("upsample1d_factor", in: "options") { Upsample(factor: 1.5, by: .linear) },
    LayerCase("upsample2d_exact", in: "options") { Upsample(to: 5, by: .nearestExact) },
    LayerCase("upsample2d_cubic", in: "options") { Upsample(factors: [2, 1.3], by: .bicubic) },
    LayerCase("upsample3d", in: "options") { Upsample(factors: [2, 1, 1.6], by: .trilinear) },
    LayerCase("upsample3d_nearest", in: "options") { Upsample(factor: 2) },
    LayerCase("lp_pool3d_ceil", in: "options") { LPPool3d(2, kernel: 2, ceilMode: true) },
  ]
}

@Suite("A layer computes what PyTorch's computes:")
struct LayerGoldenTests {
  @Test("outputs, gradients and running statistics", arguments: LayerCase.all, Goldens.dtypes)
  func equalsPyTorch(_ layerCase: LayerCase, _ dtype: DType) throws {
    let goldens = try Goldens(layerCase.file)
    let tolerance = Goldens.tolerance(dtype)
    let layer = layerCase.make()
    layer.cast(to: dtype)
    // Strict: the names are PyTorch's, all of them.
    let state = goldens.group("\(layerCase.name).state.", in: dtype)
    try layer.load(stateDictionary: StateDictionary(state))
    if layerCase.evaluating { layer.evaluate() }
    let results = goldens.group(layerCase.name + Goldens.suffix(dtype) + ".")
    var batch = 0
    while let x = goldens.tensors["\(layerCase.name).\(batch).x"]?.cast(to: dtype).requiringGradient() {
      layer.zeroGradients()
      let y = layer(x)
      #expect(difference(y, try #require(results["\(batch).y"])) < tolerance)
      #expect(try layer.outputShape(for: x.shape) == y.shape)
      y.backward(from: try goldens("\(layerCase.name).\(batch).dy").cast(to: dtype))
      #expect(difference(try #require(x.gradient), try #require(results["\(batch).dx"])) < tolerance)
      for (name, parameter) in layer.namedParameters() {
        let gradient = try #require(parameter.gradient)
        let expected = try #require(results["\(batch).gradient.\(name)"])
        #expect(difference(gradient, expected) < tolerance, "gradient of \(name)")
      }
      batch += 1
    }
    #expect(batch > 0)
    for (name, tensor) in layer.stateDictionary() {
      let expected = try #require(results["after.\(name)"] ?? state[name])
      #expect(difference(tensor, expected) < tolerance, "\(name) afterwards")
    }
  }
}
