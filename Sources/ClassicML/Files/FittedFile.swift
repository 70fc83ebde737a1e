import DataPipelines
import Foundation
import TensorCore
import TensorIO

/// A file of what an estimator has learned: safetensors with all its tensors, and the rest as JSON in the metadata (`format`, `type`, `contents`,
/// `sha256`). It is written whole or not at all.
extension FittedValue {
  /// Writes such a file.
  ///
  /// ```swift
  /// let fitted = try LinearRegression().fit(Tensor([[1.0], [2.0], [4.0]]), Tensor([1.0, 2.0, 4.0]))
  /// let place = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-fitted.safetensors")
  /// try fitted.save(to: place)
  /// try LinearRegression.Fitted(contentsOf: place).coefficients.item() == fitted.coefficients.item()  // → true
  /// ```
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func save(to url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    let shelf = TensorShelf()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    encoder.userInfo[.tensorShelf] = shelf
    encoder.nonConformingFloatEncodingStrategy = FittedFile.strangeNumbers
    let contents: String
    do {
      contents = String(decoding: try encoder.encode(FittedFile.Box(value: self)), as: UTF8.self)
    } catch {
      throw .contents(file: path, key: "contents", expected: "values that JSON can hold", found: "\(error)")
    }
    var metadata = ["format": FittedFile.format, "type": FittedFile.name(of: Self.self), "contents": contents]
    metadata["sha256"] = FittedFile.hash(metadata, shelf.tensors)
    try SafeTensors.write(shelf.tensors, metadata: metadata, to: url)
  }

  /// Reads such a file.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read, is no such file, holds something of another type, or one of its bits has changed.
  public init(contentsOf url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    let file = try SafeTensors(contentsOf: url)
    func entry(_ key: String, _ expected: String) throws(FileError) -> String {
      guard let text = file.metadata[key] else {
        throw .contents(file: path, key: key, expected: expected, found: "none")
      }
      return text
    }
    let format = try entry("format", FittedFile.format)
    if format != FittedFile.format {
      throw .contents(file: path, key: "format", expected: FittedFile.format, found: format)
    }
    let (type, name) = (try entry("type", "a type"), FittedFile.name(of: Self.self))
    if type != name { throw .contents(file: path, key: "type", expected: name, found: type) }
    let tensors = try file.tensors()
    let (noted, found) = (try entry("sha256", "a hash"), FittedFile.hash(file.metadata, tensors))
    if found != noted {
      throw .contents(file: path, key: "sha256", expected: "contents with the SHA-256 \(noted)", found: found)
    }
    let decoder = JSONDecoder()
    decoder.userInfo[.tensorShelf] = TensorShelf(tensors)
    decoder.nonConformingFloatDecodingStrategy = FittedFile.strangeNumbersRead
    do {
      let contents = try entry("contents", "what was learned")
      self = try decoder.decode(FittedFile.Box<Self>.self, from: Data(contents.utf8)).value
    } catch let error as FileError {
      throw error
    } catch {
      throw .contents(file: path, key: "contents", expected: "a fitted \(name)", found: "\(error)")
    }
  }
}

/// What such files have in common.
package enum FittedFile {
  package static let format = "glassbox fitted estimator 1"
  static let strangeNumbers = JSONEncoder.NonConformingFloatEncodingStrategy.convertToString(
    positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")
  static let strangeNumbersRead = JSONDecoder.NonConformingFloatDecodingStrategy.convertFromString(
    positiveInfinity: "∞", negativeInfinity: "-∞", nan: "NaN")

  /// Gives each tensor's name a first part, and a value that is a single tensor or number a place in an object.
  struct Box<Value: Codable>: Codable { let value: Value }

  /// The type's name without modules: `Chain<StandardScaler.Fitted, LogisticRegression.Fitted>`.
  package static func name(of type: Any.Type) -> String { String(reflecting: type).replacing("ClassicML.", with: "") }

  static func hash(_ metadata: [String: String], _ tensors: [String: Tensor]) -> String {
    let hash = SHA256()
    for (key, text) in metadata.sorted(by: { $0.key < $1.key }) where key != "sha256" {
      hash.update(Array("\(key)\0\(text)\0".utf8))
    }
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      hash.update(Array("\(name)\0\(tensor.dtype)\(tensor.shape)\0".utf8))
      tensor.withUnsafeBytes { hash.update(Array($0)) }
    }
    return hash.finish()
  }
}
