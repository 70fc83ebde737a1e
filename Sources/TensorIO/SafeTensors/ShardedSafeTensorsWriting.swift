import FoundationEssentials
import Glibc
import TensorCore

extension ShardedSafeTensors {
  /// Writes tensors into files of limited size, and the index that names them.
  ///
  /// The tensors are taken in the order of their names, and a file is begun when the next one would not fit; a tensor that is
  /// larger than the limit has a file for itself. The same tensors give the same files.
  ///
  /// All files are on the disk before the first of them takes its place, and the index comes last. A write that fails, for
  /// instance on a full disk, leaves what stood there; one that is killed while the files take their places leaves no
  /// index rather than one that mixes old files with new. Files of an older, longer set stay.
  ///
  /// - Parameters:
  ///   - folder: Where to write; it must be there.
  ///   - name: What the files' names begin with: `NAME-00001-of-00003.safetensors`, `NAME.safetensors.index.json`.
  ///   - maximumShardSize: The most bytes of tensors in a file. Hugging Face's libraries take 5 GB.
  ///   - metadata: Free text for the index and each file. Transformers expects `["format": "pt"]`.
  /// - Returns: The index.
  /// - Throws: ``FileError``.
  @discardableResult
  public static func write(
    _ tensors: [String: Tensor], into folder: URL, name: String = "model", maximumShardSize: Int = 5_000_000_000,
    metadata: [String: String] = [:]
  ) throws(FileError) -> URL {
    if maximumShardSize < 1 {
      stop("ShardedSafeTensors", "a maximumShardSize of \(maximumShardSize) bytes", fix: "pass 1 or more")
    }
    let shards = cut(tensors, maximumShardSize)
    var files: [String: String] = [:]
    let parts = shards.enumerated().map { number, shard in
      let file = "\(name)-\(digits(number + 1))-of-\(digits(shards.count)).safetensors"
      for name in shard.keys { files[name] = file }
      return (url: folder.appending(path: file), tensors: shard)
    }
    let total = tensors.values.reduce(0) { $0 + $1.count * $1.dtype.size }
    let text = ShardIndex.encode(files, totalSize: total, metadata: metadata)
    let index = folder.appending(path: "\(name).safetensors.index.json")
    try AtomicFile.write(to: index) { file throws(FileError) in
      try file.write(text)
      try write(parts[...], metadata, replacing: index)
    }
    return index
  }

  /// Writes the first file, and the others while it is still without its place: so the last to be written is the first to take it.
  private static func write(
    _ parts: ArraySlice<(url: URL, tensors: [String: Tensor])>, _ metadata: [String: String], replacing index: URL
  ) throws(FileError) {
    guard let part = parts.first else {
      let path = index.path(percentEncoded: false)
      if unlink(path) != 0, errno != ENOENT { throw .system("replace", path) }
      return
    }
    try AtomicFile.write(to: part.url) { file throws(FileError) in
      try SafeTensors.write(part.tensors, metadata: metadata, into: file)
      try write(parts.dropFirst(), metadata, replacing: index)
    }
  }

  private static func cut(_ tensors: [String: Tensor], _ maximumSize: Int) -> [[String: Tensor]] {
    var shards: [[String: Tensor]] = [[:]]
    var size = 0
    for (name, tensor) in tensors.sorted(by: { $0.key < $1.key }) {
      let bytes = tensor.count * tensor.dtype.size
      if size > 0, size + bytes > maximumSize {
        shards.append([:])
        size = 0
      }
      shards[shards.count - 1][name] = tensor
      size += bytes
    }
    return shards
  }

  private static func digits(_ number: Int) -> String {
    let text = String(number)
    return String(repeating: "0", count: max(0, 5 - text.count)) + text
  }
}
