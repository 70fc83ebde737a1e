import TensorCore

/// Adds a wave of another length to each element of a row, so that attention can tell places apart (Vaswani et al.,
/// 2017, §3.5): y[p, 2i] = x[p, 2i] + sin(p·base^(−2i/width)), and cos for 2i + 1.
///
/// [batch, length, width], same shape out. It has no parameters. Stops when the shapes do not fit.
///
/// ```swift
/// SinusoidalEncoding(4)(Tensor.zeros([1, 1, 4]))  // → [[[0.0, 1.0, 0.0, 1.0]]]
/// ```
public final class SinusoidalEncoding: Module, Layer {
  public let width: Int
  private let rates: Tensor

  /// Stops unless the width is even and at least 2.
  public init(_ width: Int, base: Double = 10_000) {
    guard width >= 2, width % 2 == 0, base > 0 else {
      stop("SinusoidalEncoding", "a width of \(width) and a base of \(base)", fix: "use an even width, and base > 0")
    }
    self.width = width
    let exponents = Tensor.range(0, Double(width / 2), dtype: .float64) * (-2 / Double(width))
    rates = (Tensor(base, dtype: .float64).log() * exponents).exp()
  }

  /// The waves themselves, [length, width], in float64.
  public func waves(length: Int) -> Tensor {
    let angles = Tensor.range(0, Double(length), dtype: .float64).reshaped([length, 1]) * rates
    return Tensor.stacked([angles.sin(), angles.cos()], axis: 2).reshaped([length, width])
  }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 3 || x.shape[2] != width {
      stop("SinusoidalEncoding", "x is \(x.shape)", fix: "pass [batch, length, \(width)]")
    }
    return x + waves(length: x.shape[1]).cast(to: x.dtype)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[2] == width else {
      throw ShapeError(self, input: input, "expects [batch, length, \(width)]")
    }
    return input
  }

  public override var configuration: String { "\(width)" }
}

/// Adds a learned vector for each place: y[b, p] = x[b, p] + weight[p] (Gehring et al., 2017).
///
/// [batch, length, width] with a length of at most `context`, same shape out; weight [context, width], normal with
/// standard deviation 0.02 at first, as in GPT-2. Stops when the shapes do not fit.
///
/// ```swift
/// LearnedEncoding(context: 16, 4)(Tensor.zeros([2, 5, 4])).shape  // → [2, 5, 4]
/// ```
public final class LearnedEncoding: Module, Layer {
  public let weight: Parameter

  /// Stops unless both sizes are at least 1.
  public init(context: Int, _ width: Int, using generator: RandomGenerator = .default) {
    guard context >= 1, width >= 1 else {
      stop("LearnedEncoding", "a context of \(context) and a width of \(width)", fix: "use sizes of at least 1")
    }
    weight = Parameter(Tensor.normal([context, width], standardDeviation: 0.02, using: generator))
  }

  public var context: Int { weight.shape[0] }
  public var width: Int { weight.shape[1] }

  public func callAsFunction(_ x: Tensor) -> Tensor {
    if x.rank != 3 || x.shape[2] != width || x.shape[1] > context {
      stop("LearnedEncoding", "x is \(x.shape)", fix: "pass [batch, length, \(width)] with a length up to \(context)")
    }
    return x + weight.value[0..<x.shape[1]]
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank == 3, input[2] == width, input[1] <= context else {
      throw ShapeError(self, input: input, "expects [batch, length ≤ \(context), \(width)]")
    }
    return input
  }

  public override var configuration: String { "\(width), context \(context)" }
}

/// Turns pairs of elements by angles that grow with the position, for queries and keys (Su et al., 2021): see
/// `rotaryEmbedding`.
///
/// [..., length, width], same shape out. It has no parameters. Stops when the width is another one.
///
/// ```swift
/// RotaryEncoding(2)(Tensor([[1.0, 0.0], [1.0, 0.0]]))[0]  // → [1.0, 0.0]
/// ```
public final class RotaryEncoding: Module, Layer {
  public let width: Int
  public let base: Double
  public let pairing: RotaryPairing

  /// Stops unless the width is even and at least 2.
  public init(_ width: Int, base: Double = 10_000, pairing: RotaryPairing = .neighbours) {
    guard width >= 2, width % 2 == 0, base > 0 else {
      stop("RotaryEncoding", "a width of \(width) and a base of \(base)", fix: "use an even width, and base > 0")
    }
    self.width = width
    self.base = base
    self.pairing = pairing
  }

  public func callAsFunction(_ x: Tensor) -> Tensor { self(x, from: 0) }

  /// The first place has position `start`.
  public func callAsFunction(_ x: Tensor, from start: Int) -> Tensor {
    if x.rank < 2 || x.shape[-1] != width {
      stop("RotaryEncoding", "x is \(x.shape)", fix: "pass [..., length, \(width)]")
    }
    return rotaryEmbedding(x, from: start, base: base, pairing: pairing)
  }

  public func outputShape(for input: Shape) throws(ShapeError) -> Shape {
    guard input.rank >= 2, input[-1] == width else {
      throw ShapeError(self, input: input, "expects [..., length, \(width)]")
    }
    return input
  }

  public override var configuration: String { "\(width)" }
}
