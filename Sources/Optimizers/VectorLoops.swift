import TensorCore

// Vectors are read some hundred times for one direction of L-BFGS: for few parameters, the tensors in between would cost more than the loss.

/// Σ aᵢ·bᵢ, summed in float64.
package func innerProduct(_ a: Tensor, _ b: Tensor) -> Double {
  a.dtype == .float32 ? innerProduct(a, b, of: Float.self) : innerProduct(a, b, of: Double.self)
}

/// y += s·x
func add(_ x: Tensor, times s: Double, to y: inout Tensor) {
  if y.dtype == .float32 { addScaled(x, Float(s), to: &y) } else { addScaled(x, s, to: &y) }
}

private func innerProduct<Scalar: TensorScalar & BinaryFloatingPoint>(
  _ a: Tensor, _ b: Tensor, of type: Scalar.Type
) -> Double {
  a.withUnsafeBuffer(of: type) { a in
    b.withUnsafeBuffer(of: type) { b in
      // Four sums side by side: a single one waits for each addition.
      var sums = SIMD4<Double>.zero
      let whole = a.count & ~3
      for i in stride(from: 0, to: whole, by: 4) {
        sums += SIMD4(
          Double(a[i]) * Double(b[i]), Double(a[i + 1]) * Double(b[i + 1]), Double(a[i + 2]) * Double(b[i + 2]),
          Double(a[i + 3]) * Double(b[i + 3]))
      }
      return (whole..<a.count).reduce(sums.sum()) { $0 + Double(a[$1]) * Double(b[$1]) }
    }
  }
}

private func addScaled<Scalar: TensorScalar & BinaryFloatingPoint>(_ x: Tensor, _ s: Scalar, to y: inout Tensor) {
  x.withUnsafeBuffer(of: Scalar.self) { x in
    y.withUnsafeMutableBuffer(of: Scalar.self) { y in
      for i in x.indices { y[i] += s * x[i] }
    }
  }
}
