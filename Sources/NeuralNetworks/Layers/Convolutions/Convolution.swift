import TensorCore

/// What the convolutions and their transposes have in common: parameters, options by axis, and the shape that they lead to.
///
/// weight [filters, channels/groups, kernel …], for a transpose [channels, filters/groups, kernel …]; bias [filters]. Both start uniform in
/// ±1/√fan, where fan is the product of the weight's sizes but the first, as in PyTorch.
public class Convolution: Module {
  public final let weight: Parameter
  public final let bias: Parameter?
  public final let channels: Int
  public final let filters: Int
  public final let groups: Int
  private let window: Window

  /// Options by axis: depth, height, width, as far as there are.
  struct Window {
    let axes: String
    let kernel: [Int]
    let stride: [Int]
    let padding: [Int]
    let dilation: [Int]
    /// nil for a convolution, which has none.
    var outputPadding: [Int]? = nil
  }

  /// Stops unless `channels` and `filters` are multiples of `groups`, and the sizes can be.
  init(
    _ layer: String, _ channels: Int, _ filters: Int, _ window: Window, groups: Int, bias: Bool,
    using generator: RandomGenerator
  ) {
    guard groups >= 1, channels >= 1, filters >= 1, channels % groups == 0, filters % groups == 0 else {
      stop(
        layer, "\(channels) channels, \(filters) filters, \(groups) groups",
        fix: "make channels and filters multiples of groups")
    }
    guard (window.kernel + window.stride + window.dilation).allSatisfy({ $0 >= 1 }),
      (window.padding + (window.outputPadding ?? [])).allSatisfy({ $0 >= 0 })
    else {
      stop(
        layer,
        "kernel \(window.kernel), stride \(window.stride), padding \(window.padding), dilation \(window.dilation)",
        fix: "use kernels, strides and dilations of at least 1, and no negative padding")
    }
    self.channels = channels
    self.filters = filters
    self.groups = groups
    self.window = window
    let isTransposed = window.outputPadding != nil
    let sizes = isTransposed ? [channels, filters / groups] : [filters, channels / groups]
    let bound = 1 / Double(window.kernel.reduce(sizes[1], *)).squareRoot()
    weight = Parameter(Tensor.uniform(Shape(sizes + window.kernel), from: -bound, to: bound, using: generator))
    self.bias = bias ? Parameter(Tensor.uniform([filters], from: -bound, to: bound, using: generator)) : nil
  }

  public final func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == window.kernel.count + 2, input[1] == channels else {
      throw ShapeError(self, input: input, "expects [batch, \(channels), \(window.axes)]")
    }
    var sizes = [input[0], filters]
    for axis in window.kernel.indices {
      let reach = window.dilation[axis] * (window.kernel[axis] - 1) + 1
      let size: Int
      if let outputPadding = window.outputPadding {
        size = (input[axis + 2] - 1) * window.stride[axis] - 2 * window.padding[axis] + reach + outputPadding[axis]
      } else {
        let room = input[axis + 2] + 2 * window.padding[axis] - reach
        size = room < 0 ? 0 : room / window.stride[axis] + 1
      }
      guard size >= 1 else { throw ShapeError(self, input: input, "expects room for its window") }
      sizes.append(size)
    }
    return Shape(sizes)
  }

  public final override var configuration: String {
    "\(channels) → \(filters), kernel \(window.kernel), stride \(window.stride)"
      + (groups == 1 ? "" : ", groups \(groups)") + (bias == nil ? ", no bias" : "")
  }
}
