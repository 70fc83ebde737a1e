import Foundation
import Learning
import Plotting

/// The charts in a run's folder: loss and accuracy by epoch, and which classes were taken for which.
enum RunCharts {
  /// Writes `curves.json` and `confusion.json`, Vega-Lite, and an SVG of each where vl-convert is at hand.
  ///
  /// - Returns: The names of the files.
  static func write(_ epochs: [EpochMetrics], _ result: RunResult, to folder: URL) throws(ChartError) -> [String] {
    let names = result.classes.map(\.name)
    let charts = [
      ("curves", curves(epochs)), ("confusion", Chart.confusionMatrix(result.confusion, names: names)),
    ]
    func place(_ name: String) -> String { folder.appending(path: name).path(percentEncoded: false) }
    for (name, chart) in charts { try chart.save(place(name + ".json")) }
    let pictures = charts.map(\.0).map { $0 + ".svg" }
    do {
      for (name, chart) in charts { try chart.save(place(name + ".svg")) }
    } catch {
      // A picture more or less; but a full disk is told.
      if case .notWritten = error { throw error }
      return charts.map { $0.0 + ".json" }
    }
    return charts.map { $0.0 + ".json" } + pictures
  }

  static func curves(_ epochs: [EpochMetrics]) -> Chart {
    let numbers = epochs.map(\.epoch)
    func chart(_ title: String, _ train: KeyPath<EpochMetrics, Double>, _ test: KeyPath<EpochMetrics, Double>) -> Chart
    {
      let lines: KeyValuePairs<String, any PlotData> = [
        "training": epochs.map { $0[keyPath: train] }, "test": epochs.map { $0[keyPath: test] },
      ]
      return Chart.lines(x: numbers, lines, hasPoints: epochs.count < 20).titled(title).x("epoch")
    }
    return Chart.beside([
      chart("Loss", \.trainLoss, \.testLoss).y("cross entropy", unit: "nats"),
      chart("Accuracy", \.trainAccuracy, \.testAccuracy).y("accuracy"),
    ])
  }
}
