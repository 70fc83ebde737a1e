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
  /// The size with so many elements along each axis.
  init(extents: [Int])
}

extension Int: WindowSize {
  public var extents: [Int] { [self] }
  public static var axes: [String] { ["length"] }
  public init(extents: [Int]) { self = extents[0] }
}

extension Size2D: WindowSize {
  public var extents: [Int] { [height, width] }
  public static var axes: [String] { ["height", "width"] }
  public init(extents: [Int]) { self.init(extents[0], extents[1]) }
}

extension Size3D: WindowSize {
  public var extents: [Int] { [depth, height, width] }
  public static var axes: [String] { ["depth", "height", "width"] }
  public init(extents: [Int]) { self.init(extents[0], extents[1], extents[2]) }
}

extension WindowSize {
  /// `batch, channels, height, width`, with a number in place of the channels if they are given.
  static func inputAxes(channels: Int? = nil) -> String {
    "[batch, \(channels.map(String.init) ?? "channels"), \(axes.joined(separator: ", "))]"
  }
}
