/// Tokens and their numbers.
///
/// Tokens are told apart by their scalars: "é" in one scalar is another token than "é" in two, which `String` takes for equal.
///
/// ```swift
/// let vocabulary = try Vocabulary(["[UNK]", "a", "b"])
/// vocabulary["b"] ?? -1  // → 2
/// vocabulary.token(1) ?? ""  // → a
/// ```
public struct Vocabulary: Sendable, Hashable {
  private var numbers: [ExactText: Int] = [:]
  private var tokens: [Int: String] = [:]

  public init() {}

  /// Numbered from 0 in their order.
  ///
  /// - Throws: ``TokenizerError`` when a token comes twice.
  public init(_ tokens: [String]) throws(TokenizerError) {
    for (number, token) in tokens.enumerated() {
      if let other = self[token] { throw .sameToken(token, other, number) }
      insert(token, number)
    }
  }

  /// - Throws: ``TokenizerError`` when a token comes twice, or two tokens have one number.
  init(_ pairs: some Sequence<(String, Int)>) throws(TokenizerError) {
    for (token, number) in pairs {
      if let other = self[token] { throw .sameToken(token, other, number) }
      if let other = tokens[number] { throw .sameNumber(number, other, token) }
      insert(token, number)
    }
  }

  public var count: Int { numbers.count }

  /// One more than the highest number: how many rows a table of embeddings needs.
  public var size: Int { (tokens.keys.max() ?? -1) + 1 }

  /// A token's number; nil for one that is not there.
  public subscript(token: String) -> Int? { numbers[ExactText(token)] }

  /// The token of a number; nil where there is none.
  public func token(_ number: Int) -> String? { tokens[number] }

  /// All, by number.
  public var all: [(token: String, number: Int)] {
    tokens.sorted { $0.key < $1.key }.map { ($0.value, $0.key) }
  }

  mutating func insert(_ token: String, _ number: Int) {
    numbers[ExactText(token)] = number
    tokens[number] = token
  }
}

/// A text that equals another if its bytes do.
struct ExactText: Sendable, Hashable {
  let text: String

  init(_ text: String) {
    var text = text
    text.makeContiguousUTF8()
    self.text = text
  }

  static func == (a: ExactText, b: ExactText) -> Bool { a.text.utf8.elementsEqual(b.text.utf8) }

  func hash(into hasher: inout Hasher) {
    if text.utf8.withContiguousStorageIfAvailable({ hasher.combine(bytes: UnsafeRawBufferPointer($0)) }) == nil {
      for byte in text.utf8 { hasher.combine(byte) }
    }
  }
}
