import Foundation
import Learning
import Plotting

/// The charts in a run's folder: loss and metrics by epoch, and which classes were taken for which.
enum RunCharts {
  /// Writes `curves.json` and, of classifiers, `confusion.json`, Vega-Lite, and an SVG of each where vl-convert is at hand.
  ///
  /// - Returns: The names of the files that were written, and the error that kept those after them from it. That nobody
  ///   has vl-convert is none.
  static func write(_ learner: Learner, _ outcome: TestOutcome, to folder: URL) -> (
    names: [String], error: ChartError?
  ) {
    var charts = [("curves", learner.curves)]
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
}
