// Precision, recall and F-beta of a matrix (van Rijsbergen, "Information retrieval", 2nd ed. 1979, ch. 7). With tp, fp and fn the true positives,
// false positives and false negatives of a class:

/// How well one class was recognised. All three are in 0...1, and 0 where they would be 0/0, as in scikit-learn.
public struct ClassScores: Sendable, Hashable, Codable {
  /// Of the samples taken for this class, the share that is of it: tp/(tp + fp).
  public var precision: Double
  /// Of the samples of this class, the share that was taken for it: tp/(tp + fn).
  public var recall: Double
  /// The harmonic mean of precision and recall: 2·tp/(2·tp + fp + fn).
  public var f1: Double
  /// How many samples are of this class.
  public var support: Int

  public init(precision: Double, recall: Double, f1: Double, support: Int) {
    self.precision = precision
    self.recall = recall
    self.f1 = f1
    self.support = support
  }
}

extension ConfusionMatrix {
  /// Precision, recall and F1 of one class.
  public func scores(of index: Int) -> ClassScores { classScores[index] }

  /// Precision, recall and F1 of each class.
  public var classScores: [ClassScores] {
    let (precisions, recalls, f1s, supports) = (precisions, recalls, fBetas(), supports)
    return counts.indices.map {
      ClassScores(precision: precisions[$0], recall: recalls[$0], f1: f1s[$0], support: supports[$0])
    }
  }

  /// The plain mean of the scores of all classes that occur; its support is all samples.
  public var macroAverage: ClassScores {
    ClassScores(precision: precision(.macro), recall: recall(.macro), f1: fBeta(average: .macro), support: samples)
  }

  /// Each class' precision, tp/(tp + fp); 0 for one that was never predicted.
  public var precisions: [Double] { ratios { tp, _, predicted in (tp, predicted) } }

  /// Each class' recall, tp/(tp + fn); 0 for one without samples.
  public var recalls: [Double] { ratios { tp, support, _ in (tp, support) } }

  /// Each class' F-beta, (1 + β²)·tp/((1 + β²)·tp + β²·fn + fp): recall counts β times as much as precision. 0 for a class that does not occur.
  public func fBetas(beta: Double = 1) -> [Double] {
    ratios { tp, support, predicted in ((1 + beta * beta) * tp, beta * beta * support + predicted) }
  }

  /// The precisions' average.
  public func precision(_ average: Average = .macro) -> Double { averaged(precisions, average) }

  /// The recalls' average.
  public func recall(_ average: Average = .macro) -> Double { averaged(recalls, average) }

  /// The F-betas' average.
  public func fBeta(_ beta: Double = 1, average: Average = .macro) -> Double { averaged(fBetas(beta: beta), average) }

  /// A ratio for each class, 0 for 0/0.
  private func ratios(_ parts: (_ tp: Double, _ support: Double, _ predicted: Double) -> (Double, Double)) -> [Double] {
    let (supports, predicted) = (supports, predicted)
    return counts.indices.map { index in
      let (part, whole) = parts(Double(counts[index][index]), Double(supports[index]), Double(predicted[index]))
      return whole == 0 ? 0 : part / whole
    }
  }

  /// Each sample has one class and one prediction, so over all decisions fp = fn: every micro average is the accuracy.
  private func averaged(_ scores: [Double], _ average: Average) -> Double {
    let supports = supports
    return switch average {
    case .micro: accuracy
    case .macro: Average.mean(scores, weights: zip(supports, predicted).map { $0 + $1 == 0 ? 0 : 1 })
    case .weighted: Average.mean(scores, weights: supports.map(Double.init))
    }
  }
}
