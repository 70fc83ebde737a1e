/// GPT-2's words: letters, digits or other characters with the space before them, endings as in *'ll*, and white space
/// (`'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`; Radford et al., 2019, encoder.py). By hand, for this is where byte-level
/// tokenisers spend their time.
enum GPT2Words {
  private static let endings: [Scalars] = ["s", "t", "re", "ve", "m", "ll", "d"].map { Scalars($0.unicodeScalars) }

  static func matches(in text: ArraySlice<Unicode.Scalar>) -> [Range<Int>] {
    var found: [Range<Int>] = []
    var place = text.startIndex
    while place < text.endIndex {
      let end = end(of: text, from: place)
      found.append(place - text.startIndex..<end - text.startIndex)
      place = end
    }
    return found
  }

  /// Where the word ends that begins at a place.
  private static func end(of text: ArraySlice<Unicode.Scalar>, from start: Int) -> Int {
    if text[start] == "'",
      let ending = endings.first(where: { text[(start + 1)...].starts(with: $0) })
    {
      return start + 1 + ending.count
    }
    let first = text[start] == " " && start + 1 < text.endIndex ? start + 1 : start
    if !text[first].isSpace {
      let kind = Kind(text[first])
      var end = first + 1
      while end < text.endIndex, Kind(text[end]) == kind { end += 1 }
      return end
    }
    var end = start + 1
    while end < text.endIndex, text[end].isSpace { end += 1 }
    // The last of several spaces belongs to what follows.
    return end < text.endIndex && end - start > 1 ? end - 1 : end
  }

  private enum Kind {
    case letter, number, space, other

    init(_ scalar: Unicode.Scalar) {
      self =
        scalar.isLetter
        ? .letter : scalar.isNumber && scalar.isKnown(to: 16) ? .number : scalar.isSpace ? .space : .other
    }
  }
}
