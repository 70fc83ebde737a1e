/// Σ aᵢbᵢ, in eight sums side by side: a single one would wait for each addition.
func innerProduct(_ a: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int) -> Double {
  var sums = SIMD8<Double>.zero
  var i = 0
  while i + 8 <= count {
    let p = UnsafeRawPointer(a + i).loadUnaligned(as: SIMD8<Double>.self)
    let q = UnsafeRawPointer(b + i).loadUnaligned(as: SIMD8<Double>.self)
    sums += p * q
    i += 8
  }
  var sum = sums.sum()
  while i < count {
    sum += a[i] * b[i]
    i += 1
  }
  return sum
}

/// y += s·x
func addScaled(_ x: UnsafePointer<Double>, _ s: Double, to y: UnsafeMutablePointer<Double>, _ count: Int) {
  for i in 0..<count { y[i] += s * x[i] }
}
