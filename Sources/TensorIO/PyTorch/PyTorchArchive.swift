import TensorCore

/// The zip file that `torch.save` writes: `NAME/data.pkl`, the storages `NAME/data/0`, …, and small records beside them.
enum PyTorchArchive {
  /// The longest pickle that is read. That of a model with 100,000 tensors has 20 MB.
  static let maximumPickle = 1 << 25

  static func read(_ file: FileBytes, limit: Int) throws(FileError) -> PyTorchValue {
    try refuseOtherFormats(file)
    var zip = try ZipReader(file)
    var members: [String: FileExtent] = [:]
    var root: String?
    var rest = limit
    while let path = try zip.next() {
      // Nothing is unpacked to disk, so a path cannot lead out of anything; but one that tries is no checkpoint's.
      let parts = path.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty, parts[0] != "..", parts[0] == root ?? parts[0] else {
        throw .contents(
          file: file.name, key: path, expected: "one folder with all members, as torch.save writes", found: "this name")
      }
      root = parts[0]
      let name = parts[1]
      if name == "constants.pkl" || name.hasPrefix("code/") {
        throw .contents(
          file: file.name, key: path, expected: "a checkpoint of torch.save",
          found: "a TorchScript archive; save the module's state_dict() instead")
      }
      guard name == "data.pkl" || name == "byteorder" || name.hasPrefix("data/") else { continue }
      guard members.updateValue(try zip.contents(limit: &rest), forKey: name) == nil else {
        throw .contents(file: file.name, key: path, expected: "each name once", found: "it twice")
      }
    }
    guard let pickle = members["data.pkl"] else {
      throw .contents(file: file.name, key: nil, expected: "a member data.pkl, as torch.save writes", found: "none")
    }
    guard pickle.range.count <= maximumPickle else {
      throw .contents(
        file: file.name, key: "data.pkl", expected: "at most \(maximumPickle) bytes", found: "\(pickle.range.count)")
    }
    let storages = PyTorchStorages(
      file: file.name, members: members, isBigEndian: try isBigEndian(members["byteorder"], file.name), limit: rest)
    return try withExtendedLifetime(pickle.owner) { _ throws(FileError) in
      var unpickler = Unpickler(pickle.bytes, file: file.name, storages: storages)
      return try unpickler.run()
    }
  }

  private static func isBigEndian(_ record: FileExtent?, _ file: String) throws(FileError) -> Bool {
    guard let record else { return false }
    let word = withExtendedLifetime(record.owner) { String(decoding: record.bytes.prefix(16), as: UTF8.self) }
    switch word {
    case "little": return false
    case "big": return true
    default: throw .contents(file: file, key: "byteorder", expected: "little or big", found: quoted(word))
    }
  }

  private static func refuseOtherFormats(_ file: FileBytes) throws(FileError) {
    let isPickle = file.bytes.first == 0x80
    let isTar = file.count > 262 && file.bytes[257..<262].elementsEqual("ustar".utf8)
    if isPickle || isTar {
      throw .contents(
        file: file.name, key: nil, expected: "the zip file that torch.save writes since PyTorch 1.6",
        found:
          "\(isPickle ? "a bare pickle" : "a tar file"), the format before that; load it and save it again in PyTorch")
    }
  }
}
