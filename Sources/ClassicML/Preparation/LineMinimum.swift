/// The smallest value of a function of one variable between two ends, by parabolas through the last points and golden sections where these do not help
/// (Brent, "Algorithms for Minimization Without Derivatives", 1973, chapter 5).
enum LineMinimum {
  /// - Parameter tolerance: How near to the minimum, as a share of it; that of a float64 function can't be known better than to about 10⁻⁸.
  static func find(from low: Double, to high: Double, tolerance: Double = 1e-9, _ f: (Double) -> Double) -> Double {
    let golden = (3 - 5.0.squareRoot()) / 2
    var (a, b) = (low, high)
    // x is the best point, w the second best, v the one before.
    var x = a + golden * (b - a)
    var (w, v) = (x, x)
    var fx = f(x)
    var (fw, fv) = (fx, fx)
    var (step, stepBefore) = (0.0, 0.0)
    for _ in 0..<200 {
      let (middle, near) = ((a + b) / 2, tolerance * abs(x) + 1e-12)
      if abs(x - middle) <= 2 * near - (b - a) / 2 { break }
      var isParabolic = false
      if abs(stepBefore) > near {
        let (r, q0) = ((x - w) * (fx - fv), (x - v) * (fx - fw))
        var (p, q) = ((x - v) * q0 - (x - w) * r, 2 * (q0 - r))
        if q > 0 { p = -p } else { q = -q }
        if abs(p) < abs(q * stepBefore / 2), p > q * (a - x), p < q * (b - x) {
          (stepBefore, step, isParabolic) = (step, p / q, true)
          let u = x + step
          if u - a < 2 * near || b - u < 2 * near { step = x < middle ? near : -near }
        }
      }
      if !isParabolic {
        stepBefore = x < middle ? b - x : a - x
        step = golden * stepBefore
      }
      let u = x + (abs(step) >= near ? step : step > 0 ? near : -near)
      let fu = f(u)
      if fu <= fx {
        if u < x { b = x } else { a = x }
        (v, fv, w, fw, x, fx) = (w, fw, x, fx, u, fu)
      } else {
        if u < x { a = u } else { b = u }
        if fu <= fw || w == x {
          (v, fv, w, fw) = (w, fw, u, fu)
        } else if fu <= fv || v == x || v == w {
          (v, fv) = (u, fu)
        }
      }
    }
    return x
  }
}
