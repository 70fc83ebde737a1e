import ClassicML
import Tables
import TensorCore

/// A fitted estimator with the preparation of its inputs, and what it predicts: all that rows of a table need, in one file.
public struct TableModel<Model: Predictor>: FittedValue, RowPredictor where Model.Input == any FeatureMatrix {
  public typealias Input = Table

  public let features: TableFeatures.Fitted
  public let model: Model
  public let target: TableModelTarget
  public var details: [String: String]

  public init(
    _ fitted: FittedChain<TableFeatures.Fitted, Model>, target: TableModelTarget, details: [String: String] = [:]
  ) {
    (features, model) = (fitted.first, fitted.last)
    (self.target, self.details) = (target, details)
  }

  public var inputKinds: [String: ColumnKind] { features.preparation.inputKinds }
  public var targetColumn: String {
    switch target {
    case .classes(let column, _), .number(let column): column
    }
  }

  public func predict(_ table: Table) throws -> TablePredictions {
    let (x, report) = try features.features(of: table)
    if table.rowCount == 0 { return TablePredictions(table: Table([]), report: report) }
    let predicted = try model.predict(x)
    guard case .classes(let column, let levels) = target else {
      return TablePredictions(
        table: Table([Column(targetColumn, numbers: predicted.cast(to: .float64).scalars(as: Double.self))]),
        report: report)
    }
    var columns = [Column(column, categories: predicted.scalars(as: Int.self).map { level($0, levels) })]
    if let model = model as? any ProbabilisticClassifier<any FeatureMatrix> {
      let p = try model.predictProbabilities(x).cast(to: .float64)
      for (position, name) in model.classes.enumerated() {
        columns.append(
          Column(
            "P(\(column) = \(level(name, levels) ?? ""))", numbers: p[.all, position].scalars(as: Double.self)))
      }
    }
    return TablePredictions(table: Table(columns), report: report)
  }

  private func level(_ position: Int, _ levels: [String]) -> String? {
    levels.indices.contains(position) ? levels[position] : nil
  }
}

/// What a ``TableModel`` predicts.
public enum TableModelTarget: Sendable, Hashable, Codable {
  /// A class by its position among the levels.
  case classes(column: String, levels: [String])
  case number(column: String)
}
