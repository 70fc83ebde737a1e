import TensorCore

/// Names of classes as whole numbers, which classifiers take, and back.
///
/// ```swift
/// let encoder = try LabelEncoder().fit(["cat", "dog", "cat", "ant"])
/// encoder.names  // → ["ant", "cat", "dog"]
/// try encoder.transform(["dog", "ant"])  // → [2, 0]
/// try encoder.names(of: Tensor([1, 2]))  // → ["cat", "dog"]
/// ```
public struct LabelEncoder: Transformer {
  public typealias Input = [String]

  public init() {}

  public struct Fitted: FittedTransformer {
    public typealias Input = [String]

    /// The different ones, ascending.
    public let names: [String]

    /// int64 [samples], each the position of a name. Throws for a name that the fit did not have.
    public func transform(_ x: [String]) throws(EstimatorError) -> Tensor {
      let positions = Dictionary(uniqueKeysWithValues: zip(names, names.indices))
      if let row = x.firstIndex(where: { positions[$0] == nil }) {
        throw .input(
          "x", of: LabelEncoder.name, expected: "names that fit had", found: "\"\(x[row])\" at position \(row)")
      }
      return Tensor(x.map { positions[$0] ?? 0 }, shape: [x.count])
    }

    /// - Parameter classes: Positions of names, [samples].
    public func names(of classes: Tensor) throws(EstimatorError) -> [String] {
      let indices = try Labels(classes, rows: classes.rowCount, for: LabelEncoder.name).values
      if let wrong = indices.first(where: { !names.indices.contains($0) }) {
        throw .input("y", of: LabelEncoder.name, expected: "0 to \(names.count - 1)", found: "\(wrong)")
      }
      return indices.map { names[$0] }
    }
  }

  public func fit(_ x: [String]) throws(EstimatorError) -> Fitted {
    if x.isEmpty { throw .input("x", of: Self.name, expected: "1 name or more", found: "none") }
    return Fitted(names: Set(x).sorted())
  }
}

extension LabelEncoder.Fitted {
  public init(from decoder: any Decoder) throws {
    let parts = try decoder.container(keyedBy: CodingKeys.self)
    self.init(names: try parts.value(.names))
    try decoder.require(Set(names).count == names.count, "names that differ")
  }
}
