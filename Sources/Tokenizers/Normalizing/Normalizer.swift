import Foundation

/// Changes text before it is split, such that what counts as the same is the same.
///
/// ```swift
/// Normalizer.bert().normalized("A中b Café\té")  // → a 中 b cafe e
/// Normalizer.sequence([.nfd, .stripAccents, .lowercase]).normalized("Ünïcode")  // → unicode
/// ```
public indirect enum Normalizer: Sendable, Hashable {
  /// Unicode's normal forms.
  case nfc, nfd, nfkc, nfkd
  /// Each character on its own.
  case lowercase
  /// Leaves out the categories M; after ``nfd``.
  case stripAccents
  /// BERT's: controls left out, white space made spaces, ideographs set apart, accents stripped (nil: if lower-cased), lower-cased.
  case bert(
    cleansText: Bool = true, separatesIdeographs: Bool = true, stripsAccents: Bool? = nil, lowercases: Bool = true)
  /// Leaves out white space at the ends.
  case strip(left: Bool = true, right: Bool = true)
  case replace(TextPattern, with: String)
  /// Before a text that is not empty.
  case prepend(String)
  /// Controls left out, other space characters made spaces, as for machine translation.
  case nmt
  /// A table compiled by SentencePiece.
  case precompiled(CharacterMap)
  /// Bytes as characters that can be seen (``ByteCharacters``).
  case byteLevel
  /// One after the other.
  case sequence([Normalizer])

  public func normalized(_ text: String) -> String { String(normalized(Scalars(text.unicodeScalars))) }

  func normalized(_ text: Scalars) -> Scalars {
    switch self {
    case .nfc: Self.form(text) { $0.precomposedStringWithCanonicalMapping }
    case .nfd: Self.form(text) { $0.decomposedStringWithCanonicalMapping }
    case .nfkc: Self.form(text) { $0.precomposedStringWithCompatibilityMapping }
    case .nfkd: Self.form(text) { $0.decomposedStringWithCompatibilityMapping }
    case .lowercase: Self.lowercased(text)
    case .stripAccents: text.filter { !$0.isMark }
    case .bert(let cleansText, let separatesIdeographs, let stripsAccents, let lowercases):
      Self.bert(text, cleansText, separatesIdeographs, stripsAccents ?? lowercases, lowercases)
    case .strip(let left, let right):
      Scalars(text[(left ? text.firstIndex { !$0.isSpace } ?? text.endIndex : 0)...].trimmed(right: right))
    case .replace(let pattern, let content): Self.replaced(text, pattern, with: Scalars(content.unicodeScalars))
    case .prepend(let prefix): text.isEmpty ? text : Scalars(prefix.unicodeScalars) + text
    case .nmt: Self.cleanedForTranslation(text)
    case .precompiled(let map): map.normalized(text)
    case .byteLevel: ByteCharacters.encoded(text)
    case .sequence(let parts): parts.reduce(text) { $1.normalized($0) }
    }
  }

  /// The normal forms of Unicode 9: newer characters, few of which are made of others, stay as they are. ASCII is in every form.
  private static func form(_ text: Scalars, _ transform: (String) -> String) -> Scalars {
    if text.allSatisfy(\.isASCII) { return text }
    func isKept(_ scalar: Unicode.Scalar) -> Bool { !scalar.isASCII && !scalar.isKnown(to: 9) }
    guard text.contains(where: isKept) else { return Scalars(transform(String(text)).unicodeScalars) }
    return text[...].runs { isKept($0) ? 1 : 0 }.flatMap { run in
      isKept(text[run.lowerBound]) ? Scalars(text[run]) : form(Scalars(text[run]), transform)
    }
  }

  private static func lowercased(_ text: Scalars) -> Scalars {
    var result: Scalars = []
    result.reserveCapacity(text.count)
    for scalar in text {
      if scalar.value < 0x80 {
        let isCapital = (0x41...0x5A).contains(scalar.value)
        result.append(isCapital ? Unicode.Scalar(UInt8(scalar.value + 0x20)) : scalar)
      } else {
        result.append(contentsOf: scalar.properties.lowercaseMapping.unicodeScalars)
      }
    }
    return result
  }

  private static func bert(
    _ text: Scalars, _ cleansText: Bool, _ separatesIdeographs: Bool, _ stripsAccents: Bool, _ lowercases: Bool
  ) -> Scalars {
    var text = text
    if cleansText {
      text = text.compactMap { scalar in
        if scalar.value == 0 || scalar.value == 0xFFFD || scalar.isControl { return nil }
        return scalar.isSpace ? " " : scalar
      }
    }
    if separatesIdeographs { text = text.flatMap { $0.isIdeograph ? [" ", $0, " "] : [$0] } }
    if stripsAccents { text = Normalizer.nfd.normalized(text).filter { !$0.isNonspacingMark } }
    return lowercases ? lowercased(text) : text
  }

  private static func replaced(_ text: Scalars, _ pattern: TextPattern, with content: Scalars) -> Scalars {
    var result: Scalars = []
    var end = 0
    for match in pattern.matches(in: text[...]) {
      result += text[end..<match.lowerBound] + content
      end = match.upperBound
    }
    return end == 0 ? text : result + text[end...]
  }

  private static func cleanedForTranslation(_ text: Scalars) -> Scalars {
    text.compactMap { scalar in
      switch scalar.value {
      case 0x01...0x08, 0x0B, 0x0E...0x1F, 0x7F, 0x8F, 0x9F: nil
      case 0x09, 0x0A, 0x0C, 0x0D, 0x1680, 0x200B...0x200F, 0x2028, 0x2029, 0x2581, 0xFEFF, 0xFFFD: " "
      default: scalar
      }
    }
  }
}

extension ArraySlice<Unicode.Scalar> {
  fileprivate func trimmed(right: Bool) -> ArraySlice {
    guard right else { return self }
    guard let last = lastIndex(where: { !$0.isSpace }) else { return self[startIndex..<startIndex] }
    return self[...last]
  }
}
