import Foundation
import Synchronization

/// A small HTTP/1.1 server on 127.0.0.1, for tests that need a server which misbehaves.
///
/// It takes each connection on a thread of its own, answers one request on it, and closes it. It stops after ten minutes or 64
/// connections, and not when the object goes: a test may have used that for the last time when it has the address.
final class LoopbackServer: Sendable {
  struct Request: Sendable {
    let path: String
    /// By name in lower case.
    let headers: [String: String]

    /// The first byte of a `Range: bytes=N-`.
    var rangeStart: Int? {
      headers["range"].flatMap { $0.hasPrefix("bytes=") && $0.hasSuffix("-") ? Int($0.dropFirst(6).dropLast()) : nil }
    }
  }

  typealias Handler = @Sendable (Request, Connection) -> Void

  let port: UInt16
  private let shared: Shared

  /// What the threads share, which outlives the server.
  private final class Shared: Sendable {
    let requests = Mutex<[Request]>([])
  }

  init(_ handler: @escaping Handler) throws {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | O_CLOEXEC, 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
        bind(listener, generic, size) == 0 && listen(listener, 16) == 0 && getsockname(listener, generic, &size) == 0
      }
    }
    guard listener >= 0, bound else { throw POSIXError(.init(rawValue: errno) ?? .EIO) }
    port = UInt16(bigEndian: address.sin_port)
    shared = Shared()
    Thread.detachNewThread { [shared] in Self.accept(on: listener, shared, handler) }
  }

  /// What was asked for, in order.
  var requests: [Request] { shared.requests.withLock { $0 } }

  func address(_ path: String = "/file") -> String { "http://127.0.0.1:\(port)\(path)" }

  private static func accept(on listener: Int32, _ shared: Shared, _ handler: @escaping Handler) {
    defer { close(listener) }
    let end = ContinuousClock.now + .seconds(600)
    var connections = 0
    while connections < 64, ContinuousClock.now < end {
      var waiting = pollfd(fd: listener, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 1000) > 0 else { continue }
      let descriptor = Foundation.accept(listener, nil, nil)
      guard descriptor >= 0 else { continue }
      connections += 1
      Thread.detachNewThread {
        defer { close(descriptor) }
        let connection = Connection(descriptor: descriptor)
        guard let request = connection.readRequest() else { return }
        shared.requests.withLock { $0.append(request) }
        handler(request, connection)
      }
    }
  }
}

/// One client's connection: what a handler answers through.
struct Connection: Sendable {
  fileprivate let descriptor: Int32

  /// Reads up to the empty line behind the headers; gives up after five seconds or 16 KiB.
  fileprivate func readRequest() -> LoopbackServer.Request? {
    var patience = timeval(tv_sec: 5, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var text = ""
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !text.contains("\r\n\r\n"), text.utf8.count < 1 << 14 {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else { return nil }
      text += String(decoding: buffer[..<count], as: UTF8.self)
    }
    let lines = text.components(separatedBy: "\r\n")
    let words = lines[0].split(separator: " ")
    guard words.count == 3 else { return nil }
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let parts = line.split(separator: ":", maxSplits: 1)
      if parts.count == 2 {
        headers[parts[0].lowercased()] = parts[1].trimmingCharacters(in: .whitespaces)
      }
    }
    return LoopbackServer.Request(path: String(words[1]), headers: headers)
  }

  func send(_ bytes: some Collection<UInt8>) {
    let bytes = [UInt8](bytes)
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        Foundation.send(descriptor, buffer.baseAddress! + sent, buffer.count - sent, Int32(MSG_NOSIGNAL))
      }
      if count <= 0 { return }
      sent += count
    }
  }

  /// Sends a status line and headers.
  func head(_ status: String, _ headers: [String: String] = [:]) {
    let lines = ["HTTP/1.1 \(status)", "Connection: close"] + headers.map { "\($0): \($1)" } + ["", ""]
    send(lines.joined(separator: "\r\n").utf8)
  }

  /// Answers with a status and no body.
  func answer(_ status: String, _ headers: [String: String] = [:]) {
    head(status, headers.merging(["Content-Length": "0"]) { given, _ in given })
  }

  /// Answers as a good server does: the whole body, or the part asked for.
  ///
  /// - Parameter limit: How many bytes of the body to send before the connection ends.
  func serve(_ body: [UInt8], for request: LoopbackServer.Request, limit: Int = .max) {
    let start = request.rangeStart ?? 0
    guard start < body.count || start == 0 else {
      return answer("416 Range Not Satisfiable", ["Content-Range": "bytes */\(body.count)"])
    }
    let part = body[start...]
    if request.rangeStart == nil {
      head("200 OK", ["Content-Length": "\(part.count)", "Accept-Ranges": "bytes"])
    } else {
      head(
        "206 Partial Content",
        ["Content-Length": "\(part.count)", "Content-Range": "bytes \(start)-\(body.count - 1)/\(body.count)"])
    }
    send(part.prefix(limit))
  }
}
