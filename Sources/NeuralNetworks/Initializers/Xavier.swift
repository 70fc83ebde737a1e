import TensorCore

// Xavier Glorot's initialisers (Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
// networks", 2010): a variance of gain²·2/(fan in + fan out) is the compromise between keeping that of the signals
// and that of the gradients.
extension Initializer {
  /// Uniform in ±gain·√(6/(fan in + fan out)) (Glorot & Bengio, 2010, eq. 16). Stops for shapes of fewer than two axes.
  ///
  /// ```swift
  /// let w = Initializer.xavierUniform()([100, 50])
  /// w.abs().max().item() <= 0.2  // → true
  /// ```
  public static func xavierUniform(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      let fans = Fans(of: shape)
      let bound = gain * (6 / Double(fans.in + fans.out)).squareRoot()
      return Tensor.uniform(shape, from: -bound, to: bound, dtype: dtype, using: generator)
    }
  }

  /// Normal with standard deviation gain·√(2/(fan in + fan out)) (Glorot & Bengio, 2010). Stops for shapes of fewer
  /// than two axes.
  ///
  /// ```swift
  /// let w = Initializer.xavierNormal()([100, 100], using: RandomGenerator(seed: 1))
  /// abs(w.standardDeviation().item() - 0.1) < 0.005  // → true
  /// ```
  public static func xavierNormal(gain: Double = 1) -> Initializer {
    Initializer { shape, dtype, generator in
      let fans = Fans(of: shape)
      let deviation = gain * (2 / Double(fans.in + fans.out)).squareRoot()
      return Tensor.normal(shape, standardDeviation: deviation, dtype: dtype, using: generator)
    }
  }
}
