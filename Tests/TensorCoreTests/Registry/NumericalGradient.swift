import TensorCore

/// Central differences of fourth order: f'(x) ≈ (f(x − 2h) − 8f(x − h) + 8f(x + h) − f(x + 2h))/12h, in error by h⁴·f⁽⁵⁾/30
/// (Abramowitz & Stegun, 1964, 25.3.6).
enum NumericalGradient {
  static let step = 1e-3

  /// The derivative of a function of one number at 0.
  static func derivative(of f: (Double) -> Double) -> Double {
    let h = step
    return (f(-2 * h) - 8 * f(-h) + 8 * f(h) - f(2 * h)) / (12 * h)
  }

  /// The gradient of f with respect to input `index`, element by element.
  static func gradient(of f: ([Tensor]) -> Double, at inputs: [Tensor], _ index: Int) -> [Double] {
    let values = inputs[index].doubles
    return values.indices.map { element in
      derivative { t in
        var moved = values
        moved[element] += t
        var arguments = inputs
        arguments[index] = Tensor(moved, shape: inputs[index].shape, dtype: .float64)
        return f(arguments)
      }
    }
  }
}

/// The largest element-wise relative error. Elements much smaller than the largest one are measured against a thousandth of it: there the
/// differences' own rounding decides.
func relativeError(_ found: [Double], _ expected: [Double]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let scale = expected.map { abs($0) }.max() ?? 0
  return zip(found, expected).map { x, y in
    let error = abs(x - y) / max(abs(y), 1e-3 * scale, 1e-3)
    return error.isNaN ? .infinity : error
  }.max() ?? 0
}
