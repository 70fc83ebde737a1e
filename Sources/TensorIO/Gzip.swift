import CZlib
import FoundationEssentials

/// Reads gzip archives (RFC 1952, 1996), with a bound on what comes out, so that a small hostile archive cannot fill the
/// memory.
///
/// ```swift
/// let archive: [UInt8] = [31, 139, 8, 0, 0, 0, 0, 0, 2, 3, 75, 76, 74, 6, 0, 194, 65, 36, 53, 3, 0, 0, 0]
/// try Gzip.decompress(archive, limit: 3)  // → [97, 98, 99]
/// ```
public enum Gzip {
  /// The bytes inside a gzip archive; an archive of several members gives them joined, as `gzip -d` does.
  ///
  /// - Parameters:
  ///   - archive: The whole archive: `[UInt8]`, `Data` or a raw buffer.
  ///   - limit: The most bytes to accept, in all.
  /// - Throws: ``GzipError`` when the archive is damaged, ends early, has something behind it, or holds more than `limit`.
  public static func decompress(_ archive: some ContiguousBytes, limit: Int) throws(GzipError) -> [UInt8] {
    let result = archive.withUnsafeBytes { bytes -> Result<[UInt8], GzipError> in
      do throws(GzipError) {
        var output: [UInt8] = []
        output.reserveCapacity(likelySize(of: bytes, limit: limit))
        var reader = try GzipReader(limit: limit)
        try reader.read(bytes) { output.append(contentsOf: $0) }
        try reader.finish()
        return .success(output)
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  /// The size that the archive's last four bytes claim, as a hint: never more than `limit`, nor than deflate can reach.
  private static func likelySize(of archive: UnsafeRawBufferPointer, limit: Int) -> Int {
    guard archive.count >= 18 else { return 0 }
    let claimed = UInt32(littleEndian: archive.loadUnaligned(fromByteOffset: archive.count - 4, as: UInt32.self))
    let reachable = archive.count.multipliedReportingOverflow(by: 1032)
    return max(0, min(Int(claimed), limit, reachable.overflow ? limit : reachable.partialValue))
  }
}

/// A gzip archive read piece by piece, for archives that need not fit into memory.
///
/// Call ``read(_:into:)`` for each piece in order, then ``finish()``.
public struct GzipReader: ~Copyable {
  /// zlib keeps a pointer to its stream inside, so the stream must stay where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private let chunk: UnsafeMutableRawBufferPointer
  private let limit: Int
  private var produced = 0
  private var state = State.beforeMember(first: true)

  private enum State: Equatable {
    case beforeMember(first: Bool)
    case inMember(first: Bool)
  }

  /// - Parameter limit: The most bytes to hand out, in all.
  /// - Throws: ``GzipError/outOfMemory``.
  public init(limit: Int) throws(GzipError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    chunk = .allocate(byteCount: 1 << 16, alignment: 16)
    self.limit = limit
    // 15: the largest window; 16: gzip, and nothing else.
    guard glassbox_inflate_init(stream, 15 + 16) == Z_OK else { throw .outOfMemory }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
    chunk.deallocate()
  }

  /// Reads the next piece of the archive and hands on what it holds, up to 64 KiB at a time.
  ///
  /// - Throws: ``GzipError``. The reader is of no further use then.
  public mutating func read(
    _ piece: UnsafeRawBufferPointer, into receive: (UnsafeRawBufferPointer) -> Void
  ) throws(GzipError) {
    // zlib counts input in 32 bits.
    var rest = piece[...]
    while !rest.isEmpty {
      let part = rest.prefix(1 << 30)
      rest = rest.dropFirst(part.count)
      try inflatePart(UnsafeRawBufferPointer(rebasing: part), into: receive)
    }
  }

  /// Confirms that the archive is whole.
  ///
  /// - Throws: ``GzipError/truncated`` when the archive was not read to its end; ``GzipError/notGzip`` when it was empty.
  public func finish() throws(GzipError) {
    switch state {
    case .beforeMember(first: false): return
    case .beforeMember(first: true), .inMember: throw .truncated
    }
  }

  private mutating func inflatePart(
    _ input: UnsafeRawBufferPointer, into receive: (UnsafeRawBufferPointer) -> Void
  ) throws(GzipError) {
    // zlib promises not to write to its input.
    stream.pointee.next_in = UnsafeMutablePointer(mutating: input.baseAddress?.assumingMemoryBound(to: UInt8.self))
    stream.pointee.avail_in = UInt32(input.count)
    var outputIsFull = false
    while stream.pointee.avail_in > 0 || outputIsFull {
      if case .beforeMember(let first) = state {
        if !first {
          guard stream.pointee.next_in.pointee == 0x1f else {
            throw .trailingBytes
          }
          inflateReset(stream)
        }
        state = .inMember(first: first)
      }
      stream.pointee.next_out = chunk.baseAddress?.assumingMemoryBound(to: UInt8.self)
      stream.pointee.avail_out = UInt32(chunk.count)
      let code = inflate(stream, Z_NO_FLUSH)
      let count = chunk.count - Int(stream.pointee.avail_out)
      outputIsFull = stream.pointee.avail_out == 0
      guard count <= limit - produced else { throw .tooLarge(limit: limit) }
      produced += count
      if count > 0 { receive(UnsafeRawBufferPointer(rebasing: chunk[..<count])) }
      try advance(after: code)
      if code == Z_STREAM_END { outputIsFull = false }
    }
  }

  /// Moves on according to what zlib answered.
  private mutating func advance(after code: Int32) throws(GzipError) {
    switch code {
    case Z_OK, Z_BUF_ERROR:
      return  // Z_BUF_ERROR: nothing left to do with the input so far, which is no error.
    case Z_STREAM_END:
      state = .beforeMember(first: false)
    case Z_MEM_ERROR:
      throw .outOfMemory
    default:
      // Fewer than three bytes in: the two that mark an archive were not there.
      if stream.pointee.total_in < 3 {
        throw state == .inMember(first: true) ? .notGzip : .trailingBytes
      }
      throw .damaged(stream.pointee.msg.map { String(cString: $0) } ?? "zlib's code \(code)")
    }
  }
}

/// What is wrong with a gzip archive.
public enum GzipError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It does not begin as a gzip archive does, with the bytes 1f 8b.
  case notGzip
  /// Its inside contradicts itself; zlib's own words.
  case damaged(String)
  /// It ends before its end.
  case truncated
  /// Something that is no gzip archive follows it.
  case trailingBytes
  /// It holds more than the `limit` in bytes.
  case tooLarge(limit: Int)
  /// zlib found no memory for its window.
  case outOfMemory

  public var description: String {
    switch self {
    case .notGzip: "not a gzip archive (it must begin with the bytes 1f 8b)"
    case .damaged(let words): "a damaged gzip archive (\(words))"
    case .truncated: "a gzip archive that ends too early"
    case .trailingBytes: "a gzip archive with something else behind its end"
    case .tooLarge(let limit): "a gzip archive that holds more than the \(limit) bytes allowed"
    case .outOfMemory: "a gzip archive that zlib found no memory to read"
    }
  }
}
