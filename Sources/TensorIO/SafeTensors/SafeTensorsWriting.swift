import FoundationEssentials
import TensorCore

extension SafeTensors {
  /// Writes a file, whole or not at all (see ``AtomicFile``). The same tensors and metadata give the same bytes.
  ///
  /// The tensors stand in it by element size, largest first, then by name; so each is aligned for reading in place.
  ///
  /// - Throws: ``FileError``. What stood at `url` is then as it was.
  public static func write(
    _ tensors: [String: Tensor], metadata: [String: String] = [:], to url: URL
  ) throws(FileError) {
    try AtomicFile.write(to: url) { file throws(FileError) in try write(tensors, metadata: metadata, into: file) }
  }

  static func write(
    _ tensors: [String: Tensor], metadata: [String: String], into file: borrowing FileWriter
  ) throws(FileError) {
    let plan = Plan(tensors, metadata)
    try file.write(plan.header)
    for tensor in plan.tensors { try tensor.withStoredBytes { bytes throws(FileError) in try file.write(bytes) } }
  }

  /// The bytes of such a file.
  public static func encode(_ tensors: [String: Tensor], metadata: [String: String] = [:]) -> [UInt8] {
    let plan = Plan(tensors, metadata)
    return plan.tensors.reduce(into: plan.header) { bytes, tensor in
      tensor.withUnsafeBytes { bytes.append(contentsOf: $0) }
    }
  }

  /// What a file will hold.
  private struct Plan {
    let header: [UInt8]
    let tensors: [Tensor]

    init(_ tensors: [String: Tensor], _ metadata: [String: String]) {
      let sorted = tensors.sorted { ($1.value.dtype.size, $0.key) < ($0.value.dtype.size, $1.key) }
      var fields: [String] = []
      if !metadata.isEmpty {
        let pairs = metadata.sorted { $0.key < $1.key }.map { "\(jsonQuoted($0.key)):\(jsonQuoted($0.value))" }
        fields.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
      }
      var position = 0
      for (name, tensor) in sorted {
        if name == "__metadata__" {
          stop("SafeTensors", "the format keeps the name __metadata__ for itself", fix: "rename the tensor")
        }
        let end = position + tensor.count * tensor.dtype.size
        let shape = tensor.shape.dimensions.map(String.init).joined(separator: ",")
        let type = SafeTensorsType(tensor.dtype).rawValue
        fields.append(
          "\(jsonQuoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(shape)],\"data_offsets\":[\(position),\(end)]}")
        position = end
      }
      var text = Array("{\(fields.joined(separator: ","))}".utf8)
      text += [UInt8](repeating: UInt8(ascii: " "), count: (8 - text.count % 8) % 8)
      if text.count > SafeTensorsHeader.maximumSize {
        stop(
          "SafeTensors", "names and metadata take \(text.count) bytes, more than the format's 100 MB",
          fix: "keep the metadata short")
      }
      header = withUnsafeBytes(of: UInt64(text.count).littleEndian) { Array($0) } + text
      self.tensors = sorted.map(\.value)
    }
  }
}
