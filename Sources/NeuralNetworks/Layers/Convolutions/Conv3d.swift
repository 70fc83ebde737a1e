import TensorCore

/// A 3-D convolution: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation.
///
/// [batch, channels, depth, height, width] → [batch, filters, out …] with out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1; weight [filters, channels/groups, kernel],
/// bias [filters]. Both start uniform in ±1/√fan, fan = channels/groups·kernel, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// Conv3d(1, 4, kernel: 3)(Tensor.ones([1, 1, 5, 5, 5])).shape  // → [1, 4, 3, 3, 3]
/// ```
public final class Conv3d: Module, Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let kernel: Size3D
  public let stride: Size3D
  public let padding: Size3D
  public let dilation: Size3D
  public let groups: Int
  public let channels: Int
  public let filters: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size3D, stride: Size3D = 1, padding: Size3D = 0,
    dilation: Size3D = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "Conv3d", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    if kernel.depth < 1 || stride.depth < 1 || padding.depth < 0 || dilation.depth < 1 || kernel.height < 1
      || stride.height < 1 || padding.height < 0 || dilation.height < 1 || kernel.width < 1 || stride.width < 1
      || padding.width < 0 || dilation.width < 1
    {
      stop(
        "Conv3d", "kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)",
        fix: "use kernels, strides and dilations of at least 1, and no negative padding")
    }
    self.channels = channels
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    let bound = 1 / Double(channels / groups * kernel.depth * kernel.height * kernel.width).squareRoot()
    weight = Parameter(
      Tensor.uniform(
        [filters, channels / groups, kernel.depth, kernel.height, kernel.width], from: -bound, to: bound,
        using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    conv3d(
      x, weight.value, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 5, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), depth, height, width]")
    }
    let room0 = input[2] + 2 * padding.depth - dilation.depth * (kernel.depth - 1) - 1
    let room1 = input[3] + 2 * padding.height - dilation.height * (kernel.height - 1) - 1
    let room2 = input[4] + 2 * padding.width - dilation.width * (kernel.width - 1) - 1
    guard room0 >= 0, room1 >= 0, room2 >= 0 else {
      throw ShapeError(self, input: input, "expects room for its window")
    }
    return [input[0], filters, room0 / stride.depth + 1, room1 / stride.height + 1, room2 / stride.width + 1]
  }

  public override var configuration: String {
    "\(channels) → \(filters), kernel \(kernel), stride \(stride)" + (groups == 1 ? "" : ", groups \(groups)")
      + (bias == nil ? ", no bias" : "")
  }
}
