import TensorCore

/// What the convolutions have in common: parameters, options, and the shape that they lead to.
///
/// weight [filters, channels/groups, kernel …], bias [filters]. Both start uniform in ±1/√fan, where fan is the product
/// of the weight's sizes but the first, as in PyTorch.
///
/// ```swift
/// let layer = Conv2d(4, 6, kernel: [3, 5], groups: 2)
/// layer.weight.shape  // → [6, 2, 3, 5]
/// try layer.outputShape(for: [1, 4, 9, 9])  // → [1, 6, 7, 5]
/// ```
public class Convolution<Size: WindowSize>: Module {
  public final let weight: Parameter
  public final let bias: Parameter?
  public final let channels: Int
  public final let filters: Int
  public final let groups: Int
  /// What lies around the input, as far as `padding` reaches.
  public final let edge: PaddingEdge
  final let window: SlidingWindow<Size>

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  init(
    _ channels: Int, _ filters: Int, _ window: SlidingWindow<Size>, edge: PaddingEdge, groups: Int, bias: Bool,
    isTransposed: Bool, using generator: RandomGenerator
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        "\(type(of: self))", "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    self.channels = channels
    self.filters = filters
    self.groups = groups
    self.edge = edge
    self.window = window
    let sizes = isTransposed ? [channels, filters / groups] : [filters, channels / groups]
    let bound = 1 / Double(window.kernel.extents.reduce(sizes[1], *)).squareRoot()
    weight = Parameter(Tensor.uniform(Shape(sizes + window.kernel.extents), from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public convenience init(
    _ channels: Int, _ filters: Int, kernel: Size, stride: Size = 1, padding: Size = 0, edge: PaddingEdge = .zero,
    dilation: Size = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    let window = SlidingWindow(
      "\(Self.self)", kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    self.init(
      channels, filters, window, edge: edge, groups: groups, bias: bias, isTransposed: false, using: generator)
  }

  /// A convolution of stride 1 whose output has its input's size: the padding's widths before and after add up to
  /// dilation·(kernel − 1), and the odd one comes after.
  ///
  /// ```swift
  /// Conv2d(1, 2, kernel: [3, 4], padding: .same, edge: .repeated)(Tensor.ones([1, 1, 5, 6])).shape  // → [1, 2, 5, 6]
  /// ```
  public convenience init(
    _ channels: Int, _ filters: Int, kernel: Size, padding: SamePadding, edge: PaddingEdge = .zero, dilation: Size = 1,
    groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    let window = SlidingWindow("\(Self.self)", kernel: kernel, stride: 1, padding: nil, dilation: dilation)
    self.init(
      channels, filters, window, edge: edge, groups: groups, bias: bias, isTransposed: false, using: generator)
  }

  public final var kernel: Size { window.kernel }
  public final var stride: Size { window.stride }
  /// The width before each axis; after it the same, but for one more where `.same` needs it.
  public final var padding: Size { window.padding }
  public final var dilation: Size { window.dilation }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try requireInput(input)
    _ = try edge.sizes(around: input, window.widths, of: self)
    return Shape([input[0], filters] + (try window.output(for: input, of: self)))
  }

  /// x and the padding that is left to the op: it knows zeros, as many before as after, and x comes with any other
  /// edge around it.
  final func surrounded(_ x: Tensor) -> (x: Tensor, padding: Size) {
    let widths = window.widths
    if x.rank != widths.count + 2 || edge == .zero && widths.allSatisfy({ $0.before == $0.after }) {
      return (x, padding)
    }
    return (edge.around(x, widths), 0)
  }

  final func requireInput(_ input: Shape) throws(ShapeError) {
    guard input.rank == Size.axes.count + 2, input[1] == channels else {
      throw ShapeError(self, input: input, "expects \(Size.inputAxes(channels: channels))")
    }
  }

  public final override var configuration: String {
    "\(channels) → \(filters), \(window.configuration(usualStride: 1))\(edge.note)"
      + (groups == 1 ? "" : ", groups \(groups)") + (bias == nil ? ", no bias" : "")
  }
}

/// What a convolution's padding may be instead of a width.
public enum SamePadding: Sendable {
  /// As wide as keeps the size.
  case same
}

/// What the transposes of convolutions have in common (Zeiler et al., 2010; Dumoulin & Visin, 2016).
///
/// weight [channels, filters/groups, kernel …], bias [filters]; both start as a convolution's.
///
/// ```swift
/// let layer = ConvTranspose2d(4, 6, kernel: 3, stride: 2, outputPadding: 1, groups: 2)
/// layer.weight.shape  // → [4, 3, 3, 3]
/// try layer.outputShape(for: [1, 4, 9, 9])  // → [1, 6, 20, 20]
/// ```
public class TransposedConvolution<Size: WindowSize>: Convolution<Size> {
  /// What is added to the output's size on one side, since several inputs' sizes lead a convolution to one.
  public final let outputPadding: Size

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  public init(
    _ channels: Int, _ filters: Int, kernel: Size, stride: Size = 1, padding: Size = 0, outputPadding: Size = 0,
    dilation: Size = 1, groups: Int = 1, bias: Bool = true, using generator: RandomGenerator = .default
  ) {
    let layer = "\(type(of: self))"
    if outputPadding.extents.contains(where: { $0 < 0 }) {
      stop(layer, "an output padding of \(outputPadding)", fix: "use at least 0 in every direction")
    }
    self.outputPadding = outputPadding
    let window = SlidingWindow(layer, kernel: kernel, stride: stride, padding: padding, dilation: dilation)
    super.init(
      channels, filters, window, edge: .zero, groups: groups, bias: bias, isTransposed: true, using: generator)
  }

  public override func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    try requireInput(input)
    let sizes = Size.axes.indices.map { axis in
      (input[axis + 2] - 1) * stride.extents[axis] - 2 * padding.extents[axis] + window.reach[axis]
        + outputPadding.extents[axis]
    }
    guard sizes.allSatisfy({ $0 >= 1 }) else { throw ShapeError(self, input: input, "expects less padding") }
    return Shape([input[0], filters] + sizes)
  }
}
