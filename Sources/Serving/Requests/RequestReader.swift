import DataPipelines
import Foundation
import Tables
import TensorCore
import TensorIO
import Tokenizers

/// Makes a model's input of a request's body, or says what is wrong with it.
enum RequestReader: Sendable {
  case pictures(PicturePreparation)
  case texts
  /// The columns that inputs are made of.
  case rows([String: ColumnKind])

  /// The types of bodies that it reads.
  var types: [String] {
    if case .pictures = self { ["application/json", "image/png", "image/jpeg"] } else { ["application/json"] }
  }

  /// What a body asks.
  ///
  /// - Parameters:
  ///   - type: One of ``types``.
  ///   - limit: The most texts or rows of one request.
  func input(_ body: [UInt8], type: String, limit: Int) throws(RequestProblem) -> ModelInput {
    if case .pictures(let preparation) = self, type != "application/json" {
      return ModelInput(values: .pictures([try picture(body, preparation)]), isList: false)
    }
    let json = try OrderedJSON(body: body)
    switch self {
    case .pictures(let preparation):
      switch try json.member(["pixels", "image"]) {
      case ("pixels", let rows):
        return ModelInput(values: .pictures([try rows.pixels(at: "pixels")]), isList: false)
      case (_, let text):
        guard let text = text.string, let bytes = Data(base64Encoded: text) else {
          throw .unusable("image", expected: "a JPEG or PNG file in base64", found: text.kind)
        }
        return ModelInput(values: .pictures([try picture([UInt8](bytes), preparation)]), isList: false)
      }
    case .texts:
      switch try json.member(["text", "texts"]) {
      case ("text", let text): return ModelInput(values: .texts([try text.text(at: "text")]), isList: false)
      case (_, let list):
        let texts = try list.elements(at: "texts", limit).enumerated().map { index, text throws(RequestProblem) in
          try text.text(at: "texts[\(index)]")
        }
        return ModelInput(values: .texts(texts), isList: true)
      }
    case .rows(let kinds):
      switch try json.member(["row", "rows"]) {
      case ("row", let row): return ModelInput(values: .rows(try table([row], kinds) { _ in "row" }), isList: false)
      case (_, let list):
        let rows = try list.elements(at: "rows", limit)
        return ModelInput(values: .rows(try table(rows, kinds) { "rows[\($0)]" }), isList: true)
      }
    }
  }

  /// A file's picture. Few bytes can stand for very many pixels.
  private func picture(_ bytes: [UInt8], _ preparation: PicturePreparation) throws(RequestProblem) -> Tensor {
    var options = preparation.options
    options.pixelLimit = 1 << 24
    do throws(FileError) {
      return try PictureFile.decode(bytes, name: "image", options: options)
    } catch {
      throw RequestProblem(status: .unprocessableContent, message: error.description)
    }
  }

  private func table(
    _ rows: [OrderedJSON], _ kinds: [String: ColumnKind], place: (Int) -> String
  ) throws(RequestProblem) -> Table {
    let names = kinds.keys.sorted()
    var fields = [[String?]](repeating: [], count: names.count)
    for (index, row) in rows.enumerated() {
      guard let members = row.members else {
        throw .unusable(place(index), expected: "an object with a value for each column", found: row.kind)
      }
      let values = Dictionary(members.map { ($0.name, $0.value) }) { _, last in last }
      for (column, name) in names.enumerated() {
        guard let value = values[name] else {
          let present = members.isEmpty ? "none" : members.map { "\"\($0.name)\"" }.joined(separator: ", ")
          throw .unusable(place(index), expected: "\"\(name)\" (null where there is no value)", found: present)
        }
        fields[column].append(try value.field(at: "\(place(index)).\(name)", as: kinds[name] ?? .text))
      }
    }
    let columns: [Column]
    do throws(TableError) {
      columns = try zip(names, fields).map { name, fields throws(TableError) in
        try Column(name, text: fields).converted(to: kinds[name] ?? .text)
      }
    } catch {
      throw RequestProblem(status: .unprocessableContent, message: error.description)
    }
    // Not a number is what is missing.
    for column in columns where column.kind == .number {
      if let row = column.numbers.firstIndex(where: { !$0.isNaN && !Float($0).isFinite }) {
        throw .unusable(
          "\(place(row)).\(column.name)", expected: "a number that float32 holds", found: "\(column.numbers[row])")
      }
    }
    return Table(columns)
  }
}

extension OrderedJSON {
  /// The value that a body holds.
  init(body: [UInt8]) throws(RequestProblem) {
    do throws(Problem) {
      try self.init(parsing: body)
    } catch {
      let found =
        error.offset < body.count ? "something else at byte \(error.offset)" : "its end after \(body.count) bytes"
      throw .malformed("The body: expected JSON, found \(found).")
    }
  }

  /// The first of these members that an object has.
  func member(_ names: [String]) throws(RequestProblem) -> (String, OrderedJSON) {
    let expected = "an object with " + names.map { "\"\($0)\"" }.joined(separator: " or ")
    guard let members else { throw .unusable("The body", expected: expected, found: kind) }
    guard let member = members.first(where: { names.contains($0.name) }) else {
      let present = members.isEmpty ? "an empty one" : members.map { "\"\($0.name)\"" }.joined(separator: ", ")
      throw .unusable("The body", expected: expected, found: present)
    }
    return (member.name, member.value)
  }

  func text(at place: String) throws(RequestProblem) -> String {
    guard let string else { throw .unusable(place, expected: "a string", found: kind) }
    return string
  }

  func elements(at place: String, _ limit: Int) throws(RequestProblem) -> [OrderedJSON] {
    guard let array, (1...limit).contains(array.count) else {
      let found = array.map { "\($0.count)" } ?? kind
      throw .unusable(place, expected: "a list of 1 to \(limit)", found: found)
    }
    return array
  }

  /// uint8 [1 or 3, height, width] of rows of whole numbers from 0 to 255, grey, or of lists of three of them: red, green, blue.
  func pixels(at place: String) throws(RequestProblem) -> Tensor {
    let expected = "rows of equal length of numbers from 0 to 255, or of [red, green, blue]"
    guard let rows = array, let first = rows.first?.array?.first else {
      throw .unusable(place, expected: expected, found: kind)
    }
    let channels = first.array == nil ? 1 : 3
    let width = rows[0].array?.count ?? 0
    var values: [UInt8] = []
    values.reserveCapacity(rows.count * width * channels)
    func append(_ value: OrderedJSON, _ place: @autoclosure () -> String) throws(RequestProblem) {
      guard let number = value.number, let byte = UInt8(exactly: number) else {
        throw .unusable(place(), expected: "a whole number from 0 to 255", found: value.kind)
      }
      values.append(byte)
    }
    for (y, row) in rows.enumerated() {
      guard let row = row.array, row.count == width else {
        let found = row.array.map { "\($0.count) numbers" } ?? row.kind
        throw .unusable("\(place)[\(y)]", expected: "\(width) numbers, as in the first row", found: found)
      }
      for (x, pixel) in row.enumerated() {
        if channels == 1 {
          try append(pixel, "\(place)[\(y)][\(x)]")
        } else {
          guard let colors = pixel.array, colors.count == 3 else {
            throw .unusable("\(place)[\(y)][\(x)]", expected: "[red, green, blue]", found: pixel.kind)
          }
          for (channel, color) in colors.enumerated() { try append(color, "\(place)[\(y)][\(x)][\(channel)]") }
        }
      }
    }
    let pixels = Tensor(values, shape: [rows.count, width, channels])
    return channels == 1 ? pixels.reshaped([1, rows.count, width]) : pixels.permuted([2, 0, 1]).contiguous()
  }

  /// A row's value as a table's field; nil where there is none.
  fileprivate func field(at place: String, as kind: ColumnKind) throws(RequestProblem) -> String? {
    switch self {
    case .null: return nil
    case .string(let text): return text
    case .number, .bool:
      if case .bool = self, kind == .number { throw .unusable(place, expected: "a number", found: self.kind) }
      return description
    case .array, .object: throw .unusable(place, expected: "a number, a string or null", found: self.kind)
    }
  }

  /// What it is, in words for messages.
  var kind: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number: description
    case .string(let text): text.utf8.count <= 40 ? "\"\(text)\"" : "a string of \(text.utf8.count) bytes"
    case .array(let elements): elements.isEmpty ? "an empty list" : "a list of \(elements.count)"
    case .object: "an object"
    }
  }
}
