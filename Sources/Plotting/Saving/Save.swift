import Foundation
import NotebookDisplay
import TensorCore

extension Chart {
  /// Writes the chart to a file, whole or not at all, in the format of its name:
  ///
  /// - `.json`: the Vega-Lite specification;
  /// - `.html`: a page that draws it. With vl-convert it holds all it needs; without, it loads Vega from a public server
  ///   when it is opened, and says so;
  /// - `.svg`, `.png`, `.pdf`: by vl-convert (PyPI's vl-convert-python), run by the Python that `GLASSBOX_PYTHON` names, else
  ///   that of the notebooks (`.lab` in the checkout of the program), else `python3`.
  ///
  /// - Throws: ``ChartError``.
  ///
  /// ```swift
  /// let file = FileManager.default.temporaryDirectory.appending(path: "glassbox-chart.json").path
  /// let chart = Chart.line(y: [3, 2, 1])
  /// try chart.save(file)
  /// try String(contentsOfFile: file, encoding: .utf8) == chart.vegaLite + "\n"  // → true
  /// ```
  public func save(_ path: String) throws(ChartError) {
    let bytes: Data
    switch URL(filePath: path).pathExtension.lowercased() {
    case "json": bytes = Data((vegaLite + "\n").utf8)
    case "html": bytes = try page(for: path)
    case let format where Converter.formats.contains(format):
      bytes = try Converter.convert(vegaLite, to: format, for: path)
    default: throw .unknownFormat(file: path)
    }
    do {
      try bytes.write(to: URL(filePath: path), options: .atomic)
    } catch {
      throw .notWritten(file: path, reason: error.localizedDescription)
    }
  }

  private func page(for path: String) throws(ChartError) -> Data {
    do {
      return try Converter.convert(vegaLite, to: "html", for: path)
    } catch {
      guard case .noConverter = error else { throw error }
      return Data(pageWithScripts.utf8)
    }
  }

  /// A page that loads Vega when it is opened.
  private var pageWithScripts: String {
    let scripts = ["vega@5", "vega-lite@5", "vega-embed@6"].map {
      "<script src=\"https://cdn.jsdelivr.net/npm/\($0)\"></script>"
    }
    return """
      <!DOCTYPE html>
      <html>
      <head>
      <meta charset="utf-8">
      <title>\((title ?? "Chart").escapedForHTML)</title>
      \(scripts.joined(separator: "\n"))
      </head>
      <body style="background: \((theme ?? .light).paper)">
      <div id="chart" style="color: gray; font-family: sans-serif">This page draws its chart with Vega, which it loads from
      cdn.jsdelivr.net: it needs JavaScript and the network. Saved where vl-convert-python is installed, it would need neither.</div>
      <script>
      if (window.vegaEmbed) vegaEmbed("#chart", \(vegaLite));
      </script>
      </body>
      </html>

      """
  }
}
