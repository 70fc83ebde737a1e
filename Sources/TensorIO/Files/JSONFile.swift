import FoundationEssentials

/// JSON files as this project writes them: keys in alphabetical order, so that equal contents are equal bytes; `learningRate` as
/// `learning_rate`; the numbers that JSON has not as `"nan"`, `"inf"` and `"-inf"`.
///
/// ```swift
/// struct Settings: Codable { var learningRate: Double }
/// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-settings.json")
/// try JSONFile.write(Settings(learningRate: 0.1), to: file)
/// try JSONFile.read(Settings.self, from: file).learningRate  // → 0.1
/// try JSONFile.line(Settings(learningRate: 0.1), for: file)  // → {"learning_rate":0.1}
/// ```
public enum JSONFile {
  /// Writes a value, one key a line, whole or not at all.
  ///
  /// - Throws: ``FileError`` when the value is none that JSON holds, or the file can't be written.
  public static func write(_ value: some Encodable, to url: URL) throws(FileError) {
    let text = try encoded(value, url, [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes])
    try AtomicFile.write(to: url) { file throws(FileError) in try file.write(text + "\n") }
  }

  /// Reads a value.
  ///
  /// - Throws: ``FileError`` when the file can't be read, or lacks what the type needs: it names the place, `settings.batch_size`.
  public static func read<Value: Decodable>(_ type: Value.Type, from url: URL) throws(FileError) -> Value {
    try decoded(type, Data(try WholeFile.read(url)), url)
  }

  /// The value as one line of text, without a line end; errors name the file that it is for.
  public static func line(_ value: some Encodable, for url: URL) throws(FileError) -> String {
    try encoded(value, url, [.sortedKeys, .withoutEscapingSlashes])
  }

  /// The value in JSON text; errors name the file that it stands in, and `key`, the part of it.
  public static func decoded<Value: Decodable>(
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
