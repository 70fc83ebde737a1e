import FoundationEssentials
import TensorCore

/// A checkpoint of PyTorch's, as `torch.save` has written it since version 1.6: a `.pt` or `.pth` file; or one value in it.
///
/// It is a zip file with a Python pickle and the tensors' bytes. A pickle is a program, and Python runs whatever it says; here it is read
/// by an interpreter that knows only what builds tensors, dictionaries, lists, tuples, texts, numbers, bools and None. Every other
/// global is refused by its name, so that a hostile file gives an error and nothing else.
///
/// Opening a file reads it once, comparing checksums. A tensor that stands in one piece borrows its bytes from the mapped file, as
/// with ``SafeTensors``; the file must not be cut short or written to meanwhile. Tensors that share a storage come apart when one of
/// them is written to. float16 becomes float32, which holds all its values. Types that tensors lack (complex, int8, int16) keep
/// their place as ``PyTorchValue/unsupportedTensor(elementType:shape:)``, and are refused when they are asked for.
///
/// ```swift
/// func weights(_ url: URL) throws -> [String: Tensor] {
///   let checkpoint = try PyTorchCheckpoint(contentsOf: url)  // {"model": …, "epoch": 3}
///   print(checkpoint.names, try checkpoint["epoch"].integer())
///   return try checkpoint["model"].tensors()
/// }
/// ```
public struct PyTorchCheckpoint: Sendable {
  public let value: PyTorchValue
  private let file: String
  /// The keys that lead here.
  private let path: [String]

  /// Opens a file.
  ///
  /// - Parameter limit: The most bytes that may be taken for what cannot be borrowed from the file: compressed members, tensors with
  ///   gaps or repeated elements, float16. By default 4 GiB, or four times the file's length if that is more.
  /// - Throws: ``FileError`` when it cannot be read, is damaged, is of the format before 1.6, is a TorchScript archive, needs a
  ///   global that is not known to be harmless, contains itself, or is beyond the limit.
  public init(contentsOf url: URL, limit: Int? = nil) throws(FileError) {
    try self.init(FileBytes(mapping: url), limit)
  }

  /// Reads a file that is in memory already; `name` stands for it in messages.
  ///
  /// - Throws: ``FileError``, as ``init(contentsOf:limit:)`` does.
  public init(encoded bytes: [UInt8], name: String = "PyTorch checkpoint", limit: Int? = nil) throws(FileError) {
    try self.init(bytes.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: name) }, limit)
  }

  private init(_ source: FileBytes, _ limit: Int?) throws(FileError) {
    let budget = limit ?? max(1 << 32, source.count.multipliedReportingOverflow(by: 4).partialValue)
    self.init(value: try PyTorchArchive.read(source, limit: budget), file: source.name, path: [])
  }

  private init(value: PyTorchValue, file: String, path: [String]) {
    self.value = value
    self.file = file
    self.path = path
  }

  /// The keys of a dictionary, in its order; none for anything else.
  public var names: [String] {
    if case .dictionary(let entries) = value { entries.map(\.key.description) } else { [] }
  }

  /// What a dictionary holds under a key.
  ///
  /// - Throws: ``FileError`` when this is no dictionary, or has no such key.
  public subscript(key: String) -> PyTorchCheckpoint {
    get throws(FileError) { try entry(.text(key)) }
  }

  /// What stands at a place of a list or tuple, or under an integer as a dictionary's key.
  ///
  /// - Throws: ``FileError`` when there is nothing.
  public subscript(index: Int) -> PyTorchCheckpoint {
    get throws(FileError) {
      switch value {
      case .list(let items), .tuple(let items):
        guard items.indices.contains(index) else { throw error("an element \(index)", value.kind) }
        return PyTorchCheckpoint(value: items[index], file: file, path: path + [String(index)])
      default: return try entry(.integer(index))
      }
    }
  }

  private func entry(_ key: PyTorchValue.Key) throws(FileError) -> PyTorchCheckpoint {
    guard case .dictionary(let entries) = value else { throw error("a dictionary with the key \(key)", value.kind) }
    guard let entry = entries.first(where: { $0.key == key }) else {
      let some = names.prefix(8).map(quoted).joined(separator: ", ")
      throw error("the key \(quoted(key.description))", names.isEmpty ? "no keys" : "only \(some)")
    }
    return PyTorchCheckpoint(value: entry.value, file: file, path: path + [key.description])
  }

  /// A dictionary of tensors: a state dictionary, ready for `Module.load(stateDictionary:)`.
  ///
  /// - Throws: ``FileError`` that names the key when there is anything but tensors in it, or an element type that tensors lack.
  public func tensors() throws(FileError) -> [String: Tensor] {
    guard case .dictionary(let entries) = value else { throw error("a dictionary of tensors", value.kind) }
    var tensors: [String: Tensor] = [:]
    for (key, value) in entries {
      let place = PyTorchCheckpoint(value: value, file: file, path: path + [key.description])
      guard case .text(let name) = key else { throw place.error("a dictionary whose keys are texts", "this key") }
      tensors[name] = try place.tensor()
    }
    return tensors
  }

  /// - Throws: ``FileError`` when this is no tensor, or has an element type that tensors lack.
  public func tensor() throws(FileError) -> Tensor {
    guard case .tensor(let tensor) = value else { throw error("a tensor of a type that tensors have", value.kind) }
    return tensor
  }

  /// - Throws: ``FileError`` when this is no integer.
  public func integer() throws(FileError) -> Int {
    guard case .integer(let number) = value else { throw error("an integer", value.kind) }
    return number
  }

  /// An integer or a floating-point number.
  ///
  /// - Throws: ``FileError`` when this is neither.
  public func number() throws(FileError) -> Double {
    switch value {
    case .number(let number): return number
    case .integer(let number): return Double(number)
    default: throw error("a number", value.kind)
    }
  }

  /// - Throws: ``FileError`` when this is no bool.
  public func bool() throws(FileError) -> Bool {
    guard case .bool(let bool) = value else { throw error("a bool", value.kind) }
    return bool
  }

  /// - Throws: ``FileError`` when this is no text.
  public func text() throws(FileError) -> String {
    guard case .text(let text) = value else { throw error("a text", value.kind) }
    return text
  }

  private func error(_ expected: String, _ found: String) -> FileError {
    .contents(file: file, key: path.isEmpty ? nil : path.joined(separator: "/"), expected: expected, found: found)
  }
}
