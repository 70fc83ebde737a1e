import Foundation
import NotebookKernel
import Testing

@Suite("What a kernel publishes", .timeLimit(.minutes(10)))
struct OutputTests {
  @Test("begins with a welcome for every subscription, and with `starting` for the first of all")
  func welcome() async throws {
    try await withKernel { _, connection in
      let first = try await TestClient(connection, welcomed: false)
      let welcome = try await first.receive(on: first.iopub)
      #expect(welcome.type == "iopub_welcome" && welcome.content == ["subscription": ""] && welcome.parentID == nil)
      let starting = try await first.receive(on: first.iopub)
      #expect(starting.content == ["execution_state": "starting"])

      let second = try await TestClient(connection)
      #expect(try await second.ask("kernel_info_request")["status"] == "ok")
      #expect(try await second.receive(on: second.iopub).content == ["execution_state": "busy"])
      let third = try await TestClient(connection)
      #expect(try await third.ask("kernel_info_request")["status"] == "ok")
      #expect(try await third.receive(on: third.iopub).content == ["execution_state": "busy"])
    }
  }

  @Test("goes to whom it interests")
  func topics() async throws {
    try await withKernel { _, connection in
      let all = try await TestClient(connection)
      let status = try await all.published("status")
      let prefix = String(decoding: status.topic, as: UTF8.self).replacingOccurrences(of: "status", with: "")
      let some = try await TestClient(connection, topics: ["\(prefix)stream", "\(prefix)error"])
      let none = try await TestClient(connection, topics: ["elsewhere"])
      _ = try await all.run("show")
      _ = try await all.run("fail x")
      var types: [String] = []
      while types.last != "error" { types.append(try await some.receive(on: some.iopub).type) }
      #expect(types == ["stream", "stream", "stream", "error"])

      // A subscription taken back, and one that comes as a command of ZMTP 3.1.
      try await some.iopub.send([[0] + Array("\(prefix)stream".utf8)])
      let body: [UInt8] = [9] + Array("SUBSCRIBE".utf8) + Array("\(prefix)execute_result".utf8)
      try await some.iopub.write([4, UInt8(body.count)] + body)
      #expect(try await some.published("iopub_welcome").content["subscription"] == .string("\(prefix)execute_result"))
      _ = try await all.run("show")
      #expect(try await some.receive(on: some.iopub).type == "execute_result")
      try await none.iopub.send([[1]])
      #expect(try await none.receive(on: none.iopub).type == "iopub_welcome")
    }
  }

  @Test("keeps 100,000 lines in order, in few messages")
  func lines() async throws {
    try await withKernel { server, connection in
      let client = try await TestClient(connection)
      let (reply, output) = try await client.run("count 100000")
      let streams = output.filter { $0.type == "stream" }
      #expect(reply["status"] == "ok")
      let text = streams.compactMap { $0.content["text"]?.string }.joined()
      #expect(text == (0..<100_000).map { "\($0)\n" }.joined())
      #expect((1...1000).contains(streams.count), "\(streams.count) messages")
      #expect(server.dropped == 0)
      #expect(output.last?.content == ["execution_state": "idle"])
    }
  }

  @Test("waits for no client that does not read")
  func slow() async throws {
    var limits = WireLimits()
    limits.outbox = 4 << 20
    try await withKernel(limits: limits) { server, connection in
      let slow = try await TestClient(connection)
      let fast = try await TestClient(connection)
      let text = String(repeating: "x", count: 1 << 20)
      var received = 0
      for _ in 0..<60 {
        for message in try await fast.run("say \(text)").output where message.type == "stream" {
          received += message.content["text"]?.string?.utf8.count ?? 0
        }
        if server.dropped > 0 { break }
      }
      #expect(server.dropped > 0)
      #expect(received.isMultiple(of: 1 << 20) && received > 0)
      // What the slow one gets is whole, and in order.
      #expect(try await slow.receive(on: slow.iopub).content == ["execution_state": "starting"])
      #expect(try await slow.receive(on: slow.iopub).content == ["execution_state": "busy"])
      #expect(try await slow.published("stream").content["text"] == .string(text))
    }
  }

  @Test("reaches two clients alike")
  func two() async throws {
    try await withKernel { _, connection in
      let first = try await TestClient(connection)
      let second = try await TestClient(connection)
      let id = try await first.send("execute_request", ["code": "show"])
      let seen = try await second.published(for: id)
      #expect(try await first.published(for: id).map(\.id) == seen.map(\.id))
      #expect(seen.count == 10)
      // Replies do not.
      #expect(try await second.ask("kernel_info_request")["status"] == "ok")
    }
  }
}
