import Foundation

extension Tensor {
  /// The exponential of square matrices, Σₖ Aᵏ/k!, by scaling and squaring of a Padé approximation. [..., n, n] → [...,
  /// n, n].
  ///
  /// NaN where an element is not finite or the result overflows. Higham, "The scaling and squaring method for the
  /// matrix exponential revisited", 2005; gradient: Mathias, "A chain rule for matrix functions and applications",
  /// 1996.
  ///
  /// ```swift
  /// Tensor([[0.0, 1.0], [0.0, 0.0]]).matrixExponential()  // → [[1.0, 1.0], [0.0, 1.0]]
  /// ```
  public func matrixExponential() -> Tensor {
    if Autocast.isOn { return Autocast.widening(self) { $0.matrixExponential() } }
    LAPACK.requireSquare("matrixExponential", self)
    let n = shape[-1]
    let y = detached().exponentialByPade()
    // The gradient for g is the upper right block of exp [[Aᵀ, g], [0, Aᵀ]]; it is linear in g, whose size must not decide
    // how far the whole is scaled.
    return y.recorded("matrixExponential", from: self) { g in
      if count == 0 { return Tensor.zeros(shape, dtype: dtype) }
      let size = g.detached().abs().max().item()
      let scale = size > 0 && size.isFinite ? size : 1
      let upper = Tensor.concatenated([transposed(), g / scale], axis: -1)
      let lower = Tensor.concatenated([Tensor.zeros(shape, dtype: dtype), transposed()], axis: -1)
      let whole = Tensor.concatenated([upper, lower], axis: -2).matrixExponential()
      return whole.cut(at: n).0.sliced(axis: rank - 1, from: n, to: 2 * n) * scale
    }
  }

  /// Off the tape. The batch is scaled by one power of two, that of its largest matrix.
  private func exponentialByPade() -> Tensor {
    if count == 0 { return self }
    let norm = abs().sum(axis: -2).max().item()
    // The [13/13] approximant is exact to 2⁻⁵³ up to a 1-norm of θ₁₃ = 5.37 (table 2.3 of the paper).
    guard norm.isFinite else { return Tensor.full(shape, .nan, dtype: dtype) }
    // ⌈log₂⌉ of the ratio.
    let ratio = norm / 5.37
    let squarings = ratio > 1 ? Int(ratio.exponent) + (ratio.significand > 1 ? 1 : 0) : 0
    let a = self * pow(2, -Double(squarings))
    let b: [Double] = [
      64_764_752_532_480_000, 32_382_376_266_240_000, 7_771_770_303_897_600, 1_187_353_796_428_800, 129_060_195_264_000,
      10_559_470_521_600, 670_442_572_800, 33_522_128_640, 1_323_241_920, 40_840_800, 960_960, 16_380, 182, 1,
    ].map { $0 / 64_764_752_532_480_000 }
    let one = Tensor.eye(shape[-1], dtype: dtype)
    let a2 = a.matmul(a)
    let a4 = a2.matmul(a2)
    let a6 = a2.matmul(a4)
    let oddHigh = a6.matmul(a6 * b[13] + a4 * b[11] + a2 * b[9])
    let oddLow = a4 * b[5] + a2 * b[3] + one * b[1]
    let odd = a.matmul(oddHigh + a6 * b[7] + oddLow)
    let evenHigh = a6.matmul(a6 * b[12] + a4 * b[10] + a2 * b[8])
    let evenLow = a4 * b[4] + a2 * b[2] + one * b[0]
    let even = evenHigh + a6 * b[6] + evenLow
    // (even − odd)·Y = even + odd; the left side is never singular within θ₁₃.
    var y = LinearSystem.solve(even - odd, even + odd, transposed: false).x
    for _ in 0..<squarings { y = y.matmul(y) }
    return y
  }
}

extension Op {
  static let matrixExponential = Op(
    "matrixExponential", "Σₖ Aᵏ/k!",
    samples: [
      Sample("one", [.uniform([2, 2], -1...1)]) { $0[0].matrixExponential() },
      Sample("batch", [.uniform([2, 3, 3], -0.5...0.5)]) { $0[0].matrixExponential() },
      Sample("large", [.uniform([2, 2], -4...4)]) { ($0[0] - $0[0].transposed() * 2).matrixExponential() },
      Sample("no matrices", [.uniform([0, 2, 2])]) { $0[0].matrixExponential() },
    ],
    misuses: squareMisuses("matrixExponential") { _ = $0.matrixExponential() })
}
