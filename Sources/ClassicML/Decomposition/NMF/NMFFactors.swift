import Foundation
import TensorCore

/// W [samples, components], and Hᵀ [features, components], so that both are changed by the same code.
struct NMFFactors {
  var w: Tensor
  var ht: Tensor
}

extension NMF {
  func startingFactors(of x: ProductMatrix) throws(EstimatorError) -> NMFFactors {
    let (rows, width, count) = (x.rowCount, x.columnCount, components ?? x.columnCount)
    if case .given(let weights, let components) = start {
      guard weights.shape == [rows, count], components.shape == [count, width],
        weights.isFinite().all().item(Bool.self), components.isFinite().all().item(Bool.self),
        weights.min().item() >= 0, components.min().item() >= 0
      else {
        throw .hyperparameter(
          "start", of: Self.name, expected: "[\(rows), \(count)] and [\(count), \(width)] of numbers of 0 or more",
          found: "\(weights.shape) and \(components.shape)")
      }
      return NMFFactors(
        w: weights.detached().cast(to: x.dtype).contiguous(),
        ht: components.detached().cast(to: x.dtype).transposed().contiguous())
    }
    let fits = count <= Swift.min(rows, width)
    switch start {
    case .automatic where !fits, .random: return randomFactors(x, count)
    default: break
    }
    if !fits {
      throw .hyperparameter(
        "start", of: Self.name, expected: "random for more components than \(Swift.min(rows, width))",
        found: "\(start)")
    }
    do {
      var factors = try singularFactors(x, count)
      if case .nndsvd = start { return factors }
      let mean = x.total / Double(rows * width)
      factors.w = factors.w.maskedFilled(factors.w .<= 0, with: mean)
      factors.ht = factors.ht.maskedFilled(factors.ht .<= 0, with: mean)
      return factors
    } catch {
      throw .numerical(of: Self.name, finding: "\(error)", fix: "start from random")
    }
  }

  private func randomFactors(_ x: ProductMatrix, _ count: Int) -> NMFFactors {
    let generator = RandomGenerator(seed: seed)
    let scale = (x.total / Double(x.rowCount * x.columnCount) / Double(count)).squareRoot()
    return NMFFactors(
      w: Tensor.normal([x.rowCount, count], dtype: x.dtype, using: generator).abs() * scale,
      ht: Tensor.normal([x.columnCount, count], dtype: x.dtype, using: generator).abs() * scale)
  }

  /// Of each pair of singular vectors the positive parts, or the negative ones, whichever are larger together.
  private func singularFactors(_ x: ProductMatrix, _ count: Int) throws(LinearAlgebraError) -> NMFFactors {
    let (u, s, vt) = try RandomizedSVD(seed: seed).decompose(x, components: count)
    let v = vt.transposed()
    let (positiveU, positiveV) = (u.relu(), v.relu())
    let (negativeU, negativeV) = ((-u).relu(), (-v).relu())
    func lengths(_ x: Tensor) -> Tensor { x.square().sum(axis: 0).sqrt() }
    let positive = lengths(positiveU) * lengths(positiveV)
    let negative = lengths(negativeU) * lengths(negativeV)
    // The first pair has one sign throughout.
    let isPositive = (positive .> negative)
    func chosen(_ p: Tensor, _ n: Tensor, _ sizes: Tensor) -> Tensor {
      let part = Tensor.where(isPositive.expanded(to: p.shape), p, n)
      let length = lengths(part).clamped(to: 1e-30...)
      let whole = part / length * (s * sizes).sqrt()
      return whole.maskedFilled(whole .< 1e-6, with: 0)
    }
    let sizes = Tensor.where(isPositive, positive, negative)
    return NMFFactors(
      w: chosen(positiveU, negativeU, sizes).contiguous(), ht: chosen(positiveV, negativeV, sizes).contiguous())
  }
}

extension ProductMatrix {
  /// The sum of all elements.
  var total: Double {
    switch self {
    case .dense(let x, _): x.sum().item()
    case .sparse(let x): x.values.reduce(0, +)
    }
  }

  /// √(2·D(X, WH)), some thousand rows at a time.
  func error(_ factors: NMFFactors, _ loss: NMF.Loss) -> Double {
    (2 * divergence(factors, loss)).squareRoot()
  }

  private func divergence(_ factors: NMFFactors, _ loss: NMF.Loss) -> Double {
    let (w, ht) = (factors.w, factors.ht)
    switch (self, loss) {
    case (.dense(let x, _), _):
      return stride(from: 0, to: rowCount, by: 2048).reduce(0) { sum, row in
        let rows = row..<Swift.min(row + 2048, rowCount)
        let (part, product) = (x[rows], matmul(w[rows], ht.transposed()))
        if loss == .frobenius { return sum + (part - product).square().sum().item() / 2 }
        let ratio = (part / product.clamped(to: NMF.epsilon...)).maskedFilled(part .<= NMF.epsilon, with: 1)
        return sum + ((part * ratio.log()).sum() - part.sum() + product.sum()).item()
      }
    case (.sparse(let x), .frobenius):
      // ½‖X‖² − ⟨XHᵀ, W⟩ + ½⟨WᵀW, HHᵀ⟩, without the product's zeros.
      let squares = x.values.reduce(0) { $0 + $1 * $1 }
      let cross = (x.product(ht) * w).sum().item()
      return Swift.max(0, (squares + (w.gram() * ht.gram()).sum().item()) / 2 - cross)
    case (.sparse(let x), .kullbackLeibler):
      let ratios = x.divided(byProduct: w, ht).values
      let own = zip(x.values, ratios).reduce(0) { $1.0 > NMF.epsilon ? $0 + $1.0 * log($1.1) : $0 }
      return Swift.max(0, own - total + (w.sum(axis: 0) * ht.sum(axis: 0)).sum().item())
    }
  }
}
