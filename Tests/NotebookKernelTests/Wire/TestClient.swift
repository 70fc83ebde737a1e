import Foundation
import NotebookDisplay
import NotebookKernel
import Synchronization
import Testing

/// A message as a client sees it.
struct Received: Sendable {
  let type: String
  let id: String
  let parentID: String?
  let header: JSON
  let content: JSON
  let topic: [UInt8]
}

/// A Jupyter client: four channels of the same identity.
final class TestClient: Sendable {
  let shell: ClientSocket
  let control: ClientSocket
  let stdin: ClientSocket
  let iopub: ClientSocket
  private let key: [UInt8]
  private let count = Mutex(0)
  private let session = UUID().uuidString

  init(_ connection: ConnectionFile, topics: [String] = [""], welcomed: Bool = true) async throws {
    key = connection.key
    shell = try await .connected("DEALER", port: connection.port(of: .shell), identity: session)
    control = try await .connected("DEALER", port: connection.port(of: .control), identity: session)
    stdin = try await .connected("DEALER", port: connection.port(of: .stdin), identity: session)
    iopub = try await .connected("SUB", port: connection.port(of: .iopub))
    for topic in topics { try await iopub.send([[1] + Array(topic.utf8)]) }
    guard welcomed else { return }
    for topic in topics {
      let welcome = try await published("iopub_welcome")
      #expect(welcome.content["subscription"] == .string(topic))
    }
  }

  /// The parts of a message signed with the key.
  func parts(
    _ type: String, _ content: JSON, metadata: JSON = [:], parent: JSON = [:]
  ) -> (parts: [[UInt8]], id: String) {
    let number = count.withLock { count in
      count += 1
      return count
    }
    let id = "\(session)-\(number)"
    let header: JSON = [
      "msg_id": .string(id), "msg_type": .string(type), "session": .string(session), "username": "test",
      "date": "2026-01-01T00:00:00.000000Z", "version": "5.4",
    ]
    return (sign([header.encoded, parent.encoded, metadata.encoded, content.encoded]), id)
  }

  func sign(_ dictionaries: [[UInt8]]) -> [[UInt8]] {
    [Array("<IDS|MSG>".utf8), key.isEmpty ? [] : MessageSignature(of: dictionaries, key: key).text] + dictionaries
  }

  @discardableResult
  func send(
    _ type: String, _ content: JSON = [:], metadata: JSON = [:], on socket: ClientSocket? = nil
  ) async throws -> String {
    let (parts, id) = parts(type, content, metadata: metadata)
    try await (socket ?? shell).send(parts)
    return id
  }

  /// The next message of a channel, its signature checked.
  func receive(on socket: ClientSocket) async throws -> Received {
    let parts = try await socket.receive()
    let start = try #require(parts.firstIndex(of: Array("<IDS|MSG>".utf8)))
    try #require(parts.count == start + 6)
    #expect(parts[start + 1] == sign(Array(parts[(start + 2)...]))[1])
    let header = try JSON(parsing: parts[start + 2])
    return Received(
      type: try #require(header["msg_type"]?.string), id: try #require(header["msg_id"]?.string),
      parentID: try JSON(parsing: parts[start + 3])["msg_id"]?.string, header: header,
      content: try JSON(parsing: parts[start + 5]), topic: start == 0 ? [] : parts[0])
  }

  /// The next message on iopub of this type.
  func published(_ type: String) async throws -> Received {
    while true {
      let message = try await receive(on: iopub)
      if message.type == type { return message }
    }
  }

  /// What a request caused on iopub, up to the idle status.
  func published(for id: String) async throws -> [Received] {
    var messages: [Received] = []
    while true {
      let message = try await receive(on: iopub)
      guard message.parentID == id else { continue }
      messages.append(message)
      if message.content["execution_state"] == "idle" { return messages }
    }
  }

  /// Sends a request and returns its reply.
  func ask(
    _ type: String, _ content: JSON = [:], metadata: JSON = [:], on socket: ClientSocket? = nil
  ) async throws -> JSON {
    let id = try await send(type, content, metadata: metadata, on: socket)
    let reply = try await receive(on: socket ?? shell)
    #expect(reply.parentID == id)
    #expect(reply.type == type.replacingOccurrences(of: "_request", with: "_reply"))
    return reply.content
  }

  /// Runs a cell: its reply and what it published.
  func run(_ code: String, _ options: [String: JSON] = [:]) async throws -> (reply: JSON, output: [Received]) {
    var content = options
    content["code"] = .string(code)
    let id = try await send("execute_request", .object(content))
    let output = try await published(for: id)
    let reply = try await receive(on: shell)
    #expect(reply.parentID == id && reply.type == "execute_reply")
    return (reply.content, output)
  }
}

/// A kernel that serves while the body runs, on ports that were free.
func withKernel(
  _ handler: some KernelHandler = ScriptHandler(), key: String = "a key", limits: WireLimits = WireLimits(),
  log: @escaping @Sendable (String) -> Void = { _ in },
  body: (KernelServer, ConnectionFile) async throws -> Void
) async throws {
  let (server, connection) = try startKernel(handler, key: key, limits: limits, log: log)
  let serving = Task { await server.run() }
  defer { server.close() }
  try await body(server, connection)
  server.close()
  _ = await serving.value
}

/// Another process may be faster to take a port that was free.
private func startKernel(
  _ handler: some KernelHandler, key: String, limits: WireLimits, log: @escaping @Sendable (String) -> Void
) throws -> (KernelServer, ConnectionFile) {
  var failure: EndpointError?
  for _ in 0..<10 {
    let connection = try connectionFile(ports: try freePorts(), key: key)
    do throws(EndpointError) {
      return (try KernelServer(connection: connection, handler: handler, limits: limits, log: log), connection)
    } catch {
      failure = error
    }
  }
  throw try #require(failure)
}

func connectionFile(ports: [UInt16], key: String = "a key") throws -> ConnectionFile {
  var members: [String: JSON] = ["ip": "127.0.0.1", "transport": "tcp", "key": .string(key)]
  for (channel, port) in zip(ConnectionFile.Channel.allCases, ports) {
    members["\(channel.rawValue)_port"] = .integer(Int(port))
  }
  return try ConnectionFile(json: JSON.object(members).encoded, path: "test.json")
}

/// Five ports that nobody listens on.
func freePorts() throws -> [UInt16] {
  let sockets = ConnectionFile.Channel.allCases.map { _ in socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) }
  defer { for socket in sockets { close(socket) } }
  return try sockets.map { socket in
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = inet_addr("127.0.0.1")
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let done = withUnsafeMutablePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(socket, $0, size) + getsockname(socket, $0, &size) }
    }
    try #require(done == 0)
    return UInt16(bigEndian: address.sin_port)
  }
}
