/// A line at the start of a cell that is for the kernel, as `%timeit` or `%%html`.
package struct Magic: Sendable, Equatable {
  package let name: String
  /// What follows the name, without the spaces around it.
  package let arguments: String
  package let line: Int
  /// `%%`: the rest of the cell is for it, too.
  package let takesCell: Bool

  /// Those at the start of a cell.
  package static func all(in source: String) -> [Magic] { CellText(source).magics }
}

/// A cell's text, with the lines that are not Swift overwritten by spaces: everything else stays at its line and column.
struct CellText {
  let swift: String
  let magics: [Magic]

  init(_ source: String) {
    var magics: [Magic] = []
    var bytes = Array(source.utf8)
    var start = 0
    var number = 1
    while start < bytes.count {
      let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
      let line = String(decoding: bytes[start..<end], as: UTF8.self).drop(while: \.isWhitespace)
      let isShebang = number == 1 && line.hasPrefix("#!")
      if let magic = CellText.magic(line, number) {
        magics.append(magic)
      } else if !line.isEmpty && !isShebang {
        break
      }
      for offset in start..<end where bytes[offset] != UInt8(ascii: "\r") { bytes[offset] = UInt8(ascii: " ") }
      start = end + 1
      number += 1
    }
    swift = String(decoding: bytes, as: UTF8.self)
    self.magics = magics
  }

  private static func magic(_ line: Substring, _ number: Int) -> Magic? {
    guard line.hasPrefix("%") else { return nil }
    let takesCell = line.hasPrefix("%%")
    let words = line.drop { $0 == "%" }.split(maxSplits: 1, omittingEmptySubsequences: false) { $0.isWhitespace }
    let rest = words.dropFirst().first.map(String.init) ?? ""
    return Magic(
      name: words.first.map(String.init) ?? "", arguments: rest.trimmed, line: number, takesCell: takesCell)
  }
}

extension StringProtocol {
  /// Without the white space at both ends.
  var trimmed: String {
    let start = drop(while: \.isWhitespace)
    let end = start.lastIndex { !$0.isWhitespace }
    return end.map { String(start[...$0]) } ?? ""
  }
}
