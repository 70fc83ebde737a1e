import TensorCore

/// A 1-D convolution: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation.
///
/// [batch, channels, length] → [batch, filters, out …] with out = ⌊(size + 2·padding − dilation·(kernel − 1) − 1)/stride⌋ + 1; weight [filters, channels/groups, kernel],
/// bias [filters]. Both start uniform in ±1/√fan, fan = channels/groups·kernel, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// Conv1d(3, 8, kernel: 5, padding: 2)(Tensor.ones([2, 3, 10])).shape  // → [2, 8, 10]
/// ```
public final class Conv1d: Module, Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let kernel: Int
  public let stride: Int
  public let padding: Int
  public let dilation: Int
  public let groups: Int
  public let channels: Int
  public let filters: Int

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Int, stride: Int = 1, padding: Int = 0,
    dilation: Int = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "Conv1d", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    if kernel < 1 || stride < 1 || padding < 0 || dilation < 1 {
      stop(
        "Conv1d", "kernel \(kernel), stride \(stride), padding \(padding), dilation \(dilation)",
        fix: "use kernels, strides and dilations of at least 1, and no negative padding")
    }
    self.channels = channels
    self.filters = filters
    self.kernel = kernel
    self.stride = stride
    self.padding = padding
    self.dilation = dilation
    self.groups = groups
    let bound = 1 / Double(channels / groups * kernel).squareRoot()
    weight = Parameter(
      Tensor.uniform([filters, channels / groups, kernel], from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    conv1d(
      x, weight.value, bias?.value, stride: stride, padding: padding, dilation: dilation, groups: groups)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), length]")
    }
    let room0 = input[2] + 2 * padding - dilation * (kernel - 1) - 1
    guard room0 >= 0 else {
      throw ShapeError(self, input: input, "expects room for its window")
    }
    return [input[0], filters, room0 / stride + 1]
  }

  public override var configuration: String {
    "\(channels) → \(filters), kernel \(kernel), stride \(stride)" + (groups == 1 ? "" : ", groups \(groups)")
      + (bias == nil ? ", no bias" : "")
  }
}
