import FoundationEssentials
import TensorCore

/// A model that Hugging Face's libraries have cut into several safetensors files: one view of all of them, read in place.
///
/// Beside the files `model-00001-of-00003.safetensors`, … stands an index, `model.safetensors.index.json`:
/// `{"metadata": {"total_size": …}, "weight_map": {"layer.weight": "model-00001-of-00003.safetensors", …}}`. Opening it
/// checks the headers of all files and reads no tensor; see ``SafeTensors``. Tensors in a file that the index does not name are
/// passed over.
///
/// ```swift
/// let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-shards")
/// try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
/// let tensors = ["a": Tensor.ones([3]), "b": Tensor.zeros([2, 2])]
/// let index = try ShardedSafeTensors.write(tensors, into: folder, maximumShardSize: 16)
/// let model = try ShardedSafeTensors(contentsOf: index)
/// model.files  // → ["model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors"]
/// try model["a"]  // → [1.0, 1.0, 1.0]
/// ```
public struct ShardedSafeTensors: Sendable {
  /// The tensors' names, sorted.
  public let names: [String]
  /// The names of the files, sorted.
  public let files: [String]

  private let path: String
  private let shards: [String: SafeTensors]
  private let index: ShardIndex

  /// Opens an index and the files beside it.
  ///
  /// - Throws: ``FileError`` when the index is not as described above, names a file that is not beside it, or one that lacks a
  ///   tensor that the index places there; and as ``SafeTensors/init(contentsOf:)`` does for each file.
  public init(contentsOf url: URL) throws(FileError) {
    let source = try FileBytes(mapping: url)
    path = source.name
    index = try withExtendedLifetime(source) { source throws(FileError) in
      try ShardIndex(source.bytes, file: source.name)
    }
    names = index.files.keys.sorted()
    files = Set(index.files.values).sorted()
    var shards: [String: SafeTensors] = [:]
    for file in files { shards[file] = try Self.shard(file, beside: url, names: index.names(in: file)) }
    self.shards = shards
  }

  private static func shard(_ file: String, beside url: URL, names: [String]) throws(FileError) -> SafeTensors {
    let place = url.deletingLastPathComponent().appending(path: file)
    let index = url.path(percentEncoded: false)
    let shard: SafeTensors
    do throws(FileError) {
      shard = try SafeTensors(contentsOf: place)
    } catch  where error.isAbsence {
      throw .contents(
        file: index, key: file, expected: "this file beside it, with \(names.count) tensors", found: "no such file")
    }
    let present = Set(shard.names)
    if let missing = names.first(where: { !present.contains($0) }) {
      throw .contents(
        file: place.path(percentEncoded: false), key: missing, expected: "the tensor that the index places here",
        found: "\(shard.names.count) others")
    }
    return shard
  }

  /// A tensor by name. F16 becomes float32, which holds all its values.
  ///
  /// - Throws: ``FileError`` when there is none of that name, or its element type is none that tensors have.
  public subscript(name: String) -> Tensor {
    get throws(FileError) {
      guard let file = index.files[name], let shard = shards[file] else {
        let some = names.prefix(8).map(quoted).joined(separator: ", ")
        throw .contents(
          file: path, key: name, expected: "a tensor of that name",
          found: names.isEmpty ? "no tensors at all" : "only \(some)\(names.count > 8 ? ", … (\(names.count))" : "")")
      }
      return try shard[name]
    }
  }

  /// All tensors by name.
  ///
  /// - Throws: ``FileError``, as the subscript does.
  public func tensors() throws(FileError) -> [String: Tensor] {
    var tensors: [String: Tensor] = [:]
    for name in names { tensors[name] = try self[name] }
    return tensors
  }
}

extension FileError {
  /// Whether there is no file of that name.
  fileprivate var isAbsence: Bool {
    if case .system(_, _, let code) = self { code == 2 } else { false }
  }
}
