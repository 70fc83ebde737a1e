import EvaluationMetrics
import TensorCore

/// The receiver operating characteristic: for every threshold the share of a class' samples above it against that of the others (Fawcett, "An
/// introduction to ROC analysis", 2006, algorithm 1; equal scores make one step).
struct ROCCurve {
  /// From (0, 0) to (1, 1); empty where all samples are of the class or none is.
  let points: [(x: Double, y: Double)]

  init(scores: [Double], isPositive: [Bool]) {
    let positives = isPositive.count { $0 }
    let negatives = isPositive.count - positives
    guard positives > 0, negatives > 0 else {
      points = []
      return
    }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    var points = [(x: 0.0, y: 0.0)]
    var (hits, alarms) = (0, 0)
    for (place, index) in order.enumerated() {
      if isPositive[index] { hits += 1 } else { alarms += 1 }
      if place + 1 < order.count, scores[order[place + 1]] == scores[index] { continue }
      points.append((Double(alarms) / Double(negatives), Double(hits) / Double(positives)))
    }
    self.points = points
  }

  /// The area under it, by trapezoids.
  var area: Double {
    points.isEmpty ? .nan : zip(points, points.dropFirst()).reduce(0) { $0 + ($1.1.x - $1.0.x) * ($1.1.y + $1.0.y) / 2 }
  }
}

/// Whether a model is right as often as it says: samples by the probability of their prediction, in bins of equal width, with the mean probability
/// and the accuracy of each; Σ |accuracy − confidence|·samples/all is the expected calibration error (Guo et al., "On calibration of modern neural
/// networks", 2017, eq. 3).
struct Calibration {
  struct Bin {
    var samples = 0
    var confidence = 0.0
    var accuracy = 0.0
  }

  /// Those that hold samples.
  let bins: [Bin]

  init(confidences: [Double], isRight: [Bool], bins count: Int = 10) {
    var bins = [Bin](repeating: Bin(), count: count)
    for (confidence, isRight) in zip(confidences, isRight) where confidence.isFinite {
      let index = min(max(Int((confidence * Double(count)).rounded(.up)) - 1, 0), count - 1)
      bins[index].samples += 1
      bins[index].confidence += confidence
      bins[index].accuracy += isRight ? 1 : 0
    }
    self.bins = bins.filter { $0.samples > 0 }.map {
      Bin(
        samples: $0.samples, confidence: $0.confidence / Double($0.samples), accuracy: $0.accuracy / Double($0.samples))
    }
  }

  var error: Double {
    let samples = bins.reduce(0) { $0 + $1.samples }
    return bins.reduce(0) { $0 + abs($1.accuracy - $1.confidence) * Double($1.samples) } / Double(samples)
  }
}

extension ResultPage.Section {
  /// How well logits [samples, classes] order the samples of each class, and whether their probabilities can be believed.
  static func probabilities(_ outputs: Tensor, _ targets: Tensor, _ names: [String]) -> Self {
    let (count, classes) = (outputs.shape[0], names.count)
    let p = outputs.detached().cast(to: .float64).softmax(axis: 1).scalars(as: Double.self)
    let targets = targets.scalars(as: Int.self)
    let predicted = outputs.detached().argmax(axis: 1).scalars(as: Int.self)
    let calibration = Calibration(
      confidences: (0..<count).map { p[$0 * classes + predicted[$0]] }, isRight: zip(targets, predicted).map(==))
    let reliability = ResultPage.Plot(
      "Calibration", x: "probability of the prediction", y: "share that is right",
      [
        ResultPage.Series(
          "expected error", calibration.bins.map { ($0.confidence, $0.accuracy) }, note: calibration.error.percentage)
      ], xRange: 0...1, yRange: 0...1, hasDiagonal: true)
    // Of two classes, one curve says all; of many, those that say most.
    let curves = (classes == 2 ? [1] : Array(0..<classes)).map { index in
      let scores = (0..<count).map { p[$0 * classes + index] }
      return (name: names[index], curve: ROCCurve(scores: scores, isPositive: targets.map { $0 == index }))
    }.filter { !$0.curve.points.isEmpty }
    let hardest = curves.count <= 4 ? curves : Array(curves.sorted { $0.curve.area < $1.curve.area }.prefix(4))
    let roc = ResultPage.Plot(
      curves.count <= 4 ? "ROC" : "ROC, the hardest classes", x: "false alarms", y: "found",
      hardest.map { ResultPage.Series($0.name, $0.curve.points, note: $0.curve.area.short) }, xRange: 0...1,
      yRange: 0...1, hasDiagonal: true)
    return Self("Probabilities", [.plots([roc, reliability])])
  }
}
