import TensorCore

/// What tells classes apart by weighted sums of the features, x·w + b: by a single one for two classes, by one for each of more.
public protocol FittedLinearClassifier: DecisiveClassifier where Input == any FeatureMatrix {
  /// A row for each class, [classes, features]; for two classes a single row, which speaks for the second one.
  var coefficients: Tensor { get }
  /// [classes], or [1].
  var intercepts: Tensor { get }
}

extension FittedLinearClassifier {
  /// x·w + b: [samples] of two classes, [samples, classes] of more.
  public func decisionFunction(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let sums = try linearProduct(x, coefficients.transposed(0, 1), for: FittedFile.name(of: Self.self))
    let decisions = sums + intercepts.cast(to: sums.dtype)
    return coefficients.shape[0] == 1 ? decisions.squeezed(1) : decisions
  }

  public func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
    let decisions = try decisionFunction(x)
    if decisions.rank == 2 { return likeliest(decisions) }
    return Tensor(classes, shape: [2]).indexSelected(axis: 0, indices: (decisions .> 0).cast(to: .int64))
  }

  /// Throws unless the parts fit together.
  func check(_ decoder: any Decoder) throws {
    let rows = classes.count == 2 ? 1 : classes.count
    try decoder.require(
      classes.count >= 2 && coefficients.rank == 2 && coefficients.shape[0] == rows && intercepts.shape == [rows],
      "coefficients \(coefficients.shape) and intercepts \(intercepts.shape) of \(classes.count) classes")
  }
}
