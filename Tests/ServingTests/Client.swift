import Foundation
import NotebookDisplay
import Tokenizers

/// A connection to a server on this machine that sends what it is told, whole or in parts, well-formed or not. Its calls wait on threads of their own: the
/// server needs those of Swift's tasks.
final class Client: Sendable {
  private let file: Int32

  struct Head: Sendable {
    let status: Int
    /// By names in lower case.
    let headers: [String: String]
  }

  struct Response: Sendable {
    let head: Head
    let body: [UInt8]

    var status: Int { head.status }
    var headers: [String: String] { head.headers }
    var text: String { String(decoding: body, as: UTF8.self) }
    var json: JSON { get throws { try Client.json(body) } }
    var error: String { (try? json)?["error"]?.string ?? "no error in: \(text)" }
  }

  static func json(_ bytes: some Sequence<UInt8>) throws -> JSON { JSON(try OrderedJSON(parsing: Array(bytes))) }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  /// Throws when nobody listens.
  init(_ port: Int) throws {
    file = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var limit = timeval(tv_sec: 30, tv_usec: 0)
    setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = in_port_t(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    let descriptor = file
    let code = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    if code != 0 { throw Failure(description: String(cString: strerror(errno))) }
  }

  deinit { close(file) }

  /// Ends the connection at once; `abruptly` sends a reset, as a crash would.
  func cut(abruptly: Bool = false) {
    if abruptly {
      var linger = linger(l_onoff: 1, l_linger: 0)
      setsockopt(file, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
      // The descriptor stays valid until the end: closing it is what sends the reset.
      let null = open("/dev/null", O_RDWR)
      dup2(null, file)
      close(null)
    } else {
      shutdown(file, Int32(SHUT_RDWR))
    }
  }

  @discardableResult
  func send(_ bytes: some Sequence<UInt8>) -> Bool {
    var rest = Array(bytes)[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Foundation.send(file, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
      if count <= 0 { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  static func head(_ method: String, _ path: String, _ headers: [String: String] = [:]) -> String {
    "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n" + headers.map { "\($0.key): \($0.value)\r\n" }.joined() + "\r\n"
  }

  static func post(_ path: String, _ body: [UInt8], type: String? = "application/json") -> [UInt8] {
    var headers = ["Content-Length": "\(body.count)"]
    headers["Content-Type"] = type
    return Array(head("POST", path, headers).utf8) + body
  }

  func get(_ path: String) async throws -> Response {
    send(Client.head("GET", path).utf8)
    return try await response()
  }

  func post(_ path: String, _ body: some Sequence<UInt8>, type: String? = "application/json") async throws -> Response {
    send(Client.post(path, Array(body), type: type))
    return try await response()
  }

  func post(_ path: String, _ json: String) async throws -> Response { try await post(path, json.utf8) }

  /// The next response; throws when the connection ends before it is whole.
  func response() async throws -> Response { try await onThread { try self.readResponse() } }

  /// The head of the next response, whose body is left to come.
  func head() async throws -> Head { try await onThread { try self.readHead() } }

  /// Whether the server ends the connection, all else being read.
  func isEnded() async throws -> Bool {
    try await onThread {
      while case let byte = try? self.read(1), byte != nil {}
      return errno != EAGAIN
    }
  }

  private func onThread<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread { continuation.resume(with: Result(catching: body)) }.start()
    }
  }

  private func readHead() throws -> Head {
    var head: [UInt8] = []
    while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) { head += try read(1) }
    let lines = String(decoding: head.dropLast(4), as: UTF8.self).split(separator: "\r\n")
    guard let status = lines.first?.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) else {
      throw Failure(description: "no status in \(lines)")
    }
    let fields = lines.dropFirst().map { $0.split(separator: ":", maxSplits: 1) }
    let headers = Dictionary(
      fields.map { ($0[0].lowercased(), $0[1].trimmingCharacters(in: .whitespaces)) }, uniquingKeysWith: { $1 })
    return Head(status: status, headers: headers)
  }

  private func readResponse() throws -> Response {
    let head = try readHead()
    let headers = head.headers
    var body: [UInt8] = []
    if let length = headers["content-length"].flatMap({ Int($0) }) {
      body = try read(length)
    } else if headers["transfer-encoding"] == "chunked" {
      while true {
        var line: [UInt8] = []
        while !line.suffix(2).elementsEqual("\r\n".utf8) { line += try read(1) }
        let length = Int(String(decoding: line.dropLast(2), as: UTF8.self), radix: 16) ?? 0
        let piece = try read(length + 2).dropLast(2)
        if length == 0 { break }
        body += piece
      }
    }
    return Response(head: head, body: body)
  }

  private func read(_ count: Int) throws -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      errno = 0
      let got = bytes.withUnsafeMutableBytes { recv(file, $0.baseAddress.map { $0 + filled }, count - filled, 0) }
      if got <= 0 { throw Failure(description: "the connection ended after \(filled) of \(count) bytes") }
      filled += got
    }
    return bytes
  }
}

extension JSON {
  fileprivate init(_ value: OrderedJSON) {
    switch value {
    case .null: self = .null
    case .bool(let value): self = .bool(value)
    case .number(let value): self = Int(exactly: value).map { .integer($0) } ?? .number(value)
    case .string(let value): self = .string(value)
    case .array(let elements): self = .array(elements.map { JSON($0) })
    case .object(let members): self = .object(Dictionary(members.map { ($0.name, JSON($0.value)) }) { $1 })
    }
  }
}
