/// Each piece is a token.
public struct WordModel: Sendable, Hashable {
  public let vocabulary: Vocabulary
  /// What stands for a piece that is not there.
  public let unknown: String
  let unknownNumber: Int?

  /// Without `unknown` in the vocabulary, pieces that are not there are left out.
  public init(_ vocabulary: Vocabulary, unknown: String = "[UNK]") {
    (self.vocabulary, self.unknown) = (vocabulary, unknown)
    unknownNumber = vocabulary[unknown]
  }

  func tokens(of piece: Scalars) -> [Int] {
    if let number = vocabulary[String(piece)] { return [number] }
    return unknownNumber.map { [$0] } ?? []
  }
}
