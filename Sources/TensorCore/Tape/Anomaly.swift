import CKernels

/// The op that made the first NaN, found by `detectingAnomalies`.
public struct Anomaly: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where NaN came up.
  public enum Place: Sendable, Hashable {
    /// The op made it of inputs without.
    case forward
    /// It stood in an input of this op, which is the first recorded one that met it: no recorded op made it.
    case input
    /// The op's backward rule made it of a gradient without.
    case backward
    /// The gradient that the backward rule was given had it already: a seed, say.
    case gradient
  }

  public let op: String
  public let place: Place
  /// The shape of the op's result, or, backward, of the gradient.
  public let shape: Shape

  public init(op: String, place: Place, shape: Shape) {
    self.op = op
    self.place = place
    self.shape = shape
  }

  public var description: String {
    switch place {
    case .forward: "\(op) made the first NaN, in its result of shape \(shape), from inputs without."
    case .input: "\(op) is the first op to meet a NaN, in an input; its result has the shape \(shape)."
    case .backward:
      "The backward rule of \(op) made the first NaN, in a gradient of shape \(shape), from a gradient without."
    case .gradient: "The backward rule of \(op) was given a gradient with NaN; it gave one of shape \(shape)."
    }
  }
}

/// Runs `body`, and throws the ``Anomaly`` if an op that is recorded, or a backward rule, meets NaN on this thread: the
/// first one, as soon as `body` has ended. Each result is looked through, so use it to find the reason and not always;
/// where it is not used, it costs nothing to speak of.
///
/// ```swift
/// let x = Tensor([-1.0, 4.0]).requiringGradient()
/// do {
///   try detectingAnomalies { (x.sqrt() + 1).sum().backward() }
/// } catch let anomaly as Anomaly {
///   print(anomaly)  // sqrt made the first NaN, …
/// }
/// ```
public func detectingAnomalies<R>(_ body: () throws -> R) throws -> R {
  var first: Anomaly?
  let result: Result<R, any Error> = withUnsafeMutablePointer(to: &first) { place in
    let outer = gb_anomaly()
    gb_set_anomaly(place)
    defer { gb_set_anomaly(outer) }
    return Result { try body() }
  }
  // It explains what else may have gone wrong.
  if let first { throw first }
  return try result.get()
}

extension Anomaly {
  /// Whether this thread looks for NaN.
  @inline(__always)
  static var isDetecting: Bool { gb_anomaly() != nil }

  @inline(never)
  static func note(_ op: String, _ result: Tensor, from inputs: [Tensor]) {
    note(op, result) { inputs.contains(where: hasNaN) ? .input : .forward }
  }

  @inline(never)
  static func note(_ op: String, _ result: Tensor, backwardFrom gradient: Tensor) {
    note(op, result) { hasNaN(gradient) ? .gradient : .backward }
  }

  private static func note(_ op: String, _ result: Tensor, _ place: () -> Place) {
    guard let first = gb_anomaly()?.assumingMemoryBound(to: Anomaly?.self), first.pointee == nil, hasNaN(result) else {
      return
    }
    first.pointee = Anomaly(op: op, place: place(), shape: result.shape)
  }

  private static func hasNaN(_ x: Tensor) -> Bool {
    guard x.dtype.isFloatingPoint, x.count > 0 else { return false }
    return Tape.withRecording(false) { x.detached().isNaN().any().item(Bool.self) }
  }
}
