import ClassicML
import Foundation
import TensorIO

/// The algorithms for tables by their short names.
public enum EstimatorCatalogue {
  /// The names of all, of classes and of numbers.
  public static var names: [String] {
    (classifiers + regressors).map(\.name).reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// The algorithm of a name for this kind of target; nil if there is none.
  public static func estimator(_ name: String, for kind: TableTask.Kind) -> (any TableEstimator)? {
    (kind == .classes ? classifiers : regressors).first { $0.name == name }
  }

  /// Reads what one of them was saved as; nil if the file is for something else, such as a network.
  ///
  /// - Throws: ``TensorIO/FileError`` when it can't be read or is damaged, or holds an estimator that is none of these.
  public static func read(_ url: URL) throws(FileError) -> (any RowPredictor)? {
    let metadata = try SafeTensors(contentsOf: url).metadata
    guard metadata["format"] == FittedFile.format, let type = metadata["type"] else { return nil }
    for estimator in classifiers + regressors {
      if let predictor = try estimator.read(url, type: type) { return predictor }
    }
    throw .contents(
      file: url.path(percentEncoded: false), key: "type",
      expected: "an estimator of tables (\(names.joined(separator: ", ")))",
      found: type)
  }
}
