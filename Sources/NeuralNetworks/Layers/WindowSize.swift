import TensorCore

/// A size along one, two or three axes: an `Int`, a `Size2D` or a `Size3D`. What convolutions and pooling of sequences,
/// pictures and volumes are written over once.
///
/// ```swift
/// Size2D(3, 5).extents  // → [3, 5]
/// Size3D.axes  // → ["depth", "height", "width"]
/// ```
public protocol WindowSize: Sendable, Equatable, ExpressibleByIntegerLiteral {
  /// The size along each axis.
  var extents: [Int] { get }
  /// The axes' names.
  static var axes: [String] { get }
}

extension Int: WindowSize {
  public var extents: [Int] { [self] }
  public static var axes: [String] { ["length"] }
}

extension Size2D: WindowSize {
  public var extents: [Int] { [height, width] }
  public static var axes: [String] { ["height", "width"] }
}

extension Size3D: WindowSize {
  public var extents: [Int] { [depth, height, width] }
  public static var axes: [String] { ["depth", "height", "width"] }
}

extension WindowSize {
  /// `batch, channels, height, width`, with a number in place of the channels if they are given.
  static func inputAxes(channels: Int? = nil) -> String {
    "[batch, \(channels.map(String.init) ?? "channels"), \(axes.joined(separator: ", "))]"
  }
}
