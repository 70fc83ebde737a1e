/// `model.safetensors.index.json`: which file has which tensor.
struct ShardIndex {
  /// The file's name by the tensor's.
  private(set) var files: [String: String] = [:]
  private var namesByFile: [String: [String]] = [:]

  /// As many bytes as a header of safetensors may have.
  static let maximumSize = SafeTensorsHeader.maximumSize

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws(FileError) {
    guard bytes.count <= Self.maximumSize else {
      throw .contents(
        file: file, key: nil, expected: "an index of at most \(Self.maximumSize) bytes", found: "\(bytes.count)")
    }
    var scanner = ByteScanner(bytes, file: file, part: "the index")
    var map: [String: String]?
    try scanner.list("{", "}") { scanner throws(FileError) in
      let field = try scanner.jsonString()
      try scanner.require(":")
      if field != "weight_map" {
        try scanner.skipJSON()
      } else if map == nil {
        map = try scanner.jsonStrings()
      } else {
        throw .contents(file: file, key: field, expected: "this field once", found: "it twice")
      }
    }
    scanner.skipSpace()
    if scanner.next != nil { throw scanner.unexpected("nothing more") }
    guard let map else {
      throw .contents(file: file, key: nil, expected: "a field weight_map, as in an index of shards", found: "none")
    }
    for (name, shard) in map {
      guard !shard.isEmpty, shard != ".", shard != "..", !shard.utf8.contains(where: { $0 == 0x2f || $0 == 0 }) else {
        throw .contents(
          file: file, key: name, expected: "the name of a file beside the index", found: quoted(shard))
      }
      namesByFile[shard, default: []].append(name)
    }
    files = map
  }

  /// The tensors that a file is to have, sorted.
  func names(in file: String) -> [String] { (namesByFile[file] ?? []).sorted() }

  /// The index of files with these tensors, as Hugging Face's libraries write it.
  static func encode(_ files: [String: String], totalSize: Int, metadata: [String: String]) -> String {
    let notes = metadata.filter { $0.key != "total_size" }.sorted { $0.key < $1.key }
      .map { "    \(jsonQuoted($0.key)): \(jsonQuoted($0.value)),\n" }.joined()
    let map = files.sorted { $0.key < $1.key }.map { "    \(jsonQuoted($0.key)): \(jsonQuoted($0.value))" }
      .joined(separator: ",\n")
    return """
      {
        "metadata": {
      \(notes)    "total_size": \(totalSize)
        },
        "weight_map": {
      \(map)
        }
      }

      """
  }
}
