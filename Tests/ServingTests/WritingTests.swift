import Applications
import Models
import NotebookDisplay
import Serving
import TensorCore
import Testing
import Tokenizers

@Suite("A service that goes on with texts")
struct WritingTests {
  private static func writer() throws -> TextWriter {
    let tokenizer = try Tokenizer.characters(of: ["abcdefgh \né"], specials: [])
    let configuration = GPTConfiguration(
      layers: 1, heads: 2, width: 8, context: 16, vocabulary: tokenizer.vocabularySize)
    return TextWriter(GPT(configuration, using: RandomGenerator(seed: 4)), tokenizer: tokenizer)
  }

  /// What was written, and the last line.
  private func story(_ response: Client.Response) throws -> (text: String, end: JSON) {
    let lines = try response.text.split(separator: "\n").map { try Client.json($0.utf8) }
    return (lines.dropLast().compactMap { $0["text"]?.string }.joined(), try #require(lines.last))
  }

  @Test("writes what the model writes with the same seed, and says which that was")
  func pieces() async throws {
    let sampling = Sampling(temperature: 0.7, topK: 5, topP: 0.95)
    let expected = try Self.writer().text(
      after: "abé", count: 40, sampling: sampling, using: RandomGenerator(seed: 9)
    ).joined()
    try await TestServer.run(.writing(Self.writer())) { server in
      let response = try await server.post(
        "/generate", #"{"prompt": "abé", "count": 40, "temperature": 0.7, "top_k": 5, "top_p": 0.95, "seed": 9}"#)
      #expect(response.status == 200 && response.headers["content-type"] == "application/x-ndjson")
      #expect(response.headers["transfer-encoding"] == "chunked")
      let (text, end) = try story(response)
      #expect(text == expected)
      #expect(end == ["end": "count", "tokens": 40, "seed": 9])

      let first = try story(await server.post("/generate", #"{"prompt": "ab", "seed": null}"#))
      #expect(first.end["tokens"] == 100)
      let seed = try #require(first.end["seed"]?.integer)
      let again = try story(await server.post("/generate", "{\"prompt\": \"ab\", \"seed\": \(seed)}"))
      #expect(again.text == first.text)

      #expect(try await server.get("/model").json["tokens"] == 11)
      let next = try await server.post("/predict?top=2", #"{"text": "ab"}"#)
      let candidates = try #require(try next.json["candidates"]?.array)
      let greedy = try Self.writer().text(after: "ab", count: 1, sampling: Sampling(temperature: 0)).joined()
      #expect(candidates.count == 2 && candidates[0]["class"] == .string(greedy))
    }
  }

  @Test("writes several at a time, and refuses more than it may")
  func several() async throws {
    var limits = ServiceLimits()
    (limits.stories, limits.tokens) = (2, 1 << 30)
    let expected = try Self.writer().text(after: "a", count: 200, using: RandomGenerator(seed: 1)).joined()
    try await TestServer.run(.writing(Self.writer()), limits) { server in
      let body = #"{"prompt": "a", "count": 200, "seed": 1}"#
      // Two that go on until they are given up.
      let held = [try server.client(), try server.client()]
      for client in held {
        client.send(Client.post("/generate", Array(#"{"prompt": "a", "count": 1000000000}"#.utf8)))
        #expect(try await client.head().status == 200)
      }
      let refused = try await server.post("/generate", body)
      #expect(refused.status == 503 && refused.headers["retry-after"] == "1")
      #expect(refused.error == "2 texts are being written already: try again later.")
      // Those whose clients left do not count any more.
      held[0].cut(abruptly: true)
      try await server.wait { try await server.post("/generate", body).status == 200 }
      held[1].cut(abruptly: true)
      try await server.wait {
        async let first = server.post("/generate", body)
        async let second = server.post("/generate", body)
        let both = try await [first, second].filter { $0.status == 200 }
        for response in both { #expect(try story(response).text == expected) }
        return both.count == 2
      }
    }
  }

  @Test("ends after its time")
  func time() async throws {
    var limits = ServiceLimits()
    limits.writing = .zero
    try await TestServer.run(.writing(Self.writer()), limits) { server in
      let end = try story(await server.post("/generate", #"{"prompt": "a", "seed": 1}"#)).end
      #expect(end == ["end": "time", "tokens": 0, "seed": 1])
    }
  }

  @Test("says what it can't go on with")
  func problems() async throws {
    try await TestServer.run(.writing(Self.writer())) { server in
      for (body, error) in [
        ("{}", "The body: expected an object with \"prompt\", found an empty one."),
        (#"{"prompt": 1}"#, "prompt: expected a string, found 1."),
        (#"{"prompt": ""}"#, "prompt: expected a text to go on from, found none."),
        (#"{"prompt": "ax"}"#, "prompt: expected a text of the model's tokens, found \"x\"."),
        (#"{"prompt": "a", "count": 0}"#, "count: expected a whole number from 1 to 1024, found 0."),
        (#"{"prompt": "a", "count": 1025}"#, "count: expected a whole number from 1 to 1024, found 1025."),
        (#"{"prompt": "a", "temperature": -1}"#, "temperature: expected a number from 0 to 100, found -1."),
        (#"{"prompt": "a", "top_k": 0.5}"#, "top_k: expected a whole number from 1 on, found 0.5."),
        (#"{"prompt": "a", "top_p": 0}"#, "top_p: expected a number above 0, and 1 at most, found 0."),
        (#"{"prompt": "a", "seed": "x"}"#, "seed: expected a whole number from 0 on, found \"x\"."),
        (#"{"prompt": "a", "seed": 1e300}"#, "seed: expected a whole number from 0 on, found 1e+300."),
        (
          #"{"prompt": "a", "temprature": 1}"#,
          "The body: expected no others than prompt, count, temperature, top_k, top_p, seed, found \"temprature\"."
        ),
      ] {
        let response = try await server.post("/generate", body)
        #expect(response.status == 422 && response.error == error)
      }
      let long = try await server.post("/generate", "{\"prompt\": \"\(String(repeating: "a", count: 20_000))\"}")
      #expect(long.error == "prompt: expected at most 16384 bytes, found 20000.")
      let one = try await server.post("/predict", #"{"texts": ["a", "x"]}"#)
      #expect(one.status == 422 && one.error == "texts[1]: expected a text of the model's tokens, found \"x\".")
      let read = try await server.post("/predict", "{\"texts\": [\"a\", \"\(String(repeating: "a", count: 20_000))\"]}")
      #expect(read.status == 422 && read.error == "texts[1]: expected at most 16384 bytes, found 20000.")
    }
    try await TestServer.run(.pictures(Sample.pictures())) { server in
      let absent = try await server.post("/generate", #"{"prompt": "a"}"#)
      #expect(absent.status == 404)
    }
  }
}
