import NotebookDisplay
import Serving
import Testing

@Suite("A service under load")
struct LoadTests {
  @Test("computes what comes at the same time together, and gives each its own answer")
  func batches() async throws {
    let gate = Gate()
    try await TestServer.run(GatedModel.served(gate)) { server in
      let body = Sample.picture(0).json
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask { try await server.post("/predict", body).status }
        while gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
        for _ in 0..<20 { group.addTask { try await server.post("/predict", body).status } }
        try await server.wait { try await server.metric("glassbox_queue_length") == 20 }
        gate.open()
        for try await status in group { #expect(status == 200) }
      }
      #expect(try await server.metric("glassbox_batches_total") == 2)
      #expect(try await server.metric("glassbox_batched_requests_total") == 21)
    }
  }

  @Test("gives many clients on kept connections the answers that each alone would get")
  func answers() async throws {
    let classifier = Sample.pictures()
    let expected = (0..<50).map { classifier.predict(Sample.picture($0).pixels).className }
    try await TestServer.run(.pictures(Sample.pictures())) { server in
      try await withThrowingTaskGroup(of: Void.self) { group in
        for first in 0..<10 {
          group.addTask {
            let client = try server.client()
            for number in stride(from: first, to: 50, by: 10) {
              let response = try await client.post("/predict?top=1", Sample.picture(number).json)
              #expect(try response.json["candidates"]?.array?.first?["class"] == .string(expected[number]))
            }
          }
        }
        try await group.waitForAll()
      }
      #expect(try await server.metric("glassbox_batched_requests_total") == 50)
    }
  }

  @Test("refuses what the queue has no place for, and goes on with what has")
  func queue() async throws {
    let gate = Gate()
    var limits = ServiceLimits()
    (limits.queue, limits.time) = (3, .seconds(60))
    try await TestServer.run(GatedModel.served(gate), limits) { server in
      let body = Sample.picture(0).json
      try await withThrowingTaskGroup(of: Int.self) { group in
        group.addTask { try await server.post("/predict", body).status }
        while gate.arrived == 0 { try await Task.sleep(for: .milliseconds(1)) }
        for _ in 0..<3 { group.addTask { try await server.post("/predict", body).status } }
        try await server.wait { try await server.metric("glassbox_queue_length") == 3 }
        let refused = try await server.post("/predict", body)
        #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
        #expect(refused.error == "3 requests wait already: try again later.")
        #expect(try await server.get("/health").status == 200)
        gate.open()
        for try await status in group { #expect(status == 200) }
      }
    }
  }

  @Test("says that an answer takes too long")
  func time() async throws {
    let gate = Gate()
    var limits = ServiceLimits()
    limits.time = .milliseconds(100)
    try await TestServer.run(GatedModel.served(gate), limits) { server in
      let late = try await server.post("/predict", Sample.picture(0).json)
      #expect(late.status == 504 && late.error == "There was no answer within 0.1 s.")
      gate.open()
      try await server.wait { try await server.post("/predict", Sample.picture(0).json).status == 200 }
    }
  }

  @Test("answers several requests that came in one piece, in their order")
  func pipelining() async throws {
    let classifier = Sample.pictures()
    try await TestServer.run(.pictures(Sample.pictures())) { server in
      let client = try server.client()
      let bodies = (0..<5).map { Sample.picture($0) }
      client.send(
        bodies.flatMap { Client.post("/predict?top=1", Array($0.json.utf8)) }
          + Array(Client.head("GET", "/health").utf8))
      for body in bodies {
        let answer = try await client.response().json["candidates"]?.array?.first?["class"]
        #expect(answer == .string(classifier.predict(body.pixels).className))
      }
      #expect(try await client.response().json == ["status": "ok"])
    }
  }
}
