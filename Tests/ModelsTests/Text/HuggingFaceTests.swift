import Foundation
import Models
import NeuralNetworks
import TensorCore
import TensorIO
import Testing

/// Small models of Hugging Face's, with their outputs: scripts/goldens/language_models.py.
@Suite("A model from Hugging Face's files")
struct HuggingFaceTests {
  private func folder(_ name: String) -> URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Goldens/language_models/\(name)")
  }

  private func outputs(_ name: String) throws -> [String: Tensor] {
    try SafeTensors(contentsOf: folder(name).appending(path: "outputs.safetensors")).tensors()
  }

  private func expectNear(_ x: Tensor, _ golden: Tensor?) throws {
    let golden = try #require(golden)
    #expect(x.shape == golden.shape)
    #expect((x - golden).abs().max().item() < 1e-4)
  }

  @Test("gives BERT's vectors, with padding and segments")
  func bert() throws {
    let (model, goldens) = (try BERT(huggingFace: folder("bert")), try outputs("bert"))
    let (tokens, segments) = (try #require(goldens["tokens"]), try #require(goldens["segments"]))
    try withoutGradients {
      let vectors = model(tokens, segments: segments)
      // What padding is turned to is of no use to anybody.
      try expectNear(vectors[0], goldens["last"]?[0])
      try expectNear(vectors[1, 0..<3], goldens["last"]?[1, 0..<3])
      try expectNear(model.pooled(tokens, segments: segments), goldens["pooled"])
      let sentences = model.sentenceEmbedding(tokens)
      #expect(abs((sentences * sentences).sum(axis: 1).sum().item() - 2) < 1e-5)
      try expectNear(model.sentenceEmbedding(tokens[1..<2, 0..<3])[0], sentences[1])
    }
  }

  @Test("gives GPT-2's logits and texts")
  func gpt2() throws {
    let (model, goldens) = (try GPT(huggingFace: folder("gpt2")), try outputs("gpt2"))
    try withoutGradients { try expectNear(model(try #require(goldens["tokens"])), goldens["logits"]) }
    let prompt = try #require(goldens["prompt"]).scalars(as: Int.self)
    func expectText(_ tokens: [Int], _ name: String) throws {
      #expect(prompt + tokens == (try #require(goldens[name])).scalars(as: Int.self), "\(name)")
    }
    try expectText(model.continuation(of: prompt, count: 6, sampling: Sampling(temperature: 0)), "greedy")
    try expectText(
      model.continuation(of: prompt, count: 6, sampling: Sampling(temperature: 0, repetitionPenalty: 1.5)), "penalised")
    try expectText(model.beamSearch(after: prompt, beams: 3, count: 6)[0].tokens, "beams")
  }

  @Test("of another kind is refused by name")
  func wrong() {
    let error = #expect(throws: FileError.self) { try GPT(huggingFace: folder("bert")) }
    #expect(error.map { "\($0)" }?.contains("config.json") == true)
  }

  @Test(
    "with sizes that can't be, or that its tensors are too few for, is refused by name before room is made for them",
    arguments: [
      ("gpt2", "n_head", 5.0, "\"n_head\": expected a divisor of n_embd, 16, found 5"),
      ("gpt2", "n_layer", 0, "\"n_layer\": expected a whole number in 1..."),
      ("gpt2", "n_embd", -16, "\"n_embd\": expected a whole number in 1..."),
      ("gpt2", "n_positions", 1e18, "\"n_positions\": expected a whole number in 1..."),
      ("gpt2", "vocab_size", 250_000_000, "numbers in model.safetensors, found sizes for 4"),
      ("gpt2", "n_layer", 200_000_000, "numbers in model.safetensors, found sizes for 6"),
      ("bert", "num_attention_heads", 3, "\"num_attention_heads\": expected a divisor of hidden_size, 16, found 3"),
      ("bert", "type_vocab_size", 0, "\"type_vocab_size\": expected a whole number in 1..."),
      ("bert", "intermediate_size", 250_000_000, "numbers in model.safetensors, found sizes for 1"),
      ("bert", "hidden_dropout_prob", 1, "\"hidden_dropout_prob\": expected a number in 0..<1, found 1"),
      ("bert", "layer_norm_eps", -1, "\"layer_norm_eps\": expected a number above 0, found -1"),
    ] as [(String, String, Double, String)])
  func sizes(name: String, key: String, value: Double, words: String) throws {
    let copy = FileManager.default.temporaryDirectory.appending(path: "glassbox-tests-\(UUID().uuidString)")
    try FileManager.default.copyItem(at: folder(name), to: copy)
    defer { try? FileManager.default.removeItem(at: copy) }
    let file = copy.appending(path: "config.json")
    let json = try JSONSerialization.jsonObject(with: try Data(contentsOf: file))
    var settings = try #require(json as? [String: Any])
    settings[key] = Int(exactly: value).map { $0 as Any } ?? value
    try JSONSerialization.data(withJSONObject: settings).write(to: file)
    let error = #expect(throws: FileError.self) {
      _ = try name == "gpt2" ? GPT(huggingFace: copy) as Module : BERT(huggingFace: copy)
    }
    #expect("\(try #require(error))".contains(words), "\(error.map { "\($0)" } ?? "")")
  }
}
