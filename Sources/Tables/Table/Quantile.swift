import TensorCore

/// The value below which a share of sorted numbers lies, between neighbours by a straight line: at h = share·(n − 1) from the first, the
/// definition 7 of Hyndman & Fan, "Sample quantiles in statistical packages" (1996), which NumPy and pandas use too.
///
/// ```swift
/// quantile(0.5, ofSorted: [1, 2, 4])  // → 2.0
/// quantile(0.75, ofSorted: [1, 2, 4])  // → 3.0
/// ```
///
/// NaN for no numbers. Stops unless the share is in 0...1.
public func quantile(_ share: Double, ofSorted numbers: [Double]) -> Double {
  guard (0...1).contains(share) else { stop("quantile", "a share of \(share)", fix: "use one in 0...1") }
  guard let last = numbers.indices.last else { return .nan }
  let place = share * Double(last)
  let below = Int(place)
  if below == last { return numbers[last] }
  return numbers[below] + (numbers[below + 1] - numbers[below]) * (place - Double(below))
}
