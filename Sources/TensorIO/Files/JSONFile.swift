import Foundation
import TensorIO

/// JSON files as this project writes them: keys in alphabetical order, so that equal contents are equal bytes.
enum JSONFile {
  static func write(_ value: some Encodable, to url: URL) throws(FileError) {
    let text = try encoded(value, url, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try AtomicFile.write(to: url) { file throws(FileError) in try file.write(text + "\n") }
  }

  static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws(FileError) -> Value {
    try decoded(type, try bytes(of: url), url)
  }

  static func line(_ value: some Encodable, for url: URL) throws(FileError) -> String {
    try encoded(value, url, [.sortedKeys, .withoutEscapingSlashes])
  }

  static func decoded<Value: Decodable>(
    _ type: Value.Type, _ data: Data, _ url: URL, key: String? = nil
  ) throws(FileError) -> Value {
    let path = url.path(percentEncoded: false)
    do {
      let decoder = JSONDecoder()
      decoder.keyDecodingStrategy = .convertFromSnakeCase
      decoder.nonConformingFloatDecodingStrategy = .convertFromString(
        positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
      return try decoder.decode(type, from: data)
    } catch DecodingError.keyNotFound(let name, let context) {
      throw .contents(file: path, key: key, expected: "\"\(context.place(name))\" in it", found: "none")
    } catch DecodingError.typeMismatch(_, let context), DecodingError.valueNotFound(_, let context) {
      throw .contents(
        file: path, key: key, expected: "another kind of \"\(context.place)\"", found: "a value of the wrong type")
    } catch DecodingError.dataCorrupted(let context) where !context.codingPath.isEmpty {
      throw .contents(file: path, key: key, expected: "another \"\(context.place)\"", found: "a value that can't be")
    } catch {
      throw .contents(file: path, key: key, expected: "JSON", found: "something else (damaged, or cut off)")
    }
  }

  static func bytes(of url: URL) throws(FileError) -> Data {
    let path = url.path(percentEncoded: false)
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    if descriptor < 0 { throw .system(operation: "read", path: path, code: errno) }
    defer { close(descriptor) }
    var data = Data()
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Foundation.read(descriptor, &chunk, chunk.count)
      if count == 0 { return data }
      if count < 0 {
        if errno == EINTR { continue }
        throw .system(operation: "read", path: path, code: errno)
      }
      data.append(contentsOf: chunk[..<count])
    }
  }

  private static func encoded(
    _ value: some Encodable, _ url: URL, _ formatting: JSONEncoder.OutputFormatting
  ) throws(FileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = formatting
    encoder.keyEncodingStrategy = .convertToSnakeCase
    // JSON has no such numbers; a diverging training has.
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .contents(
        file: url.path(percentEncoded: false), key: nil, expected: "values that JSON can hold", found: "\(error)")
    }
  }
}

extension DecodingError.Context {
  /// Where in the file: `settings.batch_size`.
  fileprivate var place: String { codingPath.map(\.stringValue.inSnakeCase).joined(separator: ".") }

  fileprivate func place(_ key: any CodingKey) -> String {
    (codingPath + [key]).map(\.stringValue.inSnakeCase).joined(separator: ".")
  }
}

extension String {
  fileprivate var inSnakeCase: String {
    reduce(into: "") { text, character in
      text += character.isUppercase ? "_" + character.lowercased() : String(character)
    }
  }
}
