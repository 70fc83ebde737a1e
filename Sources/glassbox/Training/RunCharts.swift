import Foundation
import Learning
import Plotting

/// The charts in a run's folder: loss and the monitored figure by epoch, and which classes were taken for which.
enum RunCharts {
  /// Writes `curves.json` and, of classifiers, `confusion.json`, Vega-Lite, and an SVG of each where vl-convert is at hand.
  ///
  /// - Returns: The names of the files that were written, and the error that kept those after them from it. That nobody
  ///   has vl-convert is none.
  static func write(_ epochs: [EpochRecord], _ outcome: TestOutcome, _ monitor: Monitor, to folder: URL) -> (
    names: [String], error: ChartError?
  ) {
    var charts = [("curves", curves(epochs, monitor))]
    if let confusion = outcome.confusion {
      charts.append(("confusion", Chart.confusionMatrix(confusion.counts, names: outcome.names)))
    }
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

  static func curves(_ epochs: [EpochRecord], _ monitor: Monitor) -> Chart {
    let numbers = epochs.map(\.epoch)
    let losses: KeyValuePairs<String, any PlotData> = [
      "training": epochs.map(\.trainingLoss), "validation": epochs.map { $0.validation["loss"] ?? .nan },
    ]
    let figure = Chart.line(
      x: numbers, y: epochs.map { $0.validation[monitor.name] ?? .nan }, name: "validation",
      hasPoints: epochs.count < 20)
    let isClassifier = monitor.name == "accuracy"
    return Chart.beside([
      Chart.lines(x: numbers, losses, hasPoints: epochs.count < 20).titled("Loss").x("epoch").y(
        isClassifier ? "cross entropy" : "mean squared error", unit: isClassifier ? "nats" : nil),
      figure.titled(isClassifier ? "Accuracy" : monitor.name).x("epoch").y(monitor.name),
    ])
  }
}
