import TensorCore

// Kaiming He's initialisers (He, Zhang, Ren & Sun, "Delving deep into rectifiers", 2015): a variance of gain²/fan
// keeps that of the signals (fan in, eq. 10) or that of the gradients (fan out, eq. 14) from layer to layer.
extension Initializer {
  /// Uniform in ±gain·√(3/fan) (He et al., 2015). Stops for shapes of fewer than two axes.
  ///
  /// ```swift
  /// let w = Initializer.kaimingUniform()([50, 24])
  /// w.abs().max().item() <= 0.5  // → true
  /// ```
  public static func kaimingUniform(_ mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    Initializer { shape, dtype, generator in
      let bound = deviation(shape, mode, nonlinearity) * 3.0.squareRoot()
      return Tensor.uniform(shape, from: -bound, to: bound, dtype: dtype, using: generator)
    }
  }

  /// Normal with standard deviation gain/√fan (He et al., 2015). Stops for shapes of fewer than two axes.
  ///
  /// ```swift
  /// let w = Initializer.kaimingNormal()([100, 200], using: RandomGenerator(seed: 1))
  /// abs(w.standardDeviation().item() - 0.1) < 0.005  // → true
  /// ```
  public static func kaimingNormal(_ mode: FanMode = .fanIn, nonlinearity: Nonlinearity = .relu) -> Initializer {
    Initializer { shape, dtype, generator in
      Tensor.normal(shape, standardDeviation: deviation(shape, mode, nonlinearity), dtype: dtype, using: generator)
    }
  }

  private static func deviation(_ shape: Shape, _ mode: FanMode, _ nonlinearity: Nonlinearity) -> Double {
    let fans = Fans(of: shape)
    return nonlinearity.gain / Double(mode == .fanIn ? fans.in : fans.out).squareRoot()
  }
}
