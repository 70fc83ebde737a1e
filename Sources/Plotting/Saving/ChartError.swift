/// Why a chart was not saved.
///
/// ```swift
/// ChartError.unknownFormat(file: "chart.bmp")  // → chart.bmp: charts are saved as .json, .html, .svg, .png or .pdf.
/// ```
public enum ChartError: Error, Sendable, Hashable, CustomStringConvertible {
  /// The file's name ends in nothing that charts are saved as.
  case unknownFormat(file: String)
  /// No Python with vl-convert was found, which makes SVG, PNG and PDF of Vega-Lite; `tried` are those that were asked.
  case noConverter(file: String, tried: [String])
  /// vl-convert refused the chart.
  case conversion(file: String, message: String)
  /// The file could not be written, for a reason in the system's sentences. What stood there before is as it was.
  case notWritten(file: String, reason: String)

  public var description: String {
    switch self {
    case .unknownFormat(let file): "\(file): charts are saved as .json, .html, .svg, .png or .pdf."
    case .noConverter(let file, let tried):
      "\(file): this format takes vl-convert, which no Python has here (asked: \(tried.joined(separator: ", "))). "
        + "Install it by \"\(ChartError.advice(for: tried.first))\", or save the chart as .json or .html."
    case .conversion(let file, let message): "\(file): vl-convert can't draw this chart: \(message)"
    case .notWritten(let file, let reason): "Cannot write \(file). \(reason)"
    }
  }

  private static func advice(for python: String?) -> String {
    "\(python ?? "python3") -m pip install vl-convert-python"
  }
}
