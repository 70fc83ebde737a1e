import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks
import Tables
import TensorCore
import TensorIO
import Tokenizers

extension ModelFile {
  private static let format = "glassbox model 1"

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func write(to url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    var metadata = ["format": Self.format, "task": task.rawValue, "model": model]
    metadata["details"] = try MetadataJSON.text(details, file: path, key: "details")
    if let architecture {
      metadata["architecture"] = try MetadataJSON.text(architecture, file: path, key: "architecture")
    }
    switch preparation {
    case .picture(let preparation, let classNames):
      metadata["preparation"] = try MetadataJSON.text(preparation, file: path, key: "preparation")
      metadata["class_names"] = try MetadataJSON.text(classNames, file: path, key: "class_names")
    case .text(let preparation, let classNames):
      metadata["preparation"] = try MetadataJSON.text(preparation, file: path, key: "preparation")
      metadata["class_names"] = try MetadataJSON.text(classNames, file: path, key: "class_names")
    case .table(let preparation):
      metadata["preparation"] = try MetadataJSON.text(preparation, file: path, key: "preparation")
    case .language(let tokenizer): metadata["tokenizer"] = tokenizer.json
    case .ratings(let preparation):
      metadata["preparation"] = try MetadataJSON.text(preparation, file: path, key: "preparation")
    }
    metadata["sha256"] = try Self.hash(metadata, state, file: path)
    try SafeTensors.write(state.dictionary, metadata: metadata, to: url)
  }

  /// Reads such a file. Its tensors are borrowed from it until they are loaded into a model.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read, is no such file, is cut short, one of its bits has changed, or something in it can't be.
  public init(contentsOf url: URL) throws(FileError) {
    let path = url.path(percentEncoded: false)
    let tensors = try SafeTensors(contentsOf: url)
    let metadata = tensors.metadata
    guard let format = metadata["format"] else {
      throw .contents(file: path, key: "format", expected: Self.format, found: "tensors alone")
    }
    if format != Self.format { throw .contents(file: path, key: "format", expected: Self.format, found: format) }
    func entry(_ key: String) throws(FileError) -> String {
      guard let text = metadata[key] else { throw .contents(file: path, key: key, expected: "an entry", found: "none") }
      return text
    }
    func decoded<Value: Decodable>(_ type: Value.Type, _ key: String) throws(FileError) -> Value {
      try MetadataJSON.decoded(type, try entry(key), file: path, key: key)
    }
    let state = StateDictionary(try tensors.tensors())
    let (noted, found) = (try entry("sha256"), try Self.hash(metadata, state, file: path))
    if found != noted {
      throw .contents(file: path, key: "sha256", expected: "contents with the SHA-256 \(noted)", found: found)
    }
    let name = try entry("task")
    let preparation: Preparation
    switch Task(rawValue: name) {
    case .pictureClassification:
      preparation = .picture(
        try decoded(PicturePreparation.self, "preparation"), classNames: try decoded([String].self, "class_names"))
    case .textClassification:
      preparation = .text(
        try decoded(TextPreparation.self, "preparation"), classNames: try decoded([String].self, "class_names"))
    case .tableClassification, .tableRegression:
      let table = try decoded(TablePreparation.self, "preparation")
      if let problem = table.problem {
        throw .contents(
          file: path, key: "preparation", expected: "what can be learned from a table", found: problem)
      }
      preparation = .table(table)
    case .languageModel: preparation = .language(try Tokenizer(json: Array(try entry("tokenizer").utf8), file: path))
    case .recommendation: preparation = .ratings(try decoded(RatingPreparation.self, "preparation"))
    case nil: throw .contents(file: path, key: "task", expected: "a task that is known", found: "\"\(name)\"")
    }
    self.init(
      model: try entry("model"),
      architecture: metadata["architecture"] == nil ? nil : try decoded(Architecture.self, "architecture"),
      preparation: preparation, details: try decoded([String: String].self, "details"), state: state, file: path)
    if task.rawValue != name {
      throw .contents(file: path, key: "task", expected: "\(task), as the preparation's target is", found: name)
    }
  }

  /// The SHA-256 of the metadata but itself, and of the tensors.
  private static func hash(
    _ metadata: [String: String], _ state: StateDictionary, file: String
  ) throws(FileError) -> String {
    let hash = SHA256()
    let others = metadata.filter { $0.key != "sha256" }
    hash.update(Array(try MetadataJSON.text(others, file: file, key: "metadata").utf8))
    hash.update(Array(state.fingerprint.utf8))
    return hash.finish()
  }
}

/// JSON as the metadata's texts: keys in alphabetical order, so that equal contents are equal bytes.
enum MetadataJSON {
  static func text(_ value: some Encodable, file: String, key: String) throws(FileError) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return String(decoding: try encoder.encode(value), as: UTF8.self)
    } catch {
      throw .contents(file: file, key: key, expected: "values that JSON can hold", found: "\(error)")
    }
  }

  static func decoded<Value: Decodable>(
    _ type: Value.Type, _ text: String, file: String, key: String
  ) throws(FileError) -> Value {
    func failure(_ path: [any CodingKey], _ expected: String, _ found: String) -> FileError {
      let place = ([key] + path.map(\.stringValue)).joined(separator: ".")
      return .contents(file: file, key: place, expected: expected, found: found)
    }
    do {
      return try JSONDecoder().decode(type, from: Data(text.utf8))
    } catch FileError.contents(_, let part, let expected, let found) {
      throw .contents(file: file, key: part.map { "\(key).\($0)" } ?? key, expected: expected, found: found)
    } catch DecodingError.keyNotFound(let name, let context) {
      throw failure(context.codingPath + [name], "a value", "none")
    } catch DecodingError.typeMismatch(let type, let context) {
      throw failure(context.codingPath, "\(type)", "a value of another type")
    } catch DecodingError.valueNotFound(let type, let context) {
      throw failure(context.codingPath, "\(type)", "null")
    } catch DecodingError.dataCorrupted(let context) {
      throw failure(context.codingPath, "a value that can be", context.debugDescription)
    } catch {
      throw .contents(file: file, key: key, expected: "JSON", found: "\(error)")
    }
  }
}

extension URL {
  /// The model's file in a run's folder; what is no folder is taken as one itself.
  package var modelFile: URL {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path(percentEncoded: false), isDirectory: &isFolder)
    return exists && isFolder.boolValue ? appending(path: "model.safetensors") : self
  }
}
