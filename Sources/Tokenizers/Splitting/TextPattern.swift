import Foundation

/// What is looked for in text: a text, or a regular expression as tokenizer files write it (Oniguruma's syntax for Ruby, as far as ICU shares it): `^` and `$`
/// match at every line, lines end at `\n` alone, and `(?m)` lets a dot match that too.
///
/// ```swift
/// let digits = try TextPattern(regex: #"\p{N}{1,3}"#)
/// PreTokenizer.split(digits, .isolated).pieces(of: "in 12345 days")  // → ["in ", "123", "45", " days"]
/// ```
public struct TextPattern: Sendable, Hashable {
  enum Kind: Sendable, Hashable {
    case text(Scalars)
    case regex(String)
  }

  let kind: Kind
  /// Compiled once; not part of what the pattern is.
  private let compiled: Compiled?

  /// A text, taken as it is.
  public static func text(_ text: String) -> TextPattern {
    TextPattern(kind: .text(Scalars(text.unicodeScalars)), compiled: nil)
  }

  /// A regular expression.
  ///
  /// - Throws: ``TokenizerError`` when it is none.
  public init(regex source: String) throws(TokenizerError) {
    do {
      compiled = Compiled(
        try NSRegularExpression(
          pattern: OnigurumaExpression(source).icu, options: [.anchorsMatchLines, .useUnixLineSeparators]))
    } catch {
      throw .regularExpression(source)
    }
    kind = .regex(source)
  }

  private init(kind: Kind, compiled: Compiled?) { (self.kind, self.compiled) = (kind, compiled) }

  public static func == (a: TextPattern, b: TextPattern) -> Bool { a.kind == b.kind }

  public func hash(into hasher: inout Hasher) { hasher.combine(kind) }

  /// Where it is found, from left to right; empty matches are left out.
  func matches(in scalars: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
    switch kind {
    case .text(let text): Self.places(of: text, in: scalars)
    case .regex: compiled.map { Self.places(of: $0.expression, in: scalars) } ?? []
    }
  }

  private static func places(of text: Scalars, in scalars: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
    guard let first = text.first else { return [] }
    var found: [Range<Int>] = []
    var place = scalars.startIndex
    while place + text.count <= scalars.endIndex {
      if scalars[place] == first, scalars[place..<(place + text.count)].elementsEqual(text) {
        found.append(place - scalars.startIndex..<place - scalars.startIndex + text.count)
        place += text.count
      } else {
        place += 1
      }
    }
    return found
  }

  private static func places(
    of expression: NSRegularExpression, in scalars: ArraySlice<Unicode.Scalar>
  ) -> [Range<Int>] {
    // Matches count UTF-16's units.
    var positions: [Int] = []
    positions.reserveCapacity(scalars.count + 1)
    for (index, scalar) in scalars.enumerated() {
      positions.append(index)
      if scalar.value > 0xFFFF { positions.append(index) }
    }
    positions.append(scalars.count)
    let text = String(scalars)
    let whole = NSRange(location: 0, length: positions.count - 1)
    return expression.matches(in: text, range: whole).compactMap { match in
      let range = positions[match.range.location]..<positions[match.range.location + match.range.length]
      return range.isEmpty ? nil : range
    }
  }
}

/// - Remark: unchecked Sendable: an `NSRegularExpression` does not change after it is made, and Foundation's documentation calls its matching safe on several threads
///   at once. The class holds nothing else.
private final class Compiled: @unchecked Sendable {
  let expression: NSRegularExpression

  init(_ expression: NSRegularExpression) { self.expression = expression }
}
