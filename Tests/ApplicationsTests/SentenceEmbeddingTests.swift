import Foundation
import Models
import TensorCore
import TensorIO
import Testing
import Tokenizers

/// all-MiniLM-L6-v2 with the vectors of its own package: scripts/goldens/sentence_embeddings.py.
@Suite("Sentence embeddings")
struct SentenceEmbeddingTests {
  private static let model = ProcessInfo.processInfo.environment["GLASSBOX_MINILM"] ?? ""

  // scripts/verify-embeddings gets it.
  @Test(
    "of a published model are those of its own package",
    .enabled(if: FileManager.default.fileExists(atPath: model + "/model.safetensors"), "no model in \(model)"))
  func miniLM() throws {
    let goldens = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .appending(path: "Goldens/language_models")
    let sentences = try JSONDecoder().decode(
      [String].self, from: Data(contentsOf: goldens.appending(path: "sentences.json")))
    let wanted = try #require(
      try SafeTensors(contentsOf: goldens.appending(path: "minilm.safetensors")).tensors()["embeddings"])
    let folder = URL(filePath: Self.model)
    let model = try BERT(huggingFace: folder)
    var tokenizer = try Tokenizer(contentsOf: folder.appending(path: "tokenizer.json"))
    // sentence_bert_config.json says so, whatever the tokeniser's file does.
    tokenizer.maximumLength = 256
    for (row, sentence) in sentences.enumerated() {
      let ids = tokenizer.ids(of: sentence)
      let vector = withoutGradients { model.sentenceEmbedding(Tensor(ids, shape: [1, ids.count])) }[0]
      let deviation = (vector - wanted[row]).abs().max().item()
      #expect(deviation < 1e-4, "\(sentence.prefix(40)): \(deviation)")
    }
  }
}
