import TensorCore

/// Channels of groups dealt out in turn, so that the next layer's groups see some of each (Zhang et al., "ShuffleNet",
/// 2018).
///
/// [batch, channels, ...], same shape out. Stops unless the groups divide the channels.
///
/// ```swift
/// ChannelShuffle(2)(Tensor([[1.0, 2.0, 3.0, 4.0]]))  // → [[1.0, 3.0, 2.0, 4.0]]
/// ```
public final class ChannelShuffle: Module, Layer {
  public let groups: Int

  /// Stops unless there is a group.
  public init(_ groups: Int) {
    if groups < 1 { stop("ChannelShuffle", "\(groups) groups", fix: "use at least one") }
    self.groups = groups
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { x.channelsShuffled(groups: groups) }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank >= 2, input[1] % groups == 0 else {
      throw ShapeError(self, input: input, "expects [batch, channels, ...] with a multiple of \(groups) channels")
    }
    return input
  }

  public override var configuration: String { "\(groups)" }
}
