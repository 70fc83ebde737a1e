import FoundationEssentials

/// A file of JSON Lines (jsonlines.org): one value a line, added while a training goes on. Other programs may follow it as it grows.
///
/// Lines are written as ``JSONFile`` writes, by one program at a time. A last line without its line end, which a killed process leaves,
/// counts for none: it is not read, and the next line replaces it.
///
/// ```swift
/// struct Row: Codable { var epoch: Int, trainLoss: Double }
/// let log = JSONLinesLog(file: FileManager.default.temporaryDirectory.appending(path: "glassbox-rows.jsonl"))
/// try log.truncate { (row: Row) in false }
/// for epoch in 1...3 { try log.append(Row(epoch: epoch, trainLoss: 1 / Double(epoch))) }
/// try log.truncate { (row: Row) in row.epoch <= 2 }
/// try log.read(as: Row.self).map(\.trainLoss)  // → [1.0, 0.5]
/// ```
public struct JSONLinesLog: Sendable {
  public let file: URL

  /// The first line makes the file.
  public init(file: URL) { self.file = file }

  /// Adds a line, by one write.
  ///
  /// - Parameter durably: Whether to wait until the line is on the disk, some milliseconds, so that it survives a loss of power.
  /// - Throws: ``FileError`` when the value is none that JSON holds, or can't be written, on a full disk say. The lines are then as they
  ///   were.
  public func append(_ value: some Encodable, durably: Bool = true) throws(FileError) {
    let line = try JSONFile.line(value, for: file)
    let opened = try AppendedFile(file)
    try opened.dropPartialLine()
    try opened.append(Array("\(line)\n".utf8), durably: durably)
  }

  /// The values so far; none when there is no file.
  ///
  /// - Throws: ``FileError`` when the file can't be read, or a line is no such value: it names the line.
  public func read<Value: Decodable>(as type: Value.Type) throws(FileError) -> [Value] {
    var values: [Value] = []
    for (index, line) in try lines().enumerated() {
      values.append(try JSONFile.decoded(type, Data(line), file, key: "line \(index + 1)"))
    }
    return values
  }

  /// Keeps the lines before the first for which `isKept` says no, as they are, and drops the others in one step: what a resumed
  /// training does again.
  ///
  /// - Throws: ``FileError``, as ``read(as:)`` does, or when the file can't be written. It is then as it was.
  public func truncate<Value: Decodable>(while isKept: (Value) -> Bool) throws(FileError) {
    let lines = try lines()
    if lines.isEmpty { return }
    let kept = try read(as: Value.self).prefix(while: isKept).count
    try AtomicFile.write(to: file) { file throws(FileError) in
      for line in lines.prefix(kept) { try file.write(line + [UInt8(ascii: "\n")]) }
    }
  }

  /// Writes these lines in the place of all that was there, in one step.
  ///
  /// - Throws: ``FileError`` when the file can't be written. It is then as it was.
  public func replace(with values: [some Encodable]) throws(FileError) {
    var text = ""
    for value in values { text += try JSONFile.line(value, for: file) + "\n" }
    let bytes = text
    try AtomicFile.write(to: file) { file throws(FileError) in try file.write(bytes) }
  }

  private func lines() throws(FileError) -> [[UInt8]] {
    guard FileManager.default.fileExists(atPath: file.path(percentEncoded: false)) else { return [] }
    let lines = try WholeFile.read(file).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // What follows the last line end is nothing, or cut off.
    return lines.dropLast().map(Array.init)
  }
}
