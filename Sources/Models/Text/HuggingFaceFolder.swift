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
    self.init(
      GPTConfiguration(
        layers: settings.nLayer, heads: settings.nHead, width: settings.nEmbd, context: settings.nPositions,
        vocabulary: settings.vocabSize, gelu: settings.activationFunction == "gelu" ? .exact : .tanh))
    evaluate()
    var state = StateDictionary()
    for (name, tensor) in try files.tensors() where !name.hasSuffix(".attn.bias") && !name.hasSuffix(".masked_bias") {
      let isTurned = ["c_attn.weight", "c_proj.weight", "c_fc.weight"].contains { name.hasSuffix($0) }
      let key = name.hasPrefix("transformer.") || name == "lm_head.weight" ? name : "transformer." + name
      state[key] = isTurned ? tensor.transposed(0, 1) : tensor
    }
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
    self.init(
      BERTConfiguration(
        layers: settings.numHiddenLayers, heads: settings.numAttentionHeads, width: settings.hiddenSize,
        innerWidth: settings.intermediateSize, context: settings.maxPositionEmbeddings, vocabulary: settings.vocabSize,
        segments: settings.typeVocabSize, padding: settings.padTokenId, dropout: settings.hiddenDropoutProb ?? 0.1,
        epsilon: settings.layerNormEps ?? 1e-12))
    evaluate()
    var state = StateDictionary()
    for (name, tensor) in try files.tensors() {
      let key = name.hasPrefix("bert.") ? String(name.dropFirst(5)) : name
      let isPart = ["embeddings.", "encoder.", "pooler."].contains { key.hasPrefix($0) }
      if isPart, key != "embeddings.position_ids" { state[key] = tensor }
    }
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
    if known.contains(found) { return }
    throw .contents(
      file: configurationFile.path(percentEncoded: false), key: key,
      expected: known.map { "\($0)" }.joined(separator: " or "), found: "\(found)")
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
