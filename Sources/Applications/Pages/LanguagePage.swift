import Foundation
import Learning
import Models
import NeuralNetworks
import NotebookDisplay
import TensorCore

extension ResultPage {
  /// The page of a language model: the loss and the perplexity on text that it has not learned from, curves, and what it writes at some temperatures.
  ///
  /// ```swift
  /// func page(_ learner: Learner, _ task: LanguageTask) throws {
  ///   let page = try ResultPage.language(of: learner, on: task, aims: ["validation loss": 1.88])
  ///   try page.write(to: URL(filePath: "results.html"))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - prompt: What the texts go on from; if nil, the beginning of the text to validate on.
  ///   - length: The tokens of each.
  ///   - aims: What was aimed at, by the names of the figures. Stops for a name that is none of them.
  /// - Throws: What reading the data throws.
  public static func language(
    of learner: Learner, on task: LanguageTask, title: String = "Results", facts: [Fact] = [],
    aims: [String: Double] = [:], prompt: String? = nil, temperatures: [Double] = [0.5, 0.8, 1], length: Int = 400,
    seed: UInt64 = 1, input: [InputSummary] = [], notes: [String] = []
  ) throws -> ResultPage {
    guard let model = learner.model as? any LanguageModel & Layer else {
      stop("ResultPage.language", "a model that is no language model", fix: "pass a learner of a GPT or an AWD-LSTM")
    }
    let writer = task.writer(model)
    let loss = try learner.validate()["loss"] ?? .nan
    let start = prompt ?? task.tokenizer.text(of: Array(task.validation.prefix(24)))
    let texts = temperatures.flatMap { temperature -> [Block] in
      let pieces = writer.text(
        after: start, count: length, sampling: Sampling(temperature: temperature),
        using: RandomGenerator(seed: seed))
      return [.text("Temperature \(temperature)"), .passage(start + pieces.joined())]
    }
    let counts = [task.training, task.validation].map { Double($0.count).formattedInThousands }
    let own = [
      Fact("data", "\(counts[0]) tokens for training, \(counts[1]) for this page"),
      Fact("vocabulary", "\(Double(task.tokenizer.vocabularySize).formattedInThousands) tokens"),
    ]
    let sections: [Section?] = [
      .notes(notes), .curves(learner.history), Section("What it writes", texts), .inputs(input),
    ]
    let figures = [
      Figure("validation loss", loss, greaterIsBetter: false),
      Figure("perplexity", exp(loss), greaterIsBetter: false),
    ]
    return ResultPage(
      title: title, subtitle: "Mean loss of \(counts[1]) tokens, and e to it",
      figures: figures.aimed(at: aims, "ResultPage.language"),
      facts: .learner(learner, measured: task.validation.count, others: own + facts),
      sections: sections.compactMap(\.self))
  }
}
