import TensorCore

/// The transpose of a 3-D convolution, which makes volumes larger. (Zeiler et al., 2010.)
///
/// [batch, channels, depth, height, width] → [batch, filters, out …] with out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1; weight [channels, filters/groups, kernel],
/// bias [filters]. Both start uniform in ±1/√fan, fan = filters/groups·kernel, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose3d(1, 4, kernel: 2, stride: 2)(Tensor.ones([1, 1, 3, 3, 3])).shape  // → [1, 4, 6, 6, 6]
/// ```
public final class ConvTranspose3d: Module, Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let kernel: Size3D
  public let stride: Size3D
  public let padding: Size3D
  public let outputPadding: Size3D
  public let dilation: Size3D
  public let groups: Int
  public let channels: Int
  public let filters: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size3D, stride: Size3D = 1, padding: Size3D = 0, outputPadding: Size3D = 0,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "ConvTranspose3d", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    if kernel.depth < 1 || stride.depth < 1 || padding.depth < 0 || dilation.depth < 1 || kernel.height < 1
      || stride.height < 1 || padding.height < 0 || dilation.height < 1 || kernel.width < 1 || stride.width < 1
      || padding.width < 0 || dilation.width < 1
    {
      stop(
        "ConvTranspose3d", "kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)",
        fix: "use kernels, strides and dilations of at least 1, and no negative padding")
    }
    self.channels = channels
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.outputPadding = outputPadding
    self.dilation = dilation
    self.groups = groups
    let bound = 1 / Double(filters / groups * kernel.depth * kernel.height * kernel.width).squareRoot()
    weight = Parameter(
      Tensor.uniform(
        [channels, filters / groups, kernel.depth, kernel.height, kernel.width], from: -bound, to: bound,
        using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    convTranspose3d(
      x, weight.value, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 5, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), depth, height, width]")
    }
    let out0 =
      (input[2] - 1) * stride.depth - 2 * padding.depth + dilation.depth * (kernel.depth - 1) + outputPadding.depth + 1
    let out1 =
      (input[3] - 1) * stride.height - 2 * padding.height + dilation.height * (kernel.height - 1) + outputPadding.height
      + 1
    let out2 =
      (input[4] - 1) * stride.width - 2 * padding.width + dilation.width * (kernel.width - 1) + outputPadding.width + 1
    guard out0 >= 1, out1 >= 1, out2 >= 1 else { throw ShapeError(self, input: input, "expects room for its padding") }
    return [input[0], filters, out0, out1, out2]
  }

  public override var configuration: String {
    "\(channels) → \(filters), kernel \(kernel), stride \(stride)" + (groups == 1 ? "" : ", groups \(groups)")
      + (bias == nil ? ", no bias" : "")
  }
}
