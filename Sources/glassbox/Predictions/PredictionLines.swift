import Applications
import Foundation
import NotebookDisplay
import TensorIO

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

  /// An input's likeliest classes.
  func write(_ input: String, _ prediction: Prediction, top: Int, _ json: Bool) {
    let candidates = prediction.top(top)
    if json {
      let values = candidates.map { JSON.object(["class": .string($0.name), "probability": .number($0.probability)]) }
      return write(JSON.object(["input": .string(input), "candidates": .array(values)]).text)
    }
    let words = candidates.flatMap { [$0.name, $0.probability.formatted(decimals: 4)] }
    write(([input] + words).joined(separator: "  "))
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
