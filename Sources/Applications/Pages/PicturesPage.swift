import DataPipelines
import EvaluationMetrics
import Learning
import NeuralNetworks
import NotebookDisplay
import TensorCore

extension ResultPage {
  /// The page of a classifier of pictures, of what was measured: figures, curves, classes, the wrong answers, what was left out of the data.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 2)
  /// try matrix.add(predictions: Tensor([0, 1, 1, 0]), targets: Tensor([0, 1, 1, 1]))
  /// let page = ResultPage.pictures(
  ///   title: "Cats and dogs", confusion: matrix, classNames: ["cat", "dog"], aims: ["accuracy": 0.7],
  ///   mistakes: [ResultPage.Picture(Tensor.zeros([1, 8, 8]), "is dog", "predicted cat, 93 %")])
  /// page.figures[0]  // → accuracy 75.00 %, aimed at 70.00 % or more: reached
  /// page.sections.map(\.title)  // → ["Classes", "Wrong answers"]
  /// ```
  ///
  /// - Parameters:
  ///   - facts: Model, data and their hash, seed, recipe, versions. Epochs and time are taken from the history.
  ///   - classNames: By index. Stops unless there is one for each class of the matrix.
  ///   - loss: The mean cross entropy.
  ///   - aims: What was aimed at, by the names of the figures. Stops for a name that is none of them.
  ///   - mistakes: Pictures of wrong answers, in the order to show.
  ///   - input: What was left out of the data, and why.
  ///   - notes: Where the training was resumed, say.
  public static func pictures(
    title: String, facts: [Fact] = [], history: [EpochRecord] = [], confusion: ConfusionMatrix, classNames: [String],
    loss: Double? = nil, aims: [String: Double] = [:], mistakes: [Picture] = [], input: [InputSummary] = [],
    notes: [String] = []
  ) -> ResultPage {
    if classNames.count != confusion.classes {
      stop(
        "ResultPage.pictures", "\(classNames.count) names of \(confusion.classes) classes", fix: "name each class once")
    }
    let wrong = mistakes.isEmpty ? nil : Section("Wrong answers", [.pictures(mistakes)])
    let sections = [
      .notes(notes), .curves(history), .classes(confusion, classNames), wrong, .inputs(input),
    ]
    return ResultPage(
      title: title,
      subtitle:
        "Pictures in \(confusion.classes) classes, measured on \(Double(confusion.samples).formattedInThousands)",
      figures: [Figure].classes(confusion, loss: loss).aimed(at: aims, "ResultPage.pictures"),
      facts: facts.completed(by: .training(history)), sections: sections.compactMap(\.self))
  }

  /// The page of a learner that has learned to tell pictures apart: what it makes of a data set is measured now.
  ///
  /// ```swift
  /// let digits = try UCIDigits.load()
  /// let model = LeNet(pictureSize: 8, classes: 10, using: RandomGenerator(seed: 1))
  /// let learner = Learner(model, DataLoaders(digits.train, validation: digits.test, batchSize: 64, seed: 1))
  /// func learn() throws {
  ///   try learner.fitOneCycle(epochs: 5, learningRate: 0.01)
  ///   let page = try ResultPage.pictures(of: learner, on: digits.test, classNames: digits.classNames)
  ///   try page.write(to: URL(filePath: "results.html"))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - data: Pictures [1 or 3, height, width] as they are shown, and their classes; what the model was not trained on.
  ///   - preparation: What they go through on their way to the model, as in ``DataPipelines/DataLoaders``.
  ///   - layer: The layer of the model's chain whose maps show where the model looks, usually the last that has places (`gradCAM`); nil: none.
  ///   - facts: More of them, or others in the place of those that the learner tells.
  ///   - mistakes: How many wrong answers are shown, the highest losses first.
  ///   - label: What else is said of a picture, by its position in the data: its file's name, say.
  /// - Throws: What reading the data throws.
  public static func pictures(
    of learner: Learner, on data: some Dataset, classNames: [String], preparation: [any BatchTransform] = [],
    gradCAM layer: (any Layer)? = nil, title: String = "Results", facts: [Fact] = [], aims: [String: Double] = [:],
    mistakes: Int = 24, label: (Int) -> String? = { _ in nil }, input: [InputSummary] = [], notes: [String] = []
  ) throws -> ResultPage {
    let loader = DataLoader(data, batchSize: 250, transforms: preparation)
    let predictions = try learner.predictions(on: loader)
    var confusion = ConfusionMatrix(classes: classNames.count)
    // Classes, so that logits that are no numbers count as mistakes.
    try confusion.add(predictions: predictions.classes, targets: predictions.targets)
    let loss = withoutGradients { crossEntropy(predictions.outputs.cast(to: .float64), predictions.targets).item() }
    // The outputs are known already: they are the inputs of a model that does nothing.
    let outputs = TensorDataset(inputs: predictions.outputs, targets: predictions.targets)
    let wrong = topLosses(Flatten(), on: outputs, count: outputs.count).filter { $0.target != $0.prediction }
    let shown = Array(wrong.prefix(mistakes))
    let heats = try layer.map { try attention(of: learner, at: $0, data, shown, preparation) }
    let pictures = try shown.enumerated().map { place, sample in
      let share = "\((sample.confidence * 100).formatted(decimals: 0)) %"
      let more = label(sample.index).map { ", \($0)" } ?? ""
      return Picture(
        try data.example(at: sample.index).input, "is \(classNames[sample.target])",
        "predicted \(classNames[sample.prediction]), \(share)\(more)", heat: heats?[place])
    }
    var page = ResultPage.pictures(
      title: title, facts: .learner(learner, measured: data.count, others: facts), history: learner.history,
      confusion: confusion, classNames: classNames, loss: loss, aims: aims, mistakes: pictures, input: input,
      notes: notes)
    let place = page.sections.firstIndex { $0.title == "What was read" } ?? page.sections.count
    page.sections.insert(Section.probabilities(predictions.outputs, predictions.targets, classNames), at: place)
    return page
  }

  /// Where the model looks for the class that it predicts, in the size of each picture's input.
  private static func attention(
    of learner: Learner, at layer: any Layer, _ data: some Dataset, _ samples: [SampleLoss],
    _ preparation: [any BatchTransform]
  ) throws -> [Tensor] {
    guard let model = learner.model as? any LayerChain else {
      stop(
        "ResultPage.pictures", "\(type(of: learner.model)) is no chain of layers",
        fix: "leave gradCAM out, or use a model that is a LayerChain")
    }
    return try samples.map { sample in
      let x = try data.batch(at: [sample.index]).transformed(by: preparation, seed: 0, indices: [sample.index]).inputs
      let size = try data.example(at: sample.index).input.shape
      let heat = Learning.gradCAM(model, at: layer, x, classes: Tensor([sample.prediction]))
      return resized(heat.unsqueezed(1), to: Size2D(size[1], size[2]), by: .bilinear)[0, 0]
    }
  }
}
