import Foundation
import TensorCore

/// How often a class and a group come together: what scores of groups against known classes are made of. Both are whole
/// numbers, and what they are called does not matter. Exchanging the two exchanges homogeneity and completeness, and
/// leaves the other scores as they are.
struct Contingency {
  /// The pairs that occur, with how often.
  let cells: [(row: Int, column: Int, count: Double)]
  /// How often each class, and each group, occurs.
  let rows: [Double]
  let columns: [Double]
  let count: Double

  init(_ truth: Tensor, _ labels: Tensor, for score: String) throws(EstimatorError) {
    let truth = try Labels(truth, rows: truth.rank == 1 ? truth.shape[0] : 0, for: score, minimum: 1)
    let labels = try Labels(labels, rows: truth.values.count, for: score, minimum: 1)
    let width = labels.classes.count
    var counts: [Int: Double] = [:]
    var (rows, columns) = ([Double](repeating: 0, count: truth.classes.count), [Double](repeating: 0, count: width))
    for (row, column) in zip(truth.indices, labels.indices) {
      counts[row * width + column, default: 0] += 1
      rows[row] += 1
      columns[column] += 1
    }
    cells = counts.sorted { $0.key < $1.key }.map { ($0.key / width, $0.key % width, $0.value) }
    (self.rows, self.columns, count) = (rows, columns, Double(truth.values.count))
  }

  /// H = −Σ p·ln p.
  static func entropy(_ sizes: [Double], of count: Double) -> Double {
    if sizes.count == 1 { return 0 }
    return -sizes.reduce(0) { $0 + $1 / count * log($1 / count) }
  }

  /// I = Σ p(r, c)·ln(p(r, c)/(p(r)·p(c))), in nats.
  var mutualInformation: Double {
    if rows.count == 1 || columns.count == 1 { return 0 }
    let sum = cells.reduce(0) { sum, cell in
      sum + cell.count / count * log(cell.count * count / (rows[cell.row] * columns[cell.column]))
    }
    return max(0, sum)
  }

  /// The mean of the mutual information over all tables with these margins (Vinh, Epps & Bailey, "Information theoretic
  /// measures for clusterings comparison", 2010, equation 24a).
  var expectedMutualInformation: Double {
    if rows.count == 1 || columns.count == 1 { return 0 }
    var logFactorials = [0.0]
    for n in 1...max(1, Int(count)) { logFactorials.append(logFactorials[n - 1] + log(Double(n))) }
    let f = { [logFactorials] (value: Double) in logFactorials[Int(value)] }
    var sum = 0.0
    for a in rows {
      for b in columns {
        let margins = f(a) + f(b) + f(count - a) + f(count - b) - f(count)
        var n = max(1, a + b - count)
        while n <= min(a, b) {
          let chance = exp(margins - f(n) - f(a - n) - f(b - n) - f(count - a - b + n))
          sum += n / count * log(count * n / (a * b)) * chance
          n += 1
        }
      }
    }
    return sum
  }
}
