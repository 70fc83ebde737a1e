// How far predictions and targets agree beyond what class sizes explain.
extension ConfusionMatrix {
  /// The mean recall of the classes that have samples: the accuracy if all classes were equally large. NaN when empty.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 2)
  /// try matrix.add(predictions: Tensor([0, 0, 0, 0]), targets: Tensor([0, 0, 0, 1]))
  /// matrix.balancedAccuracy  // → 0.5
  /// ```
  public var balancedAccuracy: Double { Average.mean(recalls, weights: supports.map { $0 == 0 ? 0 : 1 }) }

  /// Matthews' correlation coefficient of predictions and targets, in −1...1, for any number of classes (Gorodkin, "Comparing two K-category
  /// assignments by a K-category correlation coefficient", 2004): (c·n − Σ tₖ·pₖ)/√((n² − Σ pₖ²)·(n² − Σ tₖ²)), with n samples, c of them
  /// correct, tₖ targets and pₖ predictions of class k. 0 where it would be 0/0: when one class is all that was predicted, or is there.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 2)
  /// try matrix.add(predictions: Tensor([0, 1, 1, 0]), targets: Tensor([0, 1, 1, 0]))
  /// matrix.matthewsCorrelation  // → 1.0
  /// ```
  public var matthewsCorrelation: Double {
    if samples == 0 { return .nan }
    let n = Double(samples)
    let (targets, predictions) = (supports.map(Double.init), predicted.map(Double.init))
    let covariance = Double(correct) * n - dot(targets, predictions)
    let deviations = ((n * n - dot(predictions, predictions)) * (n * n - dot(targets, targets))).squareRoot()
    return deviations == 0 ? 0 : covariance / deviations
  }

  /// Cohen's kappa ("A coefficient of agreement for nominal scales", 1960): (pₒ − pₑ)/(1 − pₑ), with the share pₒ that agrees and the share
  /// pₑ = Σ tₖ·pₖ/n² that would by chance. At most 1; NaN when one class is all that was predicted and all that is there.
  ///
  /// ```swift
  /// var matrix = ConfusionMatrix(classes: 2)
  /// try matrix.add(predictions: Tensor([0, 1, 0, 0]), targets: Tensor([0, 1, 1, 0]))
  /// matrix.cohenKappa  // → 0.5
  /// ```
  public var cohenKappa: Double {
    let n = Double(samples)
    let byChance = dot(supports.map(Double.init), predicted.map(Double.init))
    return (Double(correct) * n - byChance) / (n * n - byChance)
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double { zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } }
}
