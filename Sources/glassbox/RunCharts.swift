import Foundation
import Learning
import Plotting

/// The charts in a run's folder: loss and accuracy by epoch, and which classes were taken for which.
enum RunCharts {
  /// Writes `curves.json` and `confusion.json`, Vega-Lite, and an SVG of each where vl-convert is at hand.
  ///
  /// - Returns: The names of the files that were written, and the error that kept those after them from it. That nobody
  ///   has vl-convert is none.
  static func write(_ epochs: [EpochRecord], _ result: RunResult, to folder: URL) -> (
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

  static func curves(_ epochs: [EpochRecord]) -> Chart {
    let numbers = epochs.map(\.epoch)
    let losses: KeyValuePairs<String, any PlotData> = [
      "training": epochs.map(\.trainingLoss), "validation": epochs.map { $0.validation["loss"] ?? .nan },
    ]
    let accuracy = Chart.line(
      x: numbers, y: epochs.map { $0.validation["accuracy"] ?? .nan }, name: "validation", hasPoints: epochs.count < 20)
    return Chart.beside([
      Chart.lines(x: numbers, losses, hasPoints: epochs.count < 20).titled("Loss").x("epoch").y(
        "cross entropy", unit: "nats"),
      accuracy.titled("Accuracy").x("epoch").y("accuracy"),
    ])
  }
}
