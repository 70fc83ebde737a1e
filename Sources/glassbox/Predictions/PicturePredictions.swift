import Applications
import Foundation
import TensorCore
import TensorIO

/// Predictions for pictures.
struct PicturePredictions {
  private let classifier: PictureClassifier
  private let top: Int
  private let json: Bool

  init(_ classifier: PictureClassifier, _ top: Int, _ json: Bool) {
    (self.classifier, self.top, self.json) = (classifier, top, json)
  }

  func write(_ inputs: [String], _ lines: PredictionLines) throws {
    let files = InputFiles.found(at: inputs, endings: ["jpg", "jpeg", "png"], kind: "pictures", lines)
    for start in stride(from: 0, to: files.count, by: 64) {
      var (paths, pictures): ([String], [Tensor]) = ([], [])
      for path in files[start..<min(start + 64, files.count)] {
        do throws(FileError) {
          pictures.append(try PictureFile.read(URL(filePath: path), options: classifier.preparation.options))
          paths.append(path)
        } catch {
          lines.report(error.description)
        }
      }
      for (path, prediction) in zip(paths, classifier.predict(pictures)) {
        lines.write(path, prediction, top: top, json)
      }
    }
  }
}
