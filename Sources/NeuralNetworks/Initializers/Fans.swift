import TensorCore

/// How many numbers lead into and out of each unit of a weight.
///
/// A linear weight is [out, in]; a convolution's is [filters, channels/groups, kernel height, kernel width], where
/// every place of the kernel counts.
///
/// ```swift
/// Fans(of: [16, 6, 5, 5]).in  // → 150
/// Fans(of: [16, 6, 5, 5]).out  // → 400
/// ```
public struct Fans: Sendable, Hashable {
  public let `in`: Int
  public let out: Int

  /// Stops unless the shape has at least two axes.
  public init(of weight: Shape) {
    guard weight.rank >= 2 else {
      stop(
        "Fans", "a weight of shape \(weight) leads from nowhere to nowhere",
        fix: "use a weight [out, in, ...], or another initialiser")
    }
    let places = weight.dimensions.dropFirst(2).reduce(1, *)
    `in` = weight[1] * places
    out = weight[0] * places
  }
}

/// Which of the two an initialiser keeps the variance for: signals on the way forward, or gradients on the way back.
public enum FanMode: Sendable, Hashable {
  case fanIn
  case fanOut
}

/// What follows a layer, as far as initialisers need to know it.
public enum Nonlinearity: Sendable, Hashable {
  case linear
  case sigmoid
  case tanh
  case relu
  case leakyRelu(slope: Double)
  case selu

  /// The factor on the standard deviation that makes up for the nonlinearity; the values are PyTorch's
  /// `calculate_gain`.
  ///
  /// ```swift
  /// Nonlinearity.tanh.gain  // → 1.6666666666666667
  /// ```
  public var gain: Double {
    switch self {
    case .linear, .sigmoid: 1
    case .tanh: 5.0 / 3
    case .relu: 2.0.squareRoot()
    case .leakyRelu(let slope): (2 / (1 + slope * slope)).squareRoot()
    case .selu: 0.75
    }
  }
}
