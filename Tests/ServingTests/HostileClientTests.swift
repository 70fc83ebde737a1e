import Serving
import Testing

@Suite("A service goes on when a client")
struct HostileClientTests {
  private var limits: ServiceLimits {
    var limits = ServiceLimits()
    (limits.body, limits.reading) = (10_000, .milliseconds(300))
    return limits
  }

  private func run(_ body: (TestServer) async throws -> Void) async throws {
    try await TestServer.run(.pictures(Sample.pictures()), limits) { server in
      try await body(server)
      let response = try await server.post("/predict", Sample.picture(1).json)
      #expect(response.status == 200)
    }
  }

  @Test("announces a huge body, or sends one without saying so")
  func huge() async throws {
    try await run { server in
      let announced = try server.client()
      let length = ["Content-Length": "1000000000000", "Content-Type": "application/json"]
      announced.send(Client.head("POST", "/predict", length).utf8)
      let refused = try await announced.response()
      #expect(refused.status == 413 && refused.error == "The body: expected at most 10000 bytes, found more.")

      let client = try server.client()
      let chunked = ["Transfer-Encoding": "chunked", "Content-Type": "application/json"]
      client.send(Client.head("POST", "/predict", chunked).utf8)
      for _ in 0..<11 { client.send("3e8\r\n".utf8 + [UInt8](repeating: 32, count: 1000) + "\r\n".utf8) }
      #expect(try await client.response().status == 413)
      // Neither waits for what they hold back.
      #expect(try await announced.isEnded())
      #expect(try await client.isEnded())
      let whole = try await server.client().post("/predict", [UInt8](repeating: 32, count: 100_000))
      #expect(whole.status == 413)
    }
  }

  @Test("sends its body a byte at a time, or stops in the middle")
  func slowBody() async throws {
    try await run { server in
      let (slow, halted) = (try server.client(), try server.client())
      let head = Client.head("POST", "/predict", ["Content-Length": "1000", "Content-Type": "application/json"])
      slow.send(head.utf8)
      halted.send((head + "{\"pixels\"").utf8)
      // What comes after the end is answered by a reset, which takes the response along.
      var sent = 0
      while sent < 900, slow.send(" ".utf8) {
        sent += 1
        try await Task.sleep(for: .milliseconds(20))
      }
      #expect(sent < 900)
      let late = try await halted.response()
      #expect(late.status == 408 && late.error == "The body: expected all of it within 0.3 s of the head.")
      #expect(try await slow.isEnded())
    }
  }

  @Test("does not finish the head of its request, or begins none")
  func slowHead() async throws {
    try await run { server in
      let (silent, slow) = (try server.client(), try server.client())
      slow.send("POST /predict HTTP/1.1\r\nHost".utf8)
      #expect(try await silent.isEnded())
      #expect(try await slow.isEnded())
    }
  }

  @Test("is gone before its answer, in the middle of its body, or at once")
  func gone() async throws {
    try await run { server in
      let body = Array(Sample.picture(1).json.utf8)
      for abruptly in [false, true] {
        for length in [0, 20, 300, 10_000] {
          let client = try server.client()
          client.send(Client.post("/predict", body).prefix(length))
          client.cut(abruptly: abruptly)
        }
      }
    }
  }

  @Test("speaks something else than HTTP, or bad HTTP")
  func noHTTP() async throws {
    try await run { server in
      let heads = [
        "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n",
        "POST /predict HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST /predict HTTP/1.1\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "POST /predict HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "GET / HTTP/1.1\r\nHost: x\r\nA: \(String(repeating: "a", count: 200_000))\r\n\r\n",
      ]
      for head in heads {
        let client = try server.client()
        client.send(head.utf8)
        #expect(try await client.isEnded(), "\(head.prefix(60))")
      }
    }
  }
}
