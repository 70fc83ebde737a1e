import Foundation

/// Finds the frames `ESC ] TOKEN ; field ; … BEL` between the text that a process prints.
struct OutputParser {
  enum Piece: Equatable {
    case text(String)
    case frame([String])
  }

  private let start: [UInt8]
  private var pending: [UInt8] = []
  /// How many of the pending bytes are known to hold no end of the frame that they begin with.
  private var searched = 0

  init(token: String) { start = Array("\u{1b}]\(token);".utf8) }

  /// The pieces that are whole; the beginnings of a frame or a character wait for the rest.
  mutating func pieces(adding bytes: [UInt8]) -> [Piece] {
    pending += bytes
    var pieces: [Piece] = []
    var begin = 0
    while begin < pending.count {
      if pending[begin...].starts(with: start) {
        guard let end = pending[max(begin + start.count, searched)...].firstIndex(of: 7) else {
          searched = pending.count - begin
          break
        }
        let payload = String(decoding: pending[begin + start.count..<end], as: UTF8.self)
        pieces.append(.frame(payload.split(separator: ";", omittingEmptySubsequences: false).map(String.init)))
        (begin, searched) = (end + 1, 0)
        continue
      }
      let end = endOfText(from: begin)
      if end == begin { break }
      pieces.append(.text(String(decoding: pending[begin..<end], as: UTF8.self)))
      begin = end
    }
    pending.removeFirst(begin)
    return pieces
  }

  /// What is left at the end of the process.
  mutating func rest() -> [Piece] {
    defer { pending = [] }
    return pending.isEmpty ? [] : [.text(String(decoding: pending, as: UTF8.self))]
  }

  /// The text goes to the next frame, or what may become one; without a frame behind it, not into the middle of a character.
  private func endOfText(from begin: Int) -> Int {
    var next = begin
    while let escape = pending[next...].firstIndex(of: 0x1b) {
      let tail = pending[escape...].prefix(start.count)
      if tail.elementsEqual(start.prefix(tail.count)) { return escape }
      next = escape + 1
    }
    // A character's bytes after its first begin with 10; its first says by leading ones how many bytes there are.
    guard let lead = pending[begin...].suffix(4).lastIndex(where: { $0 & 0xc0 != 0x80 }) else { return pending.count }
    let length = max(1, (~pending[lead]).leadingZeroBitCount)
    return length <= 4 && lead + length > pending.count ? lead : pending.count
  }
}
