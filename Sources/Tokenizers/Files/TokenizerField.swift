import TensorIO

/// A part of a tokeniser's file, with its place, so that what is wrong can be named.
struct TokenizerField {
  let json: OrderedJSON
  let file: String
  /// `model.merges[3]`; empty for the whole.
  let place: String

  init(json: OrderedJSON, file: String, place: String) { (self.json, self.file, self.place) = (json, file, place) }

  /// The whole of a file.
  init(parsing bytes: [UInt8], file: String) throws(FileError) {
    do throws(OrderedJSON.Problem) {
      self.init(json: try OrderedJSON(parsing: bytes), file: file, place: "")
    } catch {
      throw .contents(file: file, key: nil, expected: "JSON", found: "something else at byte \(error.offset)")
    }
  }

  /// A member; null where it is not there.
  subscript(name: String) -> TokenizerField {
    TokenizerField(json: json[name] ?? .null, file: file, place: place.isEmpty ? name : "\(place).\(name)")
  }

  var isNull: Bool { json.isNull }

  func error(_ expected: String) -> FileError {
    .contents(file: file, key: place.isEmpty ? nil : place, expected: expected, found: found)
  }

  /// What stands there, cut short.
  private var found: String {
    if isNull { return "none" }
    let text = json.description
    return text.count > 60 ? "\(text.prefix(60))…" : text
  }

  func string() throws(FileError) -> String {
    guard let value = json.string else { throw error("a text") }
    return value
  }

  /// A number of a token or of characters, as far as int32 holds them.
  func count() throws(FileError) -> Int {
    guard let value = json.integer, (0...Int(Int32.max)).contains(value) else {
      throw error("a whole number from 0 to \(Int32.max)")
    }
    return value
  }

  /// Refuses another text than this; what is not there is taken for it.
  func expect(_ value: String) throws(FileError) {
    if !isNull, try string() != value { throw error(value) }
  }

  func number() throws(FileError) -> Double {
    guard let value = json.number else { throw error("a number") }
    return value
  }

  /// `standard` where there is none.
  func bool(_ standard: Bool? = nil) throws(FileError) -> Bool {
    if isNull, let standard { return standard }
    guard let value = json.bool else { throw error("true or false") }
    return value
  }

  func elements() throws(FileError) -> [TokenizerField] {
    guard let values = json.array else { throw error("a list") }
    return values.enumerated().map { TokenizerField(json: $1, file: file, place: "\(place)[\($0)]") }
  }

  func members() throws(FileError) -> [(name: String, value: TokenizerField)] {
    guard let members = json.members else { throw error("an object") }
    return members.map { ($0.name, TokenizerField(json: $0.value, file: file, place: "\(place).\($0.name)")) }
  }

  /// The only scalar of a text.
  func scalar() throws(FileError) -> Unicode.Scalar {
    let scalars = try string().unicodeScalars
    guard scalars.count == 1, let scalar = scalars.first else { throw error("one character") }
    return scalar
  }

  /// What `body` makes of the part, its errors with the place.
  func making<Value>(_ expected: String, _ body: () throws(TokenizerError) -> Value) throws(FileError) -> Value {
    do throws(TokenizerError) {
      return try body()
    } catch {
      throw .contents(
        file: file, key: place.isEmpty ? nil : place, expected: expected, found: "\(error)".withoutFullStop)
    }
  }
}

extension String {
  fileprivate var withoutFullStop: String { hasSuffix(".") ? String(dropLast()) : self }
}
