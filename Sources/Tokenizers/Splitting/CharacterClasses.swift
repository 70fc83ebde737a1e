/// Text as a tokeniser goes through it: scalar by scalar. `String` compares and counts characters, for which "é" is the same in one scalar or in two;
/// a vocabulary has tokens for both.
typealias Scalars = [Unicode.Scalar]

extension String {
  init(_ scalars: some Sequence<Unicode.Scalar>) {
    var view = UnicodeScalarView()
    view.append(contentsOf: scalars)
    self.init(view)
  }
}

/// The classes of characters that tokenisers split at, by Unicode's properties.
///
/// Hugging Face's tables are those of different years, and models were trained with them: a character that is newer than its table is of no class there, and
/// one whose category has changed since is of the old one. The tests compare all characters.
extension Unicode.Scalar {
  /// White_Space.
  var isSpace: Bool { value < 0x80 ? value == 0x20 || (0x09...0x0D).contains(value) : properties.isWhitespace }

  /// The categories L of Unicode 16.
  var isLetter: Bool {
    if value < 0x80 { return isASCIILetter }
    return switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: isKnown(to: 16)
    default: false
    }
  }

  /// The categories N.
  var isNumber: Bool {
    if value < 0x80 { return (0x30...0x39).contains(value) }
    return switch properties.generalCategory {
    case .decimalNumber, .letterNumber, .otherNumber: true
    default: false
    }
  }

  /// ASCII's punctuation, symbols included, and the categories P of Unicode 8.
  var isPunctuation: Bool {
    if value < 0x80 { return value > 0x20 && value < 0x7F && !isASCIILetter && !isNumber }
    if value == 0x166D || value == 0x111C9 { return true }
    return switch properties.generalCategory {
    case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
      .finalPunctuation, .otherPunctuation:
      isKnown(to: 8)
    default: false
    }
  }

  /// What regular expressions call `\w` (Unicode Technical Standard 18, annex C), of Unicode 16.
  var isWordCharacter: Bool {
    if value < 0x80 { return isASCIILetter || isNumber || self == "_" }
    if !isKnown(to: 16) { return false }
    if properties.isAlphabetic || properties.isJoinControl { return true }
    return switch properties.generalCategory {
    case .nonspacingMark, .spacingMark, .enclosingMark, .decimalNumber, .connectorPunctuation: true
    default: false
    }
  }

  /// The category Mn of Unicode 8.
  var isNonspacingMark: Bool {
    switch value {
    case ..<0x300, 0x1885, 0x1886, 0xA9BD, 0x111C9: false
    case 0x1734, 0x1171E: true
    default: properties.generalCategory == .nonspacingMark && isKnown(to: 8)
    }
  }

  /// The categories M of Unicode 9.
  var isMark: Bool {
    switch value {
    case ..<0x300, 0x111C9: return false
    case 0x1CF2, 0x1CF3: return true
    default:
      return switch properties.generalCategory {
      case .nonspacingMark, .spacingMark, .enclosingMark: isKnown(to: 9)
      default: false
      }
    }
  }

  /// Controls, formats of Unicode 8, and private characters, but tab and line ends.
  var isControl: Bool {
    if value < 0x80 { return (value < 0x20 && ![0x09, 0x0A, 0x0D].contains(value)) || value == 0x7F }
    return switch properties.generalCategory {
    case .control, .privateUse: true
    case .format: isKnown(to: 8)
    default: false
    }
  }

  /// Whether Unicode had the character in a version.
  func isKnown(to version: Int) -> Bool { properties.age.map { $0.major <= version } ?? false }

  /// Ideographs that BERT's tokeniser takes for words of their own (google-research/bert, tokenization.py).
  var isIdeograph: Bool {
    if value < 0x3400 { return false }
    return [
      0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F, 0x2B920...0x2CEAF,
      0xF900...0xFAFF, 0x2F800...0x2FA1F,
    ].contains { $0.contains(value) }
  }

  private var isASCIILetter: Bool { (0x41...0x5A).contains(value) || (0x61...0x7A).contains(value) }
}
