import TensorCore

/// The share of pairs of samples on which classes and groups agree (together in both, or in neither), corrected for
/// chance: 1 for the same partition, about 0 for random ones (Hubert & Arabie, "Comparing partitions", 1985).
///
/// ```swift
/// try adjustedRandScore(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 0.571429
/// ```
public func adjustedRandScore(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  let table = try Contingency(classes, labels, for: "adjustedRandScore")
  func pairs(_ counts: [Double]) -> Double { counts.reduce(0) { $0 + $1 * ($1 - 1) / 2 } }
  let (rows, columns) = (pairs(table.rows), pairs(table.columns))
  let both = pairs(table.cells.map(\.count))
  let all = table.count * (table.count - 1) / 2
  if all == 0 { return 1 }
  let expected = rows * columns / all
  let most = (rows + columns) / 2
  return most == expected ? 1 : (both - expected) / (most - expected)
}

/// I(classes; labels), in nats.
///
/// ```swift
/// try mutualInformationScore(Tensor([0, 0, 1, 1]), Tensor([5, 5, 3, 3]))  // ≈ 0.693147
/// ```
public func mutualInformationScore(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  try Contingency(classes, labels, for: "mutualInformationScore").mutualInformation
}

/// I/((H(classes) + H(labels))/2), in [0, 1].
///
/// ```swift
/// try normalizedMutualInformationScore(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 0.8
/// ```
public func normalizedMutualInformationScore(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  try vMeasure(classes, labels)
}

/// (I − E[I])/((H(classes) + H(labels))/2 − E[I]), with the expectation over random partitions into groups of the same
/// sizes: 1 for the same partition, about 0 for random ones, whatever the number of groups (Vinh, Epps & Bailey, 2010).
///
/// ```swift
/// try adjustedMutualInformationScore(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 0.571429
/// ```
public func adjustedMutualInformationScore(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  let table = try Contingency(classes, labels, for: "adjustedMutualInformationScore")
  let (rows, columns) = (table.rows.count, table.columns.count)
  if rows == columns && (rows == 1 || Double(rows) == table.count) { return 1 }
  let expected = table.expectedMutualInformation
  let entropies = Contingency.entropy(table.rows, of: table.count) + Contingency.entropy(table.columns, of: table.count)
  let span = entropies / 2 - expected
  // Rounding must not change the sign.
  let least = 2.2e-16
  return (table.mutualInformation - expected) / (span < 0 ? min(span, -least) : max(span, least))
}

/// 1 − H(classes | labels)/H(classes): 1 where each group holds samples of one class alone (Rosenberg & Hirschberg,
/// "V-measure: a conditional entropy-based external cluster evaluation measure", 2007).
///
/// ```swift
/// try homogeneity(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 1
/// ```
public func homogeneity(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  let table = try Contingency(classes, labels, for: "homogeneity")
  let entropy = Contingency.entropy(table.rows, of: table.count)
  return entropy == 0 ? 1 : table.mutualInformation / entropy
}

/// 1 − H(labels | classes)/H(labels): 1 where each class is in one group alone.
///
/// ```swift
/// try completeness(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 0.666667
/// ```
public func completeness(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  try homogeneity(labels, classes)
}

/// The harmonic mean of ``homogeneity(_:_:)`` and ``completeness(_:_:)``.
///
/// ```swift
/// try vMeasure(Tensor([0, 0, 1, 1]), Tensor([0, 0, 1, 2]))  // ≈ 0.8
/// ```
public func vMeasure(_ classes: Tensor, _ labels: Tensor) throws(EstimatorError) -> Double {
  let (h, c) = (try homogeneity(classes, labels), try completeness(classes, labels))
  return h + c == 0 ? 0 : 2 * h * c / (h + c)
}
