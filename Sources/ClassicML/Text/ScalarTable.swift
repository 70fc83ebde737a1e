/// What vectorisers must know of a Unicode scalar: its lower case, whether it is part of a word (Python's `\w`: letters, digits and other numbers, the
/// underscore) and whether it is white space (Python's `\s`).
struct ScalarTraits {
  private let bits: UInt32
  private static let word: UInt32 = 1 << 31
  private static let space: UInt32 = 1 << 30
  private static let special: UInt32 = 1 << 29

  /// The lower case where it is one scalar.
  @inline(__always) var lower: UInt32 { bits & 0x1F_FFFF }
  /// Whether ``lower`` is part of a word; `raw` tells the same of the scalar as it is.
  @inline(__always) var isWord: Bool { bits & Self.word != 0 }
  @inline(__always) var isSpace: Bool { bits & Self.space != 0 }
  /// Whether the lower case is several scalars (İ), or depends on what stands around (Σ).
  @inline(__always) var isSpecial: Bool { bits & Self.special != 0 }

  init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    let lower = properties.lowercaseMapping.unicodeScalars
    var bits = lower.count == 1 ? lower.first?.value ?? scalar.value : scalar.value
    if lower.count != 1 || scalar == "Σ" { bits |= Self.special }
    if Self.isWord(scalar) { bits |= Self.word }
    if properties.isWhitespace || (0x1C...0x1F).contains(scalar.value) { bits |= Self.space }
    self.bits = bits
  }

  /// Changing the case makes no part of a word of anything else, nor the other way round; what a scalar becomes several of is looked at one by one.
  private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
    default: scalar == "_" || scalar.properties.numericType != nil
    }
  }

  /// Of the scalars below 2¹⁶, and of ASCII alone: most texts never ask for the larger one.
  static let plane: [ScalarTraits] = (0..<0x10000).map { ScalarTraits(Unicode.Scalar($0) ?? " ") }
  static let ascii: [ScalarTraits] = (0..<0x80).map { ScalarTraits(Unicode.Scalar($0) ?? " ") }

  static func of(_ value: UInt32) -> ScalarTraits {
    value < 0x10000 ? plane[Int(value)] : ScalarTraits(Unicode.Scalar(value) ?? " ")
  }
}

extension Unicode.Scalar {
  /// The lower case as Python has it, where a Σ ends a word: ς instead of σ (The Unicode Standard, section 3.13, Final_Sigma).
  func lowercase(before rest: Substring.UnicodeScalarView, after past: Substring.UnicodeScalarView) -> String {
    if self != "Σ" { return properties.lowercaseMapping }
    let previous = past.last { !$0.properties.isCaseIgnorable }
    let next = rest.first { !$0.properties.isCaseIgnorable }
    let isFinal = previous?.properties.isCased == true && next?.properties.isCased != true
    return isFinal ? "ς" : "σ"
  }
}
