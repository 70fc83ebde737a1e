import Glibc
import TensorCore

/// Data in two dimensions in which neighbours stay neighbours: t-SNE (van der Maaten & Hinton, "Visualizing data using t-SNE", 2008), exact.
///
/// x [n, features] → [n, 2]. What is minimised is Σ pᵢⱼ·ln(pᵢⱼ/qᵢⱼ): p of neighbours in x, by normal distributions around each sample whose width
/// gives it `perplexity` effective neighbours, and qᵢⱼ ∝ 1/(1 + ‖yᵢ − yⱼ‖²). Gradient descent with momentum, p being `exaggeration` times as large
/// for the first 250 steps, from the first two principal components, scaled to 10⁻⁴: the same data give the same picture. As in scikit-learn, the
/// learning rate is n/(4·exaggeration), at least 50, unless given. Distances between groups and their sizes say little; try several perplexities.
/// Time and memory grow with n²: for some thousands of samples at most. Stops unless 1 ≤ perplexity < n.
///
/// ```swift
/// let groups = Tensor.concatenated([Tensor.normal([10, 5]), Tensor.normal([10, 5]) + 20])
/// let places = try tSNE(groups, perplexity: 5, steps: 400)
/// places.shape  // → [20, 2]
/// ```
///
/// - Parameter start: The first places [n, 2], instead.
/// - Throws: `LinearAlgebraError` where the data have a number that is not finite.
public func tSNE(
  _ x: Tensor, perplexity: Double = 30, steps: Int = 1000, exaggeration: Double = 12, learningRate: Double? = nil,
  start: Tensor? = nil
) throws(LinearAlgebraError) -> Tensor {
  guard x.rank == 2, x.shape[1] > 0, x.dtype.isFloatingPoint, perplexity >= 1, perplexity < Double(x.shape[0]) else {
    stop(
      "tSNE", "x is \(x.dtype) \(x.shape), the perplexity \(perplexity)",
      fix: "pass floating-point data [n, features], and a perplexity of at least 1 and below n")
  }
  let (n, data) = (x.shape[0], x.detached().cast(to: .float64))
  if let start, start.shape != [n, 2] { stop("tSNE", "the start is \(start.shape)", fix: "pass [\(n), 2]") }
  let first = try firstPlaces(data)
  var y = start?.detached().cast(to: .float64) ?? first
  let p = neighborProbabilities(data, perplexity: perplexity)
  let rate = learningRate ?? max(Double(n) / exaggeration / 4, 50)
  let (none, ones) = (Tensor.zeros([n, 2], dtype: .float64), Tensor.ones([n, 2], dtype: .float64))
  var (change, gains) = (none, ones)
  for step in 0..<steps {
    let isEarly = step < 250
    if step == 250 { (change, gains) = (none, ones) }
    let slope = slope(of: y, isEarly ? p * exaggeration : p)
    // Each number's own rate (Jacobs, "Increased rates of convergence through learning rate adaptation", 1988), as in the authors' program.
    gains = Tensor.where((change * slope) .< 0.0, gains + 0.2, gains * 0.8).clamped(to: 0.01...)
    change = change * (isEarly ? 0.5 : 0.8) - gains * slope * rate
    y = y + change
  }
  return y.cast(to: x.dtype)
}

private func firstPlaces(_ x: Tensor) throws(LinearAlgebraError) -> Tensor {
  let count = min(2, x.shape[1])
  let found = try PrincipalComponents(count, fitting: x).projected(x)
  let places = found.padded([(0, 0), (0, 2 - count)])
  let deviation = places[.all, 0].square().mean().item().squareRoot()
  return places * (deviation > 0 ? 1e-4 / deviation : 0)
}

/// ‖xᵢ − xⱼ‖² [n, n].
private func squaredDistances(_ x: Tensor) -> Tensor {
  let squares = x.square().sum(axis: 1, keepingDimensions: true)
  return (squares + squares.transposed() - 2 * x.matmul(x.transposed())).clamped(to: 0...)
}

/// pᵢⱼ = (pⱼ|ᵢ + pᵢ|ⱼ)/(2n) with pⱼ|ᵢ ∝ exp(−βᵢ·‖xᵢ − xⱼ‖²), j ≠ i, and βᵢ such that the entropy of row i is ln(perplexity), found by bisection.
private func neighborProbabilities(_ x: Tensor, perplexity: Double) -> Tensor {
  let n = x.shape[0]
  let isOther = 1 - Tensor.eye(n, dtype: .float64)
  let all = squaredDistances(x)
  // From the nearest on, so that not all are rounded to 0.
  let nearest = Tensor.where(isOther .> 0.0, all, Tensor(Double.infinity, dtype: .float64)).min(
    axis: 1, keepingDimensions: true)
  let distances = (all - nearest) * isOther
  var (low, high) = (Tensor.zeros([n, 1], dtype: .float64), Tensor.full([n, 1], .infinity, dtype: .float64))
  var (beta, rows) = (Tensor.ones([n, 1], dtype: .float64), isOther)
  for _ in 0..<64 {
    let weights = (distances * -beta).exp() * isOther
    let sums = weights.sum(axis: 1, keepingDimensions: true)
    rows = weights / sums
    let entropy = sums.log() + beta * (distances * rows).sum(axis: 1, keepingDimensions: true)
    let isWide = entropy .> log(perplexity)
    low = Tensor.where(isWide, beta, low)
    high = Tensor.where(isWide, high, beta)
    beta = Tensor.where(high.isFinite(), (low + high) / 2, beta * 2)
  }
  return (rows + rows.transposed()) / Double(2 * n)
}

/// The gradient 4·Σⱼ (pᵢⱼ − qᵢⱼ)·(yᵢ − yⱼ)/(1 + ‖yᵢ − yⱼ‖²), eq. 5.
private func slope(of y: Tensor, _ p: Tensor) -> Tensor {
  let near = (1 + squaredDistances(y)).reciprocal() * (1 - Tensor.eye(y.shape[0], dtype: .float64))
  let pull = (p - near / near.sum()) * near
  return 4 * (y * pull.sum(axis: 1, keepingDimensions: true) - pull.matmul(y))
}
