/// Why a tokeniser can't be made.
///
/// ```swift
/// TokenizerError.regularExpression("(a")  // → "(a" is no regular expression, or uses what only others' have.
/// ```
public enum TokenizerError: Error, Sendable, Hashable, CustomStringConvertible {
  case regularExpression(String)
  /// SentencePiece's table of replacements.
  case characterMap
  /// A merge of tokens that the vocabulary lacks.
  case merge(String, String)
  /// A token that a part needs.
  case missingToken(String)
  /// One token with two numbers.
  case sameToken(String, Int, Int)
  /// Two tokens of one number.
  case sameNumber(Int, String, String)

  public var description: String {
    switch self {
    case .regularExpression(let source):
      "\(source.debugDescription) is no regular expression, or uses what only others' have."
    case .characterMap: "The table of characters is none of SentencePiece's."
    case .merge(let first, let second):
      "The merge of \(first.debugDescription) and \(second.debugDescription) needs both, and what they make, in the vocabulary."
    case .missingToken(let token): "The vocabulary has no token \(token.debugDescription)."
    case .sameToken(let token, let first, let second):
      "The token \(token.debugDescription) has the numbers \(first) and \(second)."
    case .sameNumber(let number, let first, let second):
      "The tokens \(first.debugDescription) and \(second.debugDescription) both have the number \(number)."
    }
  }
}
