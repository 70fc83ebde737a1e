// The dictionary in a npy header, a Python literal: {'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }
extension ByteScanner {
  /// Takes the dictionary, and blanks up to the end.
  mutating func npyDictionary(
    _ array: String?
  ) throws(FileError) -> (type: String, isColumnMajor: Bool, shape: [Int]) {
    let file = file
    var type: String?
    var isColumnMajor: Bool?
    var shape: [Int]?
    try list("{", "}", trailingComma: true) { scanner throws(FileError) in
      let key = try scanner.pythonString()
      try scanner.require(":")
      switch (key, type, isColumnMajor, shape) {
      case ("descr", nil, _, _):
        scanner.skipSpace()
        if scanner.next == UInt8(ascii: "[") {
          throw .contents(
            file: file, key: array, expected: "elements that are numbers", found: "records of several fields")
        }
        type = try scanner.pythonString()
      case ("fortran_order", _, nil, _): isColumnMajor = try scanner.pythonBool()
      case ("shape", _, _, nil): shape = try scanner.pythonTuple()
      case ("descr", _, _, _), ("fortran_order", _, _, _), ("shape", _, _, _):
        throw .contents(file: file, key: array, expected: "'\(key)' once", found: "it twice")
      default:
        throw .contents(
          file: file, key: array, expected: "'descr', 'fortran_order' and 'shape' in the header", found: quoted(key))
      }
    }
    skipSpace()
    if next != nil { throw unexpected("nothing more") }
    guard let type, let isColumnMajor, let shape else {
      let missing = type == nil ? "descr" : isColumnMajor == nil ? "fortran_order" : "shape"
      throw .contents(
        file: file, key: array, expected: "'descr', 'fortran_order' and 'shape' in the header", found: "no '\(missing)'"
      )
    }
    return (type, isColumnMajor, shape)
  }

  /// Takes a string in quotes of either kind, of printing ASCII without backslashes.
  private mutating func pythonString() throws(FileError) -> String {
    let quote: UInt8 = take("'") ? UInt8(ascii: "'") : UInt8(ascii: "\"")
    if quote == UInt8(ascii: "\"") { try require("\"") }
    let text = take { $0 == quote || !(0x20..<0x7f).contains($0) || $0 == UInt8(ascii: "\\") }
    let string = String(decoding: text, as: UTF8.self)
    if next != quote { throw unexpected("the end of the string") }
    advance()
    return string
  }

  private mutating func pythonBool() throws(FileError) -> Bool {
    skipSpace()
    let word = String(decoding: take { !(0x41...0x7a).contains($0) }, as: UTF8.self)
    switch word {
    case "True": return true
    case "False": return false
    default: throw unexpected("True or False before what stands")
    }
  }

  /// Takes `()`, `(2,)` or `(2, 3)`, but not `(2)`, which is a number; Python 2 wrote `2L` for large ones.
  private mutating func pythonTuple() throws(FileError) -> [Int] {
    var sizes: [Int] = []
    let endsInComma = try list("(", ")", trailingComma: true) { scanner throws(FileError) in
      sizes.append(try scanner.number())
      if scanner.next == UInt8(ascii: "L") { scanner.advance() }
    }
    if sizes.count == 1 && !endsInComma { throw unexpected("a comma in the tuple before what stands") }
    return sizes
  }
}
