import TensorCore

/// A way to fill a parameter before training.
///
/// ```swift
/// let layer = Linear(64, 32)
/// layer.weight.initialize(.kaimingNormal(nonlinearity: .relu), using: RandomGenerator(seed: 1))
/// layer.bias?.initialize(.constant(0))
/// Initializer.constant(0.5)([2])  // → [0.5, 0.5]
/// ```
public struct Initializer: Sendable {
  private let make: @Sendable (Shape, DType, RandomGenerator) -> Tensor

  /// An initialiser of one's own: it returns a tensor of the given shape and dtype.
  public init(_ make: @escaping @Sendable (_ shape: Shape, _ dtype: DType, _ generator: RandomGenerator) -> Tensor) {
    self.make = make
  }

  /// A fresh tensor.
  public func callAsFunction(_ shape: Shape, dtype: DType = .float32, using generator: RandomGenerator = .default)
    -> Tensor
  {
    make(shape, dtype, generator)
  }

  /// One value everywhere.
  ///
  /// ```swift
  /// Initializer.constant(0.5)([2])  // → [0.5, 0.5]
  /// ```
  public static func constant(_ value: Double) -> Initializer {
    Initializer { shape, dtype, _ in Tensor.full(shape, value, dtype: dtype) }
  }

  /// Uniform between two bounds.
  ///
  /// ```swift
  /// Initializer.uniform(from: -1, to: 1)([1000]).abs().max().item() <= 1  // → true
  /// ```
  public static func uniform(from low: Double, to high: Double) -> Initializer {
    Initializer { shape, dtype, generator in Tensor.uniform(shape, from: low, to: high, dtype: dtype, using: generator)
    }
  }

  /// Normal.
  ///
  /// ```swift
  /// Initializer.normal(standardDeviation: 0.02)([3, 4]).shape  // → [3, 4]
  /// ```
  public static func normal(mean: Double = 0, standardDeviation: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.normal(shape, mean: mean, standardDeviation: standardDeviation, dtype: dtype, using: generator)
    }
  }

  /// Normal, drawn again until within `bounds` standard deviations of the mean.
  ///
  /// ```swift
  /// let w = Initializer.truncatedNormal(standardDeviation: 0.02)([1000])
  /// w.abs().max().item() <= 0.04  // → true
  /// ```
  public static func truncatedNormal(
    mean: Double = 0, standardDeviation: Double = 1, bounds: ClosedRange<Double> = -2...2
  ) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.truncatedNormal(
        shape, mean: mean, standardDeviation: standardDeviation, bounds: bounds, dtype: dtype, using: generator)
    }
  }
}

extension Parameter {
  /// Replaces the value by a fresh one of the same shape and dtype.
  ///
  /// ```swift
  /// let w = Parameter(Tensor.zeros([2]))
  /// w.initialize(.constant(3))
  /// w.value.detached()  // → [3.0, 3.0]
  /// ```
  public func initialize(_ initializer: Initializer, using generator: RandomGenerator = .default) {
    value = initializer(shape, dtype: dtype, using: generator)
  }
}
