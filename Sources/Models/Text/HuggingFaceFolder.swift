import Foundation
import NeuralNetworks
import TensorCore
import TensorIO

extension GPT {
  /// GPT-2 as Hugging Face publishes it: a folder with `config.json` and `model.safetensors`.
  ///
  /// Its maps' weights are [inputs, outputs] there, and are turned round.
  ///
  /// ```swift
  /// func answer(_ prompt: [Int], _ folder: URL) throws -> [Int] {
  ///   let model = try GPT(huggingFace: folder)
  ///   return model.continuation(of: prompt, count: 20, sampling: Sampling(temperature: 0.8, topK: 40))
  /// }
  /// ```
  ///
  /// - Throws: ``TensorIO/FileError`` for a file that can't be read, or another kind of model;
  ///   ``NeuralNetworks/StateDictionaryError`` with every name that is missing, unexpected or of another shape.
  public convenience init(huggingFace folder: URL) throws {
    let files = HuggingFaceFolder(folder)
    let settings = try files.configuration(GPT2Settings.self)
    try files.require("gpt2", settings.modelType)
    try files.require(["gelu_new", "gelu", "gelu_pytorch_tanh"], "activation_function", settings.activationFunction)
    try files.require([1e-5], "layer_norm_epsilon", settings.layerNormEpsilon ?? 1e-5)
    try files.require(sizes: [
      ("n_layer", settings.nLayer), ("n_head", settings.nHead), ("n_embd", settings.nEmbd),
      ("n_positions", settings.nPositions), ("vocab_size", settings.vocabSize),
    ])
    try files.require(("n_head", settings.nHead), divides: ("n_embd", settings.nEmbd))
    let configuration = GPTConfiguration(
      layers: settings.nLayer, heads: settings.nHead, width: settings.nEmbd, context: settings.nPositions,
      vocabulary: settings.vocabSize, gelu: settings.activationFunction == "gelu" ? .exact : .tanh)
    var state = StateDictionary()
    for (name, tensor) in try files.tensors() where !name.hasSuffix(".attn.bias") && !name.hasSuffix(".masked_bias") {
      let isTurned = ["c_attn.weight", "c_proj.weight", "c_fc.weight"].contains { name.hasSuffix($0) }
      let key = name.hasPrefix("transformer.") || name == "lm_head.weight" ? name : "transformer." + name
      state[key] = isTurned && tensor.rank == 2 ? tensor.transposed(0, 1) : tensor
    }
    try files.require(weights: Architecture.gpt(configuration).weightCount, in: state)
    self.init(configuration)
    evaluate()
    try load(stateDictionary: state)
  }
}

extension BERT {
  /// BERT, or a model of its form, as Hugging Face publishes it: a folder with `config.json` and `model.safetensors`. Heads for tasks are left out; a pooler
  /// that the file lacks keeps its fresh weights.
  ///
  /// - Throws: ``TensorIO/FileError`` for a file that can't be read, or another kind of model;
  ///   ``NeuralNetworks/StateDictionaryError`` with every name that is missing, unexpected or of another shape.
  public convenience init(huggingFace folder: URL) throws {
    let files = HuggingFaceFolder(folder)
    let settings = try files.configuration(BERTSettings.self)
    try files.require("bert", settings.modelType)
    try files.require(["gelu"], "hidden_act", settings.hiddenAct)
    try files.require(["absolute"], "position_embedding_type", settings.positionEmbeddingType ?? "absolute")
    try files.require(sizes: [
      ("num_hidden_layers", settings.numHiddenLayers), ("num_attention_heads", settings.numAttentionHeads),
      ("hidden_size", settings.hiddenSize), ("intermediate_size", settings.intermediateSize),
      ("max_position_embeddings", settings.maxPositionEmbeddings), ("vocab_size", settings.vocabSize),
      ("type_vocab_size", settings.typeVocabSize),
    ])
    try files.require(
      ("num_attention_heads", settings.numAttentionHeads), divides: ("hidden_size", settings.hiddenSize))
    let (dropout, epsilon) = (settings.hiddenDropoutProb ?? 0.1, settings.layerNormEps ?? 1e-12)
    try files.require((0..<1).contains(dropout), "hidden_dropout_prob", "a number in 0..<1", "\(dropout)")
    try files.require(epsilon > 0 && epsilon.isFinite, "layer_norm_eps", "a number above 0", "\(epsilon)")
    let configuration = BERTConfiguration(
      layers: settings.numHiddenLayers, heads: settings.numAttentionHeads, width: settings.hiddenSize,
      innerWidth: settings.intermediateSize, context: settings.maxPositionEmbeddings, vocabulary: settings.vocabSize,
      segments: settings.typeVocabSize, padding: settings.padTokenId, dropout: dropout, epsilon: epsilon)
    var state = StateDictionary()
    for (name, tensor) in try files.tensors() {
      let key = name.hasPrefix("bert.") ? String(name.dropFirst(5)) : name
      let isPart = ["embeddings.", "encoder.", "pooler."].contains { key.hasPrefix($0) }
      if isPart, key != "embeddings.position_ids" { state[key] = tensor }
    }
    try files.require(weights: configuration.weightCount, in: state)
    self.init(configuration)
    evaluate()
    for (name, tensor) in stateDictionary() where name.hasPrefix("pooler.") && state[name] == nil {
      state[name] = tensor
    }
    try load(stateDictionary: state)
  }
}

/// A model's folder, in the layout of Hugging Face's hub.
private struct HuggingFaceFolder {
  let folder: URL

  init(_ folder: URL) { self.folder = folder }

  private var configurationFile: URL { folder.appending(path: "config.json") }

  func configuration<Settings: Decodable>(_ type: Settings.Type) throws(FileError) -> Settings {
    try JSONFile.read(type, from: configurationFile)
  }

  func tensors() throws(FileError) -> [String: Tensor] {
    try SafeTensors(contentsOf: folder.appending(path: "model.safetensors")).tensors()
  }

  func require(_ wanted: String, _ found: String) throws(FileError) { try require([wanted], "model_type", found) }

  /// Stops at a configuration that asks for another computation than ours.
  func require<Value: Equatable>(_ known: [Value], _ key: String, _ found: Value) throws(FileError) {
    try require(known.contains(found), key, known.map { "\($0)" }.joined(separator: " or "), "\(found)")
  }

  func require(_ holds: Bool, _ key: String, _ expected: String, _ found: String) throws(FileError) {
    if holds { return }
    throw .contents(file: configurationFile.path(percentEncoded: false), key: key, expected: expected, found: found)
  }

  func require(sizes: [(key: String, value: Int)]) throws(FileError) {
    let sane = 1...(1 << 28)
    for (key, value) in sizes { try require(sane.contains(value), key, "a whole number in \(sane)", "\(value)") }
  }

  func require(_ part: (key: String, value: Int), divides whole: (key: String, value: Int)) throws(FileError) {
    let holds = whole.value % part.value == 0
    try require(holds, part.key, "a divisor of \(whole.key), \(whole.value)", "\(part.value)")
  }

  /// Refuses sizes that the file's tensors are too few for, before room is made for them.
  func require(weights: Double, in state: StateDictionary) throws(FileError) {
    let stored = state.reduce(0.0) { $0 + Double($1.tensor.count) }
    if weights <= stored { return }
    throw .contents(
      file: configurationFile.path(percentEncoded: false), key: nil,
      expected: "sizes for the \(Int(stored)) numbers in model.safetensors", found: "sizes for \(weights)")
  }
}

extension BERTConfiguration {
  /// How many numbers its matrices have, without the pooler's.
  fileprivate var weightCount: Double {
    let width = Double(width)
    let tables = (Double(vocabulary) + Double(context) + Double(segments)) * width
    return tables + Double(layers) * (4 * width * width + 2 * width * Double(innerWidth))
  }
}

private struct GPT2Settings: Decodable {
  let modelType: String
  let nLayer: Int
  let nHead: Int
  let nEmbd: Int
  let nPositions: Int
  let vocabSize: Int
  let activationFunction: String
  let layerNormEpsilon: Double?
}

private struct BERTSettings: Decodable {
  let modelType: String
  let numHiddenLayers: Int
  let numAttentionHeads: Int
  let hiddenSize: Int
  let intermediateSize: Int
  let maxPositionEmbeddings: Int
  let vocabSize: Int
  let typeVocabSize: Int
  let hiddenAct: String
  let padTokenId: Int?
  let layerNormEps: Double?
  let hiddenDropoutProb: Double?
  let positionEmbeddingType: String?
}
