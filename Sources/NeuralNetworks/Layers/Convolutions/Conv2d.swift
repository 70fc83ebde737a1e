import TensorCore

/// A 2-D convolution: y[n, f] = b[f] + Σ_c w[f, c] ⋆ x[n, c], where ⋆ is the cross-correlation (LeCun et al., 1998).
///
/// x [batch, channels, height, width] → [batch, filters, out height, out width] with out = ⌊(size + 2·padding −
/// dilation·(kernel − 1) − 1)/stride⌋ + 1; weight [filters, channels/groups, kernel height, kernel width], bias
/// [filters]. Both start uniform in ±1/√(channels/groups · kernel height · kernel width), as in PyTorch. Stops when
/// the shapes do not fit.
///
/// ```swift
/// let layer = Conv2d(3, 8, kernel: 3, stride: 2, padding: 1)
/// layer(Tensor.ones([1, 3, 32, 32])).shape  // → [1, 8, 16, 16]
/// layer.weight.shape  // → [8, 3, 3, 3]
/// ```
public final class Conv2d: Module, Layer {
  public let weight: Parameter
  public let bias: Parameter?
  public let groups: Int
  private let window: SlidingWindow

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size2D, stride: Size2D = 1, padding: Size2D = 0, dilation: Size2D = 1,
    groups: Int = 1,
    bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    window = SlidingWindow("Conv2d", kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "Conv2d", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    self.groups = groups
    let shape: Shape = [filters, channels / groups, kernel.height, kernel.width]
    let bound = 1 / Double(channels / groups * kernel.height * kernel.width).squareRoot()
    weight = Parameter(Tensor.uniform(shape, from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public var channels: Int { weight.shape[1] * groups }
  public var filters: Int { weight.shape[0] }
  public var kernel: Size2D { window.kernel }
  public var stride: Size2D { window.stride }
  public var padding: Size2D { window.padding }
  public var dilation: Size2D { window.dilation }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    conv2d(
      x, weight.value, bias?.value, stride: window.stride, padding: window.padding, dilation: window.dilation,
      groups: groups)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 4, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), height, width]")
    }
    let out = try window.output(for: input, of: self)
    return [input[0], filters, out.height, out.width]
  }

  public override var configuration: String {
    "\(channels) → \(filters), \(window.configuration(usualStride: 1))"
      + (groups == 1 ? "" : ", groups \(groups)") + (bias == nil ? ", no bias" : "")
  }
}
