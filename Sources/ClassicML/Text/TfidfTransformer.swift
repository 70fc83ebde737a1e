import Foundation
import TensorCore

/// Weighs counts: those of terms that are in few texts more than those of terms that are in many, tf·idf (Salton & Buckley, "Term-weighting approaches in
/// automatic text retrieval", 1988). With n texts, of which df have a term: idf = ln((1 + n)/(1 + df)) + 1, as if one more text had all terms;
/// unsmoothed, ln(n/df) + 1. Then each row is brought to length 1.
///
/// ```swift
/// let counts = SparseMatrix(rows: [[0: 1, 1: 2], [1: 1]], columnCount: 2)
/// let fitted = try TfidfTransformer(norm: nil).fit(counts)
/// fitted.idf  // ≈ [1.4054651, 1]
/// try fitted.transform(counts).dense()  // ≈ [[1.4054651, 2], [0, 1]]
/// ```
public struct TfidfTransformer: Transformer {
  /// nil leaves rows as they are.
  public var norm: RowNorm?
  /// Whether counts are weighed at all.
  public var usesIDF: Bool
  public var isSmooth: Bool
  /// Whether 1 + ln(count) stands in the place of a count.
  public var isSublinear: Bool

  public init(norm: RowNorm? = .l2, usesIDF: Bool = true, isSmooth: Bool = true, isSublinear: Bool = false) {
    (self.norm, self.usesIDF, self.isSmooth, self.isSublinear) = (norm, usesIDF, isSmooth, isSublinear)
  }

  public struct Fitted: FittedTransformer {
    /// [terms]; ones if counts are not weighed.
    public let idf: Tensor
    let norm: RowNorm?
    let isSublinear: Bool

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> SparseMatrix {
      let counts = try TfidfTransformer.counts(x, width: idf.count)
      if isSublinear, let value = counts.values.first(where: { $0 < 0 }) {
        throw .input("x", of: TfidfTransformer.name, expected: "no negative counts", found: "\(value)")
      }
      return weighted(counts)
    }

    func weighted(_ counts: SparseMatrix) -> SparseMatrix {
      let weights = idf.scalars(as: Double.self)
      return counts.mappingRows { values, columns in
        for place in values.indices {
          let count = values[place]
          values[place] = (isSublinear && count > 0 ? 1 + log(count) : count) * weights[Int(columns[place])]
        }
        norm?.normalize(values)
      }
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted { learned(try Self.counts(x)) }

  public func fitTransform(
    _ x: any FeatureMatrix
  ) throws(EstimatorError) -> (fitted: Fitted, transformed: SparseMatrix) {
    let counts = try Self.counts(x)
    let fitted = learned(counts)
    return (fitted, try fitted.transform(counts))
  }

  func learned(_ counts: SparseMatrix) -> Fitted {
    var frequencies = [Double](repeating: 0, count: counts.columnCount)
    if usesIDF { for column in counts.columns { frequencies[Int(column)] += 1 } }
    let (rows, extra) = (Double(counts.rowCount), isSmooth ? 1.0 : 0.0)
    // A term of no text would weigh infinitely; no text has it, so that 1 changes nothing.
    let idf = frequencies.map { usesIDF && $0 + extra > 0 ? log((rows + extra) / ($0 + extra)) + 1 : 1 }
    return Fitted(idf: Tensor(idf, shape: [idf.count], dtype: .float64), norm: norm, isSublinear: isSublinear)
  }

  private static func counts(_ x: any FeatureMatrix, width: Int? = nil) throws(EstimatorError) -> SparseMatrix {
    let minimum = width == nil ? 1 : 0
    if let sparse = x as? SparseMatrix { return try sparse.checked(for: name, width: width, minimumRows: minimum) }
    return SparseMatrix(try x.dense(for: name, width: width, minimumRows: minimum))
  }
}

extension SparseMatrix {
  /// The values of each row, changed where they stand.
  func mappingRows(_ body: (UnsafeMutableBufferPointer<Double>, UnsafeBufferPointer<Int32>) -> Void) -> SparseMatrix {
    var values = values
    values.withUnsafeMutableBufferPointer { values in
      columns.withUnsafeBufferPointer { columns in
        for row in 0..<rowCount {
          let range = starts[row]..<starts[row + 1]
          body(UnsafeMutableBufferPointer(rebasing: values[range]), UnsafeBufferPointer(rebasing: columns[range]))
        }
      }
    }
    return SparseMatrix(trusted: starts, columns, values, columnCount)
  }
}
