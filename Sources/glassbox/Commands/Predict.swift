import Applications
import ArgumentParser
import Foundation
import NotebookDisplay
import Tables
import TensorCore
import TensorIO

struct Predict: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Say what pictures show, or predict a column of rows, with a trained network.",
    discussion: """
      RUN is the folder of a run that has ended, or a model's file. Pictures: JPEG and PNG files, and folders of them; a \
      line for each, its path, the likeliest class and the probability. Rows: CSV files; CSV with what is predicted. \
      Input that can't be used is named on standard error, a line each, all other is predicted, and the exit status is 1 then.

      Examples:

        glassbox predict runs/images-resnet-20260102-030405 photo.jpg holiday/ --top 3
        glassbox predict income.safetensors people.csv --output predictions.csv
      """)

  @Argument(help: ArgumentHelp("A run's folder, or a model's file.", valueName: "run"))
  var trained: String

  @Argument(help: "Pictures and folders of them, or CSV files.")
  var inputs: [String]

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp("How many classes to tell of each picture, with theirs.", valueName: "k"))
  var top = 1

  @Flag(help: "A JSON object a line for each picture or row.")
  var json = false

  @Option(
    help: ArgumentHelp("Write there, whole or not at all, instead of to standard output.", valueName: "file"))
  var output: String?

  func validate() throws {
    try require(top >= 1, "--top must be 1 or more")
    try require(!inputs.isEmpty, "name at least one picture or CSV file")
  }

  func run() throws {
    let place = URL(filePath: trained).modelFile
    let lines = PredictionLines(output: output.map { URL(filePath: $0, directoryHint: .notDirectory) })
    switch try model(at: place).task {
    case .pictureClassification:
      try PicturePredictions(try PictureClassifier(contentsOf: place), top, json).write(inputs, lines)
    case .tableClassification, .tableRegression:
      try RowPredictions(try TablePredictor(contentsOf: place), json).write(inputs, lines)
    }
    try lines.finish()
  }

  private func model(at place: URL) throws -> ModelFile {
    let folder = place.deletingLastPathComponent().appending(path: "config.json").path(percentEncoded: false)
    let isThere = FileManager.default.fileExists(atPath: place.path(percentEncoded: false))
    if !isThere, place.lastPathComponent == "model.safetensors", FileManager.default.fileExists(atPath: folder) {
      throw ResumeError("\(trained) has not ended: go on with it by glassbox train --resume, and predict then")
    }
    return try ModelFile(contentsOf: place)
  }
}

/// Some input could not be used; all other was.
struct UnusedInput: Error, CustomStringConvertible {
  let count: Int

  var description: String { "\(count) input\(count == 1 ? "" : "s") could not be used." }
}

/// Where predictions go, a line each, and what is told of input that can't be used.
final class PredictionLines {
  private let output: URL?
  private var text = ""
  private var problems = 0

  init(output: URL?) { self.output = output }

  func write(_ line: String) {
    if output == nil { Output.line(line) } else { text += line + "\n" }
  }

  func report(_ problem: String) {
    problems += 1
    Output.error("glassbox: " + problem.split(whereSeparator: \.isNewline).joined(separator: " "))
  }

  func finish() throws {
    if let output {
      try AtomicFile.write(to: output) { [text] file throws(FileError) in try file.write(text) }
    }
    if problems > 0 { throw UnusedInput(count: problems) }
  }
}

/// Predictions for pictures.
struct PicturePredictions {
  private let classifier: PictureClassifier
  private let top: Int
  private let json: Bool

  init(_ classifier: PictureClassifier, _ top: Int, _ json: Bool) {
    (self.classifier, self.top, self.json) = (classifier, top, json)
  }

  func write(_ inputs: [String], _ lines: PredictionLines) throws {
    let files = inputs.flatMap { found(at: $0, lines) }
    for start in stride(from: 0, to: files.count, by: 64) {
      var (paths, pictures): ([String], [Tensor]) = ([], [])
      for path in files[start..<min(start + 64, files.count)] {
        do throws(FileError) {
          pictures.append(try PictureFile.read(URL(filePath: path), options: classifier.preparation.options))
          paths.append(path)
        } catch {
          lines.report(error.description)
        }
      }
      for (path, prediction) in zip(paths, classifier.predict(pictures)) { lines.write(line(path, prediction)) }
    }
  }

  private func line(_ path: String, _ prediction: Prediction) -> String {
    let candidates = prediction.top(top)
    if json {
      let values = candidates.map { JSON.object(["class": .string($0.name), "probability": .number($0.probability)]) }
      return JSON.object(["input": .string(path), "candidates": .array(values)]).text
    }
    let words = candidates.flatMap { [$0.name, $0.probability.formatted(decimals: 4)] }
    return ([path] + words).joined(separator: "  ")
  }

  /// A picture, or those below a folder, in the order of their names.
  private func found(at path: String, _ lines: PredictionLines) -> [String] {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
      return [path]
    }
    let names = FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []
    let folder = path.hasSuffix("/") ? path : path + "/"
    let pictures = names.filter { name in
      let isHidden = name.split(separator: "/").contains { $0.hasPrefix(".") }
      return !isHidden && ["jpg", "jpeg", "png"].contains(URL(filePath: name).pathExtension.lowercased())
    }
    if pictures.isEmpty { lines.report("\(path): expected pictures in the folder, found none.") }
    return pictures.sorted().map { folder + $0 }
  }
}

/// Predictions for rows of tables.
struct RowPredictions {
  private let predictor: TablePredictor
  private let json: Bool

  init(_ predictor: TablePredictor, _ json: Bool) { (self.predictor, self.json) = (predictor, json) }

  func write(_ inputs: [String], _ lines: PredictionLines) throws {
    var isFirst = true
    for path in inputs {
      do throws(TableError) {
        let reading = try predictor.rows(of: URL(filePath: path))
        for row in reading.skipped { lines.report(row.description) }
        if reading.table.rowCount == 0 { continue }
        let predictions = try predictor.predict(reading.table)
        let table = predictions.table
        if isFirst && !json { lines.write(table.names.map(field).joined(separator: ",")) }
        isFirst = false
        for row in 0..<table.rowCount { lines.write(json ? object(table, row) : values(table, row)) }
        for (column, levels) in predictions.report.unknown.sorted(by: { $0.key < $1.key }) {
          let names = levels.keys.sorted().prefix(5).map { "\"\($0)\"" }.joined(separator: ", ")
          Output.error("glassbox: note: \(path): \"\(column)\" holds what training did not have: \(names).")
        }
      } catch {
        lines.report(error.description)
      }
    }
  }

  private func values(_ table: Table, _ row: Int) -> String {
    table.columns.map { field(text($0, row)) }.joined(separator: ",")
  }

  private func object(_ table: Table, _ row: Int) -> String {
    let entries = table.columns.map { column -> (String, JSON) in
      (column.name, column.kind == .number ? .number(column.numbers[row]) : .string(text(column, row)))
    }
    return JSON.object(Dictionary(entries) { first, _ in first }).text
  }

  private func text(_ column: Column, _ row: Int) -> String {
    guard column.kind == .number else { return column.text(at: row) ?? "" }
    return "\(column.numbers[row])"
  }

  /// In quotes, where the text could be taken for something else (RFC 4180, 2005).
  private func field(_ text: String) -> String {
    let isPlain = !text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
    return isPlain ? text : "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
