import Foundation
import Glibc

/// A ZMTP client, written from the specification and not from the kernel's side of it. Blocking calls have a thread of their own.
final class ClientSocket: Sendable {
  struct Closed: Error {}
  struct TimedOut: Error {}

  private let descriptor: Int32
  private let reading = DispatchQueue(label: "client reads")
  private let writing = DispatchQueue(label: "client writes")

  /// A bare TCP connection; reads give up after `timeout` seconds.
  init(port: UInt16, timeout: Int = 20) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    let connected = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard connected == 0 else {
      close(descriptor)
      throw Closed()
    }
    var patience = timeval(tv_sec: timeout, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  }

  deinit { close(descriptor) }

  /// A connection that has shaken hands.
  static func connected(_ type: String, port: UInt16, identity: String = "") async throws -> ClientSocket {
    let socket = try ClientSocket(port: port)
    try await socket.write(greeting + ready(type, identity: identity))
    let greeted = try await socket.read(64)
    guard greeted[0] == 0xff, greeted[10] == 3 else { throw Closed() }
    guard case (4, _) = try await socket.frame() else { throw Closed() }
    return socket
  }

  static let greeting: [UInt8] =
    [0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0] + Array("NULL".utf8) + [UInt8](repeating: 0, count: 48)

  static func ready(_ type: String, identity: String = "") -> [UInt8] {
    var body: [UInt8] = [5] + Array("READY".utf8)
    for (name, value) in [("Socket-Type", type), ("Identity", identity)] {
      body += [UInt8(name.utf8.count)] + Array(name.utf8) + [0, 0, 0, UInt8(value.utf8.count)] + Array(value.utf8)
    }
    return [4, UInt8(body.count)] + body
  }

  static func frames(_ parts: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    for (index, part) in parts.enumerated() {
      let more: UInt8 = index < parts.count - 1 ? 1 : 0
      if part.count < 256 {
        bytes += [more, UInt8(part.count)]
      } else {
        bytes.append(more | 2)
        for shift in stride(from: 56, through: 0, by: -8) { bytes.append(UInt8(part.count >> shift & 255)) }
      }
      bytes += part
    }
    return bytes
  }

  func send(_ parts: [[UInt8]]) async throws { try await write(Self.frames(parts)) }

  /// The next message; commands are skipped.
  func receive() async throws -> [[UInt8]] {
    var parts: [[UInt8]] = []
    while true {
      let (flags, body) = try await frame()
      if flags & 4 != 0 { continue }
      parts.append(body)
      if flags & 1 == 0 { return parts }
    }
  }

  func frame() async throws -> (flags: UInt8, body: [UInt8]) {
    let flags = try await read(1)[0]
    let size = try await read(flags & 2 == 0 ? 1 : 8).reduce(0) { $0 << 8 | Int($1) }
    return (flags, size == 0 ? [] : try await read(size))
  }

  func write(_ bytes: [UInt8]) async throws {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<Void, any Error>) in
      writing.async { [descriptor] in
        var offset = 0
        while offset < bytes.count {
          let sent = bytes.withUnsafeBytes {
            Glibc.send(descriptor, $0.baseAddress! + offset, bytes.count - offset, Int32(MSG_NOSIGNAL))
          }
          guard sent > 0 else { return done.resume(throwing: Closed()) }
          offset += sent
        }
        done.resume()
      }
    }
  }

  func read(_ count: Int) async throws -> [UInt8] {
    try await withCheckedThrowingContinuation { (done: CheckedContinuation<[UInt8], any Error>) in
      reading.async { [descriptor] in
        var bytes = [UInt8](repeating: 0, count: count)
        var offset = 0
        while offset < count {
          let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + offset, count - offset, 0) }
          guard got > 0 else { return done.resume(throwing: got < 0 && errno == EAGAIN ? TimedOut() : Closed()) }
          offset += got
        }
        done.resume(returning: bytes)
      }
    }
  }

  /// Nothing more will be written.
  func finish() { _ = shutdown(descriptor, Int32(SHUT_WR)) }

  /// Reads until the kernel closes the connection; false if it does not.
  func isClosedByKernel() async -> Bool {
    while true {
      do {
        _ = try await read(1)
      } catch is TimedOut {
        return false
      } catch {
        return true
      }
    }
  }
}
