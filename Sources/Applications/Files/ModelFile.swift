import DataPipelines
import Foundation
import Learning
import Models
import NeuralNetworks
import Tables
import TensorCore
import TensorIO
import Tokenizers

/// A trained model in one file, with all that inference needs: weights, the network's sizes, what inputs go through, the classes' names or the
/// target's scale, and what one likes to note.
///
/// The file is safetensors, so any reader of that format has the weights by PyTorch's names; the rest stands as JSON in its metadata (`format`, `task`,
/// `model`, `architecture`, `preparation`, `class_names`, `tokenizer`, `details`), and with it the SHA-256 of everything. It is written whole or not at all.
/// ``PictureClassifier``, ``TablePredictor``, ``TextClassifier``, ``TextWriter`` and ``Recommender`` read it.
///
/// ```swift
/// let preparation = PicturePreparation(size: 8, channels: 1, mean: [0.5], standardDeviation: [0.25])
/// let file = ModelFile(
///   LeNet(pictureSize: 8, classes: 2), preparation: .picture(preparation, classNames: ["cat", "dog"]),
///   details: ["seed": "7"])
/// let place = FileManager.default.temporaryDirectory.appending(path: "glassbox-example-model.safetensors")
/// try file.write(to: place)
/// let read = try ModelFile(contentsOf: place)
/// read.task  // → picture classification
/// try read.makeModel().parameterCount == file.makeModel().parameterCount  // → true
/// read.details  // → ["seed": "7"]
/// ```
public struct ModelFile: Sendable {
  /// What inputs go through, and what outputs mean.
  public enum Preparation: Sendable, Hashable {
    /// Pictures, of which the model makes a logit for each class.
    case picture(PicturePreparation, classNames: [String])
    /// Rows of a table, of which the model makes what the preparation's target is.
    case table(TablePreparation)
    /// Texts, of which the model makes a logit for each class.
    case text(TextPreparation, classNames: [String])
    /// Tokens of texts, of which the model makes a logit for each that may be next.
    case language(Tokenizer)
    /// Pairs of a user and an item, of which the model makes a rating.
    case ratings(RatingPreparation)
  }

  /// What the model does.
  public enum Task: String, Sendable, Hashable, CustomStringConvertible {
    case pictureClassification = "picture classification"
    case tableClassification = "table classification"
    case tableRegression = "table regression"
    case textClassification = "text classification"
    case languageModel = "language model"
    case recommendation

    public var description: String { rawValue }
  }

  /// The type of the model.
  public let model: String
  /// nil for a model of one's own, which is loaded into another of its kind.
  public let architecture: Architecture?
  public let preparation: Preparation
  /// What one likes to note: the seed, the data's hash, versions.
  public let details: [String: String]
  /// Parameters and buffers.
  public let state: StateDictionary
  /// The file's path, as messages name it.
  let file: String

  /// - Parameter model: If it is one of ``Models/Architecture``, reading needs nothing but the file.
  public init(_ model: any Layer, preparation: Preparation, details: [String: String] = [:]) {
    self.init(
      model: "\(type(of: model))", architecture: (model as? any NamesArchitecture)?.architecture,
      preparation: preparation, details: details, state: model.stateDictionary(), file: "model")
  }

  init(
    model: String, architecture: Architecture?, preparation: Preparation, details: [String: String],
    state: StateDictionary, file: String
  ) {
    (self.model, self.architecture, self.preparation) = (model, architecture, preparation)
    (self.details, self.state, self.file) = (details, state, file)
  }

  public var task: Task { preparation.task }
}

// MARK: - The model

extension ModelFile {
  /// The model with its weights, in the dtype that they have in the file.
  ///
  /// - Throws: ``TensorIO/FileError`` when the model is one's own, or the weights are not that network's.
  public func makeModel() throws(FileError) -> any Layer {
    guard let architecture else {
      throw .contents(
        file: file, key: "architecture", expected: "a network that Models has (for others, pass a model to load into)",
        found: "\(model), which is none")
    }
    let stored = state.reduce(0.0) { $0 + Double($1.tensor.count) }
    if stored < architecture.weightCount {
      throw .contents(
        file: file, key: "architecture", expected: "\(Int(stored)) weights, as there are in the file",
        found: "sizes with \(architecture.weightCount)")
    }
    // Of its own generator: making it changes nothing that others draw.
    let model = architecture.makeModel(using: RandomGenerator(seed: 0))
    let dtypes = Set(state.map(\.tensor.dtype).filter(\.isFloatingPoint))
    if dtypes.count == 1, let dtype = dtypes.first, dtype != .float32 { model.cast(to: dtype) }
    try load(into: model)
    return model
  }

  /// Gives a model these weights.
  ///
  /// - Throws: ``TensorIO/FileError`` with the first name that does not fit. Nothing was loaded then.
  public func load(into model: any Layer) throws(FileError) {
    do {
      try model.load(stateDictionary: state)
    } catch {
      guard let problem = error.problems.first else {
        throw .contents(file: file, key: nil, expected: "the model's weights", found: "others: \(error)")
      }
      let (key, expected, found) = problem.parts
      let others = error.problems.count - 1
      throw .contents(
        file: file, key: key, expected: expected,
        found: found + (others > 0 ? ", and \(others) others that do not fit" : ""))
    }
  }
}

extension ModelFile.Preparation {
  var task: ModelFile.Task {
    switch self {
    case .picture: .pictureClassification
    case .text: .textClassification
    case .language: .languageModel
    case .ratings: .recommendation
    case .table(let preparation):
      if case .number? = preparation.target { .tableRegression } else { .tableClassification }
    }
  }
}

extension StateDictionaryError.Problem {
  fileprivate var parts: (key: String, expected: String, found: String) {
    switch self {
    case .missing(let name, let expected): (name, "a tensor \(expected)", "none")
    case .unexpected(let name, let found): (name, "no tensor of that name", "one \(found)")
    case .mismatched(let name, let expected, let found): (name, "the shape \(expected)", "\(found)")
    case .wrongDType(let name, let expected, let found): (name, "\(expected)", "\(found)")
    case .invalid(let name, let reason): (name, "a value that can be", "one that \(reason)")
    }
  }
}
