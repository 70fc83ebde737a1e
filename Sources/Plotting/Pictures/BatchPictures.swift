import DataPipelines
import NotebookDisplay
import TensorCore

extension Batch {
  /// The inputs as pictures, each with its label below; with predictions, these, and the wrong ones in a frame: `✗ 1, is 7`.
  ///
  /// Inputs are [batch, height, width] or [batch, channels, height, width] with 1, 3 or 4 channels. Targets are labels where they are
  /// [batch]; others are left out.
  ///
  /// - Parameters:
  ///   - names: What the classes are called, by target; their numbers if nil.
  ///   - predictions: Classes [batch], or scores [batch, classes], of which the greatest counts.
  ///   - limit: How many are shown at most, the first ones.
  ///   - columns: As many as make the grid about square, if nil.
  ///   - range: What is black and what is white.
  ///
  /// Stops on other shapes, classes without a name, and predictions without classes to compare them with.
  ///
  /// ```swift
  /// let digits = try UCIDigits.load()
  /// let batch = digits.test.batch(at: [0, 1, 2])
  /// batch.pictures(names: digits.classNames)  // → image grid chart with 3 points
  /// ```
  public func pictures(
    names: [String]? = nil, predictions: Tensor? = nil, limit: Int = 36, columns: Int? = nil,
    range: PictureRange = .fitted
  ) -> Chart {
    if limit < 1 { stop("pictures", "a limit of \(limit)", fix: "show one or more") }
    let count = min(count, limit)
    guard holdsPictures, count > 0 else {
      stop(
        "pictures", "inputs \(inputs.shape) are no pictures",
        fix: "use [batch, height, width] or [batch, channels, height, width] with 1, 3 or 4 channels, and one or more")
    }
    let labels = labels(names, count)
    func grid(_ captions: [String]?, isMarked: [Bool]?) -> Chart {
      let chart = Chart.imageGrid(
        inputs[0..<count], captions: captions, isMarked: isMarked, columns: columns, range: range)
      return count < self.count ? chart.titled("the first \(count) of \(self.count)") : chart
    }
    guard let predictions else { return grid(labels, isMarked: nil) }
    guard let labels, targets.dtype.isInteger else {
      stop("pictures", "targets \(targets.dtype) \(targets.shape) are no classes", fix: "leave the predictions out")
    }
    let classes = predictions.rank == 2 ? withoutGradients { predictions.argmax(axis: 1) } : predictions
    guard classes.rank == 1, classes.count == self.count, classes.dtype.isInteger else {
      stop(
        "pictures", "predictions \(predictions.dtype) \(predictions.shape) for \(self.count) inputs",
        fix: "give a class for each, or scores [batch, classes]")
    }
    let predicted = classes.scalars(as: Int.self).prefix(count).map { name(of: $0, names) }
    let captions = zip(predicted, labels).map { $0 == $1 ? $0 : "✗ \($0), is \($1)" }
    return grid(captions, isMarked: zip(predicted, labels).map { $0 != $1 })
  }

  fileprivate var holdsPictures: Bool {
    inputs.count > 0 && (inputs.rank == 3 || inputs.rank == 4 && [1, 3, 4].contains(inputs.shape[1]))
  }

  private func labels(_ names: [String]?, _ count: Int) -> [String]? {
    guard targets.rank == 1 else { return nil }
    if targets.dtype.isInteger {
      return targets.scalars(as: Int.self).prefix(count).map { name(of: $0, names) }
    }
    return (0..<count).map { "\(targets[$0].detached())" }
  }

  private func name(of number: Int, _ names: [String]?) -> String {
    guard let names else { return "\(number)" }
    guard names.indices.contains(number) else {
      stop("pictures", "class \(number) is none of \(names.count) names", fix: "give a name for each class from 0")
    }
    return names[number]
  }
}

extension Batch: NotebookDisplayable {
  /// The pictures that it holds, with their labels. Other inputs, and their targets, stand as tensors do.
  public var notebookDisplay: MimeBundle {
    let text = "batch of \(count): inputs \(inputs.summary); targets \(targets.summary)"
    if holdsPictures { return MimeBundle(text: text, pictures().notebookDisplay.entries) }
    let parts = [("inputs", inputs), ("targets", targets)].map { name, tensor -> String in
      guard case .text(let html)? = tensor.notebookDisplay["text/html"] else { return "" }
      return "<div><b>\(name)</b></div>" + html
    }
    return MimeBundle(text: text, ["text/html": .text(parts.joined())])
  }
}
