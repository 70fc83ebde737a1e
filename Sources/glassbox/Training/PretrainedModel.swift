import Applications
import DataPipelines
import Foundation
import NeuralNetworks
import TensorIO

/// A model that another training begins with: a model's file, or a run's folder.
struct PretrainedModel {
  private let file: ModelFile
  private let url: URL

  init(_ place: URL) throws {
    url = place.modelFile
    file = try ModelFile(contentsOf: url)
  }

  /// What its pictures went through.
  var preparation: PicturePreparation {
    get throws {
      guard case .picture(let preparation, _) = file.preparation else {
        throw FileError.contents(
          file: url.path(percentEncoded: false), key: "task", expected: "picture classification", found: "\(file.task)")
      }
      return preparation
    }
  }

  /// Gives a model its weights, but those of the head: the tensors of the last layer, whose shapes depend on the classes.
  func load(into model: any Layer) throws {
    let own = model.stateDictionary()
    let head = own.map(\.name).last?.split(separator: ".").dropLast().joined(separator: ".") ?? ""
    var state = StateDictionary()
    for (name, tensor) in own {
      if name.hasPrefix(head + ".") {
        state.append(name, tensor)
        continue
      }
      guard let other = file.state[name], other.shape == tensor.shape else {
        throw FileError.contents(
          file: url.path(percentEncoded: false), key: name, expected: "\(tensor.shape), as this --model has it",
          found: file.state[name].map { "\($0.shape)" } ?? "none, in a \(file.model)")
      }
      state.append(name, other)
    }
    try model.load(stateDictionary: state)
  }
}

extension URL {
  /// The model's file in a run's folder; what is no folder is taken as one itself.
  var modelFile: URL {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path(percentEncoded: false), isDirectory: &isFolder)
    return exists && isFolder.boolValue ? appending(path: "model.safetensors") : self
  }
}
