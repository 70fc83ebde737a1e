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

  /// Gives a model its weights but the head's.
  func load(into model: any Layer) throws { try file.loadBody(into: model) }
}

extension URL {
  /// The model's file in a run's folder; what is no folder is taken as one itself.
  var modelFile: URL {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(atPath: path(percentEncoded: false), isDirectory: &isFolder)
    return exists && isFolder.boolValue ? appending(path: "model.safetensors") : self
  }
}
