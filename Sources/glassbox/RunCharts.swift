import Foundation
import Learning
import Plotting

/// The charts in a run's folder: loss and accuracy by epoch, and which classes were taken for which.
enum RunCharts {
  /// Writes `curves.json` and `confusion.json`, Vega-Lite, and an SVG of each where vl-convert is at hand.
  ///
  /// - Returns: The names of the files that were written, and the error that kept those after them from it. That nobody
  ///   has vl-convert is none.
  static func write(_ epochs: [EpochMetrics], _ result: RunResult, to folder: URL) -> (
    names: [String], error: ChartError?
  ) {
    let charts = [
      ("curves", curves(epochs)),
      ("confusion", Chart.confusionMatrix(result.confusion, names: result.classes.map(\.name))),
    ]
    var written: [String] = []
    do throws(ChartError) {
      for format in ["json", "svg"] {
        for (name, chart) in charts {
          let file = "\(name).\(format)"
          try chart.save(folder.appending(path: file).path(percentEncoded: false))
          written.append(file)
        }
      }
    } catch .noConverter {
      return (written, nil)
    } catch {
      return (written, error)
    }
    return (written, nil)
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
