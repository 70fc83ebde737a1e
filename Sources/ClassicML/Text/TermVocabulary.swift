import TensorCore

/// The terms that a vectoriser has learned: term i is what column i counts.
///
/// ```swift
/// let vocabulary = TermVocabulary(["ape", "bee"])
/// vocabulary[1]  // → bee
/// vocabulary.index(of: "ape") ?? -1  // → 0
/// vocabulary.contains("cow")  // → false
/// ```
public struct TermVocabulary: Sendable, RandomAccessCollection, Codable {
  let table: TermTable

  init(_ table: TermTable) { self.table = table }

  /// Of terms that all differ. Of equal ones, the first counts.
  public init(_ terms: [String]) { table = TermTable(terms) }

  public var startIndex: Int { 0 }
  public var endIndex: Int { table.count }
  public subscript(position: Int) -> String { table.text(position) }

  /// The column of a term; nil if it was not learned. In constant time.
  public func index(of term: String) -> Int? {
    var term = term
    return term.withUTF8 { table.find(UnsafeRawBufferPointer($0)) }
  }

  public func contains(_ term: String) -> Bool { index(of: term) != nil }

  private enum CodingKeys: String, CodingKey { case bytes, ends }

  /// All bytes in one tensor, and where terms end in another: a vocabulary of a million terms is a small file.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    let bytes = table.withBytes { Array($0) }
    let ends = table.indices.map { table.range($0).upperBound }
    try container.encode(Tensor(bytes, shape: [bytes.count]), forKey: .bytes)
    try container.encode(Tensor(ends, shape: [ends.count]), forKey: .ends)
  }

  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    let bytes = try container.decode(Tensor.self, forKey: .bytes).cast(to: .uint8).scalars(as: UInt8.self)
    let ends = try container.decode(Tensor.self, forKey: .ends).cast(to: .int64).scalars(as: Int.self)
    var (table, start) = (TermTable(), 0)
    for end in ends {
      guard start <= end, end <= bytes.count, String(validating: bytes[start..<end], as: UTF8.self) != nil else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "a term that ends at \(end) of \(bytes.count) bytes"))
      }
      _ = bytes[start..<end].withUnsafeBytes { table.insert($0) }
      start = end
    }
    guard table.count == ends.count, start == bytes.count else {
      throw DecodingError.dataCorrupted(
        .init(codingPath: decoder.codingPath, debugDescription: "a vocabulary with equal terms, or bytes behind them"))
    }
    self.init(table)
  }
}

extension TermTable {
  var indices: Range<Int> { 0..<count }
}
