/// Finds the messages in what a language server writes: headers, an empty line, and as many bytes as `Content-Length` says (Language
/// Server Protocol 3.17, "Base Protocol").
package struct MessageFraming {
  package struct Broken: Error {}

  package init() {}

  private var pending: [UInt8] = []
  /// Of a message whose headers have come: its length.
  private var length: Int?

  /// The bytes to send a message in.
  package static func frame(_ content: [UInt8]) -> [UInt8] {
    Array("Content-Length: \(content.count)\r\n\r\n".utf8) + content
  }

  /// The messages that are whole now. Throws where no headers are that tell a length below 64 MB: nobody knows where the next
  /// message begins.
  package mutating func messages(adding bytes: [UInt8]) throws -> [[UInt8]] {
    pending += bytes
    var messages: [[UInt8]] = []
    var begin = 0
    defer { pending.removeFirst(begin) }
    while true {
      if length == nil, let headers = try headers(from: begin) { (length, begin) = headers }
      guard let count = length, pending.count - begin >= count else { return messages }
      messages.append(Array(pending[begin..<begin + count]))
      begin += count
      length = nil
    }
  }

  /// The length that the headers tell, and where they end; nil if they have not come yet.
  private func headers(from begin: Int) throws -> (length: Int?, end: Int)? {
    let text = pending[begin...].prefix(4096)
    let separator = Array("\r\n\r\n".utf8)
    guard let end = text.indices.first(where: { text[$0...].starts(with: separator) }) else {
      if text.count == 4096 { throw Broken() }
      return nil
    }
    let lines = String(decoding: text[..<end], as: UTF8.self).split(separator: "\r\n")
    for line in lines {
      let parts = line.split(separator: ":", maxSplits: 1)
      guard parts.count == 2 else { throw Broken() }
      guard parts[0].lowercased() == "content-length" else { continue }
      guard let count = Int(parts[1].drop { $0 == " " }), 0..<(1 << 26) ~= count else { throw Broken() }
      return (count, end + separator.count)
    }
    throw Broken()
  }
}
