import Foundation
import TensorCore

/// What each feature says about the targets, the others left aside.
public enum FeatureScore: String, Sendable, Hashable, Codable {
  /// F = (Σₖ nₖ(x̄ₖ − x̄)²/(K − 1))/(Σₖ Σᵢ(xᵢ − x̄ₖ)²/(n − K)) over K classes: do the means differ by more than the samples within a class?
  case anovaF
  /// F = r²/(1 − r²)·(n − 2) with the correlation r of the feature and a target of numbers.
  case regressionF
  /// χ² = Σₖ(Oₖ − Eₖ)²/Eₖ of the sums of a feature without negative numbers (counts) over each class, and what they would be if classes did not matter.
  case chiSquared
  /// I = Σ p(x, y)·ln(p(x, y)/(p(x)·p(y))), in nats, of features that are categories; ``KBinsDiscretizer`` makes such of others.
  case mutualInformation

  var takesSparse: Bool { self == .anovaF || self == .chiSquared }

  /// float64 [features]
  /// - Parameter matrix: float64 [samples, features]; sparse where it is taken.
  func scores(_ matrix: ProductMatrix, _ y: Tensor, for estimator: String) throws(EstimatorError) -> Tensor {
    let rows = matrix.rowCount
    switch (self, matrix) {
    case (.regressionF, .dense(let x, _)):
      return regression(x, try Targets(y, rows: rows, for: estimator, several: false).values)
    case (.mutualInformation, .dense(let x, _)):
      let labels = try Labels(y, rows: rows, for: estimator)
      return Tensor(x.columnArrays().map { information($0, labels.indices) }, dtype: .float64)
    case (.anovaF, _): return anova(matrix, try Labels(y, rows: rows, for: estimator, minimum: 2).oneHot())
    case (.chiSquared, _), (_, .sparse):
      let members = try Labels(y, rows: rows, for: estimator, minimum: 2).oneHot()
      if matrix.least < 0 {
        throw .input("x", of: estimator, expected: "numbers of 0 or more for χ²", found: "\(matrix.least)")
      }
      return chiSquares(matrix, members)
    }
  }

  /// 0/0, of a feature that does not vary, says nothing.
  private func ratio(_ a: Tensor, _ b: Tensor) -> Tensor { (a / b).maskedFilled((a / b).isNaN(), with: 0) }

  private func anova(_ matrix: ProductMatrix, _ members: Tensor) -> Tensor {
    let (rows, classes) = (Double(matrix.rowCount), Double(members.shape[1]))
    let counts = members.sum(axis: 0).unsqueezed(1)
    let (between, within): (Tensor, Tensor)
    switch matrix {
    case .dense(let x, _):
      // Around the mean, so that large numbers lose no digits.
      let centred = x - x.mean(axis: 0)
      let means = matmul(members.transposed(), centred) / counts
      between = (means.square() * counts).sum(axis: 0)
      within = (centred - matmul(members, means)).square().sum(axis: 0)
    case .sparse(let x):
      let sums = x.transposedProduct(members).transposed()
      let explained = (sums.square() / counts).sum(axis: 0)
      between = explained - sums.sum(axis: 0).square() / rows
      within = x.mapped { $0 * $0 }.columnSums() - explained
    }
    return ratio(between / (classes - 1), within / (rows - classes))
  }

  private func regression(_ x: Tensor, _ y: Tensor) -> Tensor {
    let (centred, target) = (x - x.mean(axis: 0), y - y.mean())
    let products = matmul(target, centred).square()
    let sizes = centred.square().sum(axis: 0) * target.square().sum()
    return ratio(products * Double(x.shape[0] - 2), sizes - products)
  }

  private func chiSquares(_ matrix: ProductMatrix, _ members: Tensor) -> Tensor {
    let observed = matrix.transposedProduct(members).transposed()
    let expected = outer(members.mean(axis: 0), observed.sum(axis: 0))
    return ratio((observed - expected).square(), expected).sum(axis: 0)
  }

  private func information(_ x: [Double], _ classes: [Int]) -> Double {
    struct Pair: Hashable { let (value, label): (Double, Int) }
    let count = Double(x.count)
    let together = Dictionary(zip(x, classes).map { (Pair(value: $0, label: $1), 1.0) }, uniquingKeysWith: +)
    let values = Dictionary(x.map { ($0, 1.0) }, uniquingKeysWith: +)
    let labels = Dictionary(classes.map { ($0, 1.0) }, uniquingKeysWith: +)
    // In a fixed order: a dictionary's differs from run to run, and with it the last bits of the sum.
    let terms = together.map { pair, n in
      n / count * log(n * count / ((values[pair.value] ?? 1) * (labels[pair.label] ?? 1)))
    }
    return Swift.max(0, terms.sorted().reduce(0, +))
  }
}

extension ProductMatrix {
  /// The smallest element that is held.
  fileprivate var least: Double {
    switch self {
    case .dense(let x, _): x.min().item()
    case .sparse(let x): x.values.min() ?? 0
    }
  }
}
