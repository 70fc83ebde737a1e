import Applications
import DataPipelines
import Foundation
import Tables
import TensorIO

/// Predictions for texts: those given, files, rows of tables.
struct TextPredictions {
  private let classifier: TextClassifier
  private let top: Int
  private let json: Bool

  init(_ classifier: TextClassifier, _ top: Int, _ json: Bool) {
    (self.classifier, self.top, self.json) = (classifier, top, json)
  }

  func write(texts: [String], _ inputs: [String], _ lines: PredictionLines) {
    write(texts.map { ($0, $0) }, lines)
    let files = InputFiles.found(
      at: inputs, endings: Set(["txt"] + CSVFormat.fileEndings), kind: "texts or tables", lines)
    for start in stride(from: 0, to: files.count, by: 256) {
      write(files[start..<min(start + 256, files.count)].flatMap { entries(of: $0, lines) }, lines)
    }
  }

  private func write(_ entries: [(place: String, text: String)], _ lines: PredictionLines) {
    for (entry, prediction) in zip(entries, classifier.predict(entries.map(\.text))) {
      lines.write(entry.place, prediction, top: top, json)
    }
  }

  /// A file's text, or a table's, each with its place.
  private func entries(of path: String, _ lines: PredictionLines) -> [(place: String, text: String)] {
    let url = URL(filePath: path)
    do {
      guard CSVFormat.fileEndings.contains(url.pathExtension.lowercased()) else {
        return [(path, try TextFile.read(url))]
      }
      guard let column = classifier.details[TextClassifier.columnKey] else {
        throw FileError.contents(
          file: path, key: nil, expected: "a .txt file, as the model was not trained on a table's column",
          found: "a table")
      }
      let format = CSVFormat(separator: CSVFormat.separator(of: url), badRows: .skip)
      let reading = try Table.read(url, format: format, kinds: [column: .text])
      for row in reading.skipped { lines.report(row.description) }
      guard let texts = reading.table.column(column)?.texts else {
        throw TableError.missingColumn(column, present: reading.table.names)
      }
      return zip(reading.lines, texts).compactMap { line, text in
        if let text { return ("\(path):\(line)", text) }
        lines.report("\(path):\(line): expected a value of \"\(column)\", found none.")
        return nil
      }
    } catch {
      lines.report("\(error)")
      return []
    }
  }
}
