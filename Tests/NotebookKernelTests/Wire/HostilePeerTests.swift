import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("A peer that does not keep to the protocol", .timeLimit(.minutes(10)))
struct HostilePeerTests {
  @Test("is not answered where its signature, its parts or its JSON are wrong, and is counted")
  func refusals() async throws {
    let handler = ScriptHandler()
    try await withKernel(handler) { server, connection in
      let client = try await TestClient(connection)
      let stranger = try await TestClient(
        try connectionFile(
          ports: ConnectionFile.Channel.allCases.map { connection.port(of: $0) }, key: "another key"), welcomed: false)
      let request: JSON = ["code": "say 1"]

      try await stranger.send("execute_request", request)
      var parts = client.parts("execute_request", request).parts
      parts[1][5] ^= 1
      try await client.shell.send(parts)
      parts = client.parts("execute_request", request).parts
      parts[1] = []
      try await client.shell.send(parts)
      // The content changed after signing.
      parts = client.parts("execute_request", request).parts
      parts[5] = JSON.object(["code": "say 2"]).encoded
      try await client.shell.send(parts)

      try await client.shell.send(Array(client.parts("execute_request", request).parts.dropLast()))
      try await client.shell.send(Array(client.parts("execute_request", request).parts.dropFirst()))
      try await client.shell.send([[]])

      let header = JSON.object(["msg_id": "1", "msg_type": "execute_request"]).encoded
      for damaged in [Array("{".utf8), Array("[]".utf8), [], [0xff, 0xfe], Array("{}".utf8)] {
        try await client.shell.send(client.sign([damaged, header, header, header]))
      }
      try await client.shell.send(client.sign([header, header, header, Array("{\"code\": }".utf8)]))

      // The same again: only the first counts.
      parts = client.parts("execute_request", ["code": "say once"]).parts
      for _ in 0..<3 { try await client.shell.send(parts) }
      #expect(try await client.receive(on: client.shell).type == "execute_reply")
      #expect(try await client.ask("kernel_info_request")["status"] == "ok")
      #expect(handler.executed.map(\.code) == ["say once"])
      // The stranger's message came on another connection.
      while server.refused[.badSignature] != 4 { try await Task.sleep(for: .milliseconds(5)) }
      #expect(server.refused == [.badSignature: 4, .missingParts: 3, .malformedJSON: 6, .replayed: 2])
    }
  }

  @Test("is cut off where it does not speak ZMTP 3, or is a socket that makes no sense here")
  func handshakes() async throws {
    try await withKernel { _, connection in
      var old = ClientSocket.greeting
      old[10] = 2
      var plain = ClientSocket.greeting
      plain.replaceSubrange(12..<17, with: Array("PLAIN".utf8))
      let greeting = ClientSocket.greeting
      for bytes in [
        Array("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8) + [UInt8](repeating: 10, count: 64), old, plain,
        greeting + ClientSocket.ready("PULL"), greeting + ClientSocket.ready("SUB"), greeting + [4, 0],
        greeting + [4, 6, 5] + Array("READX".utf8), greeting + [4, 8, 5] + Array("READY".utf8) + [200, 1],
        greeting + ClientSocket.frames([[1], [2]]), greeting + [6, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
        greeting + [6, 0, 0, 0, 1, 0, 0, 0, 0],
      ] as [[UInt8]] {
        let socket = try ClientSocket(port: connection.port(of: .shell))
        try? await socket.write(bytes)
        #expect(await socket.isClosedByKernel(), "\(bytes)")
      }
    }
  }

  @Test(
    "is cut off where its frames are too long, too many or of no kind",
    arguments: [
      [2, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [2, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
      [2, 0, 0, 0, 0, 0x10, 0, 0, 1], [8, 0], [5, 0], [0x80, 1, 2], [4, 0], [4, 2, 9, 9],
      [6, 0, 0, 0, 0, 0, 1, 0, 1],
    ] as [[UInt8]])
  func frames(_ bytes: [UInt8]) async throws {
    try await withKernel { _, connection in
      let socket = try await ClientSocket.connected("DEALER", port: connection.port(of: .shell))
      try await socket.write(bytes)
      #expect(await socket.isClosedByKernel())
      let client = try await TestClient(connection)
      #expect(try await client.ask("kernel_info_request")["status"] == "ok")
    }
  }

  @Test("may send a message of many parts, but not of too many or too long")
  func parts() async throws {
    var limits = WireLimits()
    limits.message = 1 << 20
    try await withKernel(limits: limits) { _, connection in
      let client = try await TestClient(connection)
      let request = client.parts("kernel_info_request", [:]).parts
      try await client.shell.send(request + [[UInt8]](repeating: [1], count: 1024 - request.count))
      #expect(try await client.receive(on: client.shell).type == "kernel_info_reply")
      #expect(try await client.run("say " + String(repeating: "y", count: 900_000)).reply["status"] == "ok")

      let many = try await ClientSocket.connected("DEALER", port: connection.port(of: .shell))
      try await many.send([[UInt8]](repeating: [1], count: 1025))
      #expect(await many.isClosedByKernel())
      let long = try await ClientSocket.connected("DEALER", port: connection.port(of: .shell))
      try? await long.send([[UInt8]](repeating: [UInt8](repeating: 1, count: 300_000), count: 4))
      #expect(await long.isClosedByKernel())
      // Subscriptions and heartbeats have no reason to be long.
      let subscriber = try await ClientSocket.connected("SUB", port: connection.port(of: .iopub))
      try? await subscriber.send([[UInt8](repeating: 1, count: 70_000)])
      #expect(await subscriber.isClosedByKernel())
    }
  }

  @Test("is cut off where it falls silent in the middle, and may be silent otherwise")
  func halfOpen() async throws {
    var limits = WireLimits()
    limits.patience = 0.3
    try await withKernel(limits: limits) { _, connection in
      let client = try await TestClient(connection)
      let mute = try ClientSocket(port: connection.port(of: .shell))
      let halfGreeted = try ClientSocket(port: connection.port(of: .iopub))
      try await halfGreeted.write(Array(ClientSocket.greeting[..<20]))
      let unready = try ClientSocket(port: connection.port(of: .heartbeat))
      try await unready.write(ClientSocket.greeting)
      let stalled = try await ClientSocket.connected("DEALER", port: connection.port(of: .stdin))
      try await stalled.write([0, 10, 1, 2])
      let unfinished = try await ClientSocket.connected("DEALER", port: connection.port(of: .shell))
      try await unfinished.write([1, 1, 1])
      for socket in [mute, halfGreeted, unready, stalled, unfinished] { #expect(await socket.isClosedByKernel()) }
      try await Task.sleep(for: .milliseconds(700))
      #expect(try await client.run("say 1").reply["status"] == "ok")
    }
  }

  @Test("is turned away where there are too many already")
  func crowd() async throws {
    var limits = WireLimits()
    limits.peers = 3
    try await withKernel(limits: limits) { _, connection in
      let port = connection.port(of: .heartbeat)
      var sockets: [ClientSocket] = []
      for _ in 0..<3 { sockets.append(try await .connected("REQ", port: port)) }
      let more = try ClientSocket(port: port)
      #expect(await more.isClosedByKernel())
      // One leaves, and there is room again.
      sockets.removeLast()
      var heart: ClientSocket?
      for _ in 0..<200 where heart == nil {
        heart = try? await .connected("REQ", port: port)
        if heart == nil { try await Task.sleep(for: .milliseconds(10)) }
      }
      try await #require(heart).send([[], [1]])
      #expect(try await heart?.receive() == [[], [1]])
    }
  }

  @Test("gets PONG for PING, with its context")
  func ping() async throws {
    try await withKernel { _, connection in
      let socket = try await ClientSocket.connected("DEALER", port: connection.port(of: .shell))
      for context in [[], Array("context".utf8)] as [[UInt8]] {
        let body: [UInt8] = [4] + Array("PING".utf8) + [0, 10] + context
        try await socket.write([4, UInt8(body.count)] + body)
        let (flags, answer) = try await socket.frame()
        #expect(flags == 4 && answer == [4] + Array("PONG".utf8) + context)
      }
      // A command that nobody knows is passed over.
      try await socket.write([4, 5, 4] + Array("NOPE".utf8) + [4, 7, 4] + Array("PING".utf8) + [0, 10])
      #expect(try await socket.frame().body == [4] + Array("PONG".utf8))
    }
  }

  /// A conversation of greeting, READY and a signed request, damaged in one to four places.
  @Test("runs nothing but what was signed, whatever is damaged on the way", arguments: 0..<8)
  func mutations(_ seed: UInt64) async throws {
    let handler = ScriptHandler()
    var limits = WireLimits()
    limits.patience = 0.2
    try await withKernel(handler, limits: limits) { server, connection in
      let client = try await TestClient(connection)
      var random = Xorshift(state: seed &* 0x9e37_79b9_7f4a_7c15 | 1)
      let code = "say nothing but this"
      for _ in 0..<60 {
        let request = client.parts("execute_request", ["code": .string(code)]).parts
        var bytes = ClientSocket.greeting + ClientSocket.ready("DEALER") + ClientSocket.frames(request)
        for _ in 0...random.below(3) {
          guard !bytes.isEmpty else { break }
          let place = random.below(bytes.count)
          switch random.below(6) {
          case 0: bytes[place] ^= 1 << random.below(8)
          case 1: bytes[place] = UInt8(random.below(256))
          case 2: bytes.remove(at: place)
          case 3: bytes.insert(UInt8(random.below(256)), at: place)
          case 4: bytes.removeSubrange(place...)
          default: bytes.insert(contentsOf: bytes[place..<min(place + 40, bytes.count)], at: place)
          }
        }
        let socket = try ClientSocket(port: connection.port(of: .shell))
        try? await socket.write(bytes)
        socket.finish()
        #expect(await socket.isClosedByKernel())
      }
      #expect(try await client.ask("kernel_info_request")["status"] == "ok")
      #expect(handler.executed.allSatisfy { $0.code == code })
      #expect(server.refused.values.reduce(0, +) + handler.executed.count < 60)
      #expect(server.refused[.badSignature, default: 0] > 0)
    }
  }

  private struct Xorshift {
    var state: UInt64
    mutating func below(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
  }
}
