/// A class that is taken for another one.
public struct ConfusedPair: Sendable, Hashable {
  public let target: Int
  public let prediction: Int
  /// How many samples of the class `target` were taken for the class `prediction`.
  public let count: Int
}

extension ConfusionMatrix {
  /// Which classes are taken for which others, the most frequent mistakes first; of equally frequent ones in the order of the matrix' rows. Those made
  /// fewer than `minimum` times are left out.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 3)
  /// try matrix.add(predictions: Tensor([1, 1, 2, 0]), targets: Tensor([0, 0, 1, 0]))
  /// matrix.confusedPairs().map { [$0.target, $0.prediction, $0.count] }  // → [[0, 1, 2], [1, 2, 1]]
  /// ```
  public func confusedPairs(minimum: Int = 1) -> [ConfusedPair] {
    let pairs = counts.indices.flatMap { target in
      counts.indices.compactMap { prediction -> ConfusedPair? in
        let count = counts[target][prediction]
        if target == prediction || count < Swift.max(minimum, 1) { return nil }
        return ConfusedPair(target: target, prediction: prediction, count: count)
      }
    }
    // Equal ones keep their order.
    return pairs.enumerated().sorted { ($0.element.count, $1.offset) > ($1.element.count, $0.offset) }.map(\.element)
  }
}
