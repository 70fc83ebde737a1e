extension KeyedDecodingContainer {
  /// The value of a key, of the type that is asked for.
  func value<Value: Decodable>(_ key: Key) throws -> Value { try decode(Value.self, forKey: key) }
}

extension Decoder {
  /// Throws unless the decoded parts fit together: what would stop the program when it is used is refused when it is read.
  func require(_ holds: Bool, _ text: @autoclosure () -> String) throws {
    if holds { return }
    throw DecodingError.dataCorrupted(
      .init(codingPath: codingPath, debugDescription: "the parts do not fit together: \(text())"))
  }
}
