import TensorCore

/// 1 for numbers above a threshold, else 0. There is nothing to learn but the number of features.
///
/// ```swift
/// let x = Tensor([[0.2, 3.0], [0.5, -1.0]])
/// try Binarizer(threshold: 0.4).fit(x).transform(x)  // → [[0.0, 1.0], [1.0, 0.0]]
/// ```
public struct Binarizer: Transformer {
  public var threshold: Double

  public init(threshold: Double = 0) { self.threshold = threshold }

  public struct Fitted: FittedTransformer {
    let threshold: Double
    let width: Int

    public func transform(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let x = try x.dense(for: Binarizer.name, width: width)
      return (x .> threshold).cast(to: x.dtype)
    }
  }

  public func fit(_ x: any FeatureMatrix) throws(EstimatorError) -> Fitted {
    try require(\.threshold, "a finite number") { $0.isFinite }
    return Fitted(threshold: threshold, width: try x.dense(for: Self.name).shape[1])
  }
}
