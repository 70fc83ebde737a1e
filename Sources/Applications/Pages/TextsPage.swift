import DataPipelines
import EvaluationMetrics
import Learning
import Models
import NeuralNetworks
import NotebookDisplay
import TensorCore

extension ResultPage {
  /// The page of a classifier of texts, of what it predicts for some: figures, curves, classes, the words that it goes by, the texts that it is most wrong
  /// about, what was left out of the data.
  ///
  /// ```swift
  /// let outputs = Tensor([[2.0, 0.0], [0.0, 1.0], [0.0, 3.0]])
  /// let texts = LabelledTexts(["bad", "good", "not good"], classes: [0, 1, 0], classNames: ["neg", "pos"])
  /// let page = ResultPage.texts(title: "Reviews", outputs: outputs, texts: texts, aims: ["accuracy": 0.6])
  /// page.figures[0]  // → accuracy 66.67 %, aimed at 60.00 % or more: reached
  /// page.sections.map(\.title)  // → ["Classes", "Probabilities", "Most wrong"]
  /// ```
  ///
  /// - Parameters:
  ///   - outputs: The model's, [texts, classes]. Stops for another number of texts.
  ///   - tellingWords: For each class, the words that speak most for it, and how much.
  ///   - worst: How many texts are shown that the model is most wrong about.
  ///   - aims: What was aimed at, by the names of the figures. Stops for a name that is none of them.
  public static func texts(
    title: String, facts: [Fact] = [], history: [EpochRecord] = [], outputs: Tensor, texts: LabelledTexts,
    tellingWords: [[Bar]] = [], aims: [String: Double] = [:], worst: Int = 20, input: [InputSummary] = [],
    notes: [String] = []
  ) -> ResultPage {
    let names = texts.classNames
    if outputs.shape != [texts.count, names.count] {
      stop(
        "ResultPage.texts", "\(outputs.shape) outputs for \(texts.count) texts in \(names.count) classes",
        fix: "pass the texts they are of")
    }
    let outputs = outputs.detached().cast(to: .float64)
    let targets = Tensor(texts.classes, shape: [texts.count])
    let matrix = TableResult.measured(ConfusionMatrix(classes: names.count), outputs.argmax(axis: 1), targets)
    let loss = crossEntropy(outputs, targets).item()
    let sections: [Section?] = [
      .notes(notes), .curves(history), .classes(matrix, names), .probabilities(outputs, targets, names),
      .telling(tellingWords, names), .mistakes(outputs, texts, worst), .inputs(input),
    ]
    return ResultPage(
      title: title,
      subtitle: "Texts in \(names.count) classes, measured on \(Double(texts.count).formattedInThousands)",
      figures: [Figure].classes(matrix, loss: loss).aimed(at: aims, "ResultPage.texts"),
      facts: facts.completed(by: .training(history)), sections: sections.compactMap(\.self))
  }

  /// The page of a learner that has learned a task's texts: what it makes of those to test on is measured now.
  ///
  /// - Parameters:
  ///   - facts: More of them, or others in the place of those that the learner tells.
  ///   - aims: What was aimed at, by the names of the figures. Stops for a name that is none of them.
  /// - Throws: What reading the data throws.
  public static func texts(
    of learner: Learner, for task: TextTask, title: String = "Results", facts: [Fact] = [],
    aims: [String: Double] = [:], worst: Int = 20, input: [InputSummary] = [], notes: [String] = []
  ) throws -> ResultPage {
    let predictions = try learner.predictions(on: DataLoader(task.testSet, batchSize: 250))
    return .texts(
      title: title, facts: .learner(learner, measured: task.test.count, others: facts), history: learner.history,
      outputs: predictions.outputs, texts: task.test,
      tellingWords: (learner.model as? NgramClassifier).map { telling($0, task.preparation.names) } ?? [], aims: aims,
      worst: worst, input: input, notes: notes)
  }

  /// For each class, the n-grams whose weight for it is the furthest above the mean of all classes'.
  private static func telling(_ model: NgramClassifier, _ names: [String], count: Int = 20) -> [[Bar]] {
    let weights = model.weights.detached().cast(to: .float64)
    let above = weights - weights.mean(axis: 1, keepingDimensions: true)
    return (0..<weights.shape[1]).map { label in
      let column = above[.all, label]
      let order = column.argsort(axis: 0, descending: true).scalars(as: Int.self).prefix(count)
      let values = column.scalars(as: Double.self)
      return order.map { Bar(names[$0], values[$0]) }
    }
  }
}

extension ResultPage.Section {
  /// The words that speak most for each class; nil without any.
  fileprivate static func telling(_ words: [[ResultPage.Bar]], _ names: [String]) -> Self? {
    if words.isEmpty { return nil }
    let columns = zip(names, words).prefix(8).map { name, bars in
      ResultPage.Block.folded("for \(name)", [.bars(bars)])
    }
    return Self(
      "What the model goes by",
      [.text("The words, and runs of words, that speak most for each class, by their weights."), .beside(columns)])
  }

  /// The wrong answers that the model was the surest of; nil without any.
  fileprivate static func mistakes(_ outputs: Tensor, _ texts: LabelledTexts, _ count: Int) -> Self? {
    let losses = crossEntropy(outputs, Tensor(texts.classes, shape: [texts.count]), reduction: .none)
      .scalars(as: Double.self).map { $0.isNaN ? .infinity : $0 }
    let predicted = outputs.argmax(axis: 1).scalars(as: Int.self)
    let sure = outputs.softmax(axis: 1).max(axis: 1).scalars(as: Double.self)
    let wrong = losses.indices.filter { predicted[$0] != texts.classes[$0] }
      .sorted { (losses[$1], $0) < (losses[$0], $1) }
    if wrong.isEmpty { return nil }
    let rows = wrong.prefix(count).map { index in
      [
        texts.texts[index].shortened(to: 400), texts.classNames[texts.classes[index]],
        texts.classNames[predicted[index]], sure[index].percentage,
      ]
    }
    return Self(
      "Most wrong", [.grid(ResultPage.Grid(["text", "is", "predicted", "probability"], rows, textColumns: [0, 1, 2]))])
  }
}

extension String {
  /// Its beginning and its end, where it is longer; white space is one space.
  fileprivate func shortened(to count: Int) -> String {
    let words = split(whereSeparator: \.isWhitespace).joined(separator: " ")
    return words.count <= count ? words : words.prefix(count * 2 / 3) + " … " + words.suffix(count / 3)
  }
}
