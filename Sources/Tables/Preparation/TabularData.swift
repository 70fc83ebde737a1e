import TensorCore

/// Rows of a table as tensors.
public struct TabularInputs: Sendable {
  /// float32 [rows, numbers].
  public let numbers: Tensor
  /// int64 [rows, categories]: indices, each below its column's size.
  public let categories: Tensor
  public var report: PreparationReport

  /// Numbers and indices side by side, float32 [rows, numbers + categories]: one input for loaders and layers. float32 holds whole numbers
  /// below 2²⁴ exactly.
  public var packed: Tensor { Tensor.concatenated([numbers, categories.cast(to: .float32)], axis: 1) }
}

/// Rows of a table with what is to be predicted.
public struct TabularData: Sendable {
  public let inputs: TabularInputs
  /// int64 [rows] for classes, float32 [rows, 1] for numbers.
  public let targets: Tensor
}

/// What a preparation found in the rows that it was applied to.
public struct PreparationReport: Sendable, Hashable, CustomStringConvertible {
  /// How many missing values were filled, by column.
  public var filled: [String: Int] = [:]
  /// How often each level came that training did not have, by column.
  public var unknown: [String: [String: Int]] = [:]
  /// The rows that were left out for their target.
  public var skippedRows: [Int] = []

  public init() {}

  public var description: String {
    let fills = filled.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value) filled" }
    let unknowns = unknown.sorted { $0.key < $1.key }.map { column, levels in
      let names = levels.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
      return "\(column): \(levels.values.reduce(0, +)) unknown (\(names)\(levels.count > 5 ? ", …" : ""))"
    }
    let skips = skippedRows.isEmpty ? [] : ["\(skippedRows.count) rows without a usable target left out"]
    let all = fills + unknowns + skips
    return all.isEmpty ? "nothing missing, nothing unknown" : all.joined(separator: "; ")
  }
}
