import TensorCore

/// The transpose of a 2-D convolution, which makes pictures larger. (Zeiler et al., 2010.)
///
/// [batch, channels, height, width] → [batch, filters, out …] with out = (size − 1)·stride − 2·padding + dilation·(kernel − 1) + outputPadding + 1; weight [channels, filters/groups, kernel],
/// bias [filters]. Both start uniform in ±1/√fan, fan = filters/groups·kernel, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// ConvTranspose2d(3, 8, kernel: 4, stride: 2, padding: 1)(Tensor.ones([1, 3, 7, 7])).shape  // → [1, 8, 14, 14]
/// ```
public final class ConvTranspose2d: Module, Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let kernel: Size2D
  public let stride: Size2D
  public let padding: Size2D
  public let outputPadding: Size2D
  public let dilation: Size2D
  public let groups: Int
  public let channels: Int
  public let filters: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, outputPadding: Size2D = 0,
    dilation: Size2D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "ConvTranspose2d", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    if kernel.height < 1 || stride.height < 1 || padding.height < 0 || dilation.height < 1 || kernel.width < 1
      || stride.width < 1 || padding.width < 0 || dilation.width < 1
    {
      stop(
        "ConvTranspose2d", "kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)",
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
    let bound = 1 / Double(filters / groups * kernel.height * kernel.width).squareRoot()
    weight = Parameter(
      Tensor.uniform(
        [channels, filters / groups, kernel.height, kernel.width], from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    convTranspose2d(
      x, weight.value, bias?.value, stride: stride, padding: padding, outputPadding: outputPadding, groups: groups,
      dilation: dilation)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), height, width]")
    }
    let out0 =
      (input[2] - 1) * stride.height - 2 * padding.height + dilation.height * (kernel.height - 1) + outputPadding.height
      + 1
    let out1 =
      (input[3] - 1) * stride.width - 2 * padding.width + dilation.width * (kernel.width - 1) + outputPadding.width + 1
    guard out0 >= 1, out1 >= 1 else { throw ShapeError(self, input: input, "expects room for its padding") }
    return [input[0], filters, out0, out1]
  }

  public override var configuration: String {
    "\(channels) → \(filters), kernel \(kernel), stride \(stride)" + (groups == 1 ? "" : ", groups \(groups)")
      + (bias == nil ? ", no bias" : "")
  }
}
