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
}
