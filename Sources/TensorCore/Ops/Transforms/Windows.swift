extension Tensor {
  /// Hann's window: wⱼ = ½ − ½·cos(2πj/n), n being `count` for a window that repeats, as frames of a sound do, or
  /// `count` − 1 for one that is symmetric. (Harris, "On the use of windows for harmonic analysis with the discrete
  /// Fourier transform", 1978.)
  ///
  /// ```swift
  /// Tensor.hannWindow(4)  // → [0.0, 0.5, 1.0, 0.5]
  /// ```
  public static func hannWindow(_ count: Int, periodic: Bool = true, dtype: DType = .float32) -> Tensor {
    raisedCosine("hannWindow", count, periodic, 0.5, dtype)
  }

  /// Hamming's window: wⱼ = 0.54 − 0.46·cos(2πj/n), n as in Hann's.
  ///
  /// ```swift
  /// Tensor.hammingWindow(2)  // → [0.08, 1.0]
  /// ```
  public static func hammingWindow(_ count: Int, periodic: Bool = true, dtype: DType = .float32) -> Tensor {
    raisedCosine("hammingWindow", count, periodic, 0.54, dtype)
  }

  private static func raisedCosine(
    _ op: String, _ count: Int, _ periodic: Bool, _ level: Double, _ dtype: DType
  ) -> Tensor {
    guard count > 0, dtype.isFloatingPoint else {
      stop(op, "\(count) elements of \(dtype)", fix: "use 1 or more, of a floating-point dtype")
    }
    if count == 1 { return Tensor.ones([1], dtype: dtype) }
    let angle = 2 * Double.pi / Double(periodic ? count : count - 1)
    let cosines = (Tensor.range(0, Double(count), dtype: .float64) * angle).cos()
    return (level - cosines * (1 - level)).cast(to: dtype)
  }
}
