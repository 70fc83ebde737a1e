import TensorCore

/// A linear support vector machine for each class against all others, which asks for a margin: t·(x·w) ≥ 1 with t = 1 for samples of the class
/// and −1 for the others. w has the least ½‖w‖² + C·Σ max(0, 1 − t·(x·w))², the squared hinge loss (Cortes & Vapnik, "Support-vector
/// networks", 1995; Hsieh et al., "A dual coordinate descent method for large-scale linear SVM", 2008).
///
/// ```swift
/// let x = Tensor([[-3.0], [-2.0], [0.0], [2.0], [3.0]], dtype: .float64)
/// let fitted = SupportVectorMachine(fitting: x, Tensor([0, 0, 0, 1, 1]), classes: 2)
/// fitted(x)  // → [0, 0, 0, 1, 1]
/// ```
public struct SupportVectorMachine {
  /// [features + 1, classes]; the last row is the intercept, a weight like the others.
  public var w: Tensor
  /// C, what a missed margin costs.
  public let c: Double

  /// All weights zero.
  public init(features: Int, classes: Int, c: Double = 1, dtype: DType = .float64) {
    w = Tensor.zeros([features + 1, classes], dtype: dtype)
    self.c = c
  }

  /// Gradient descent with momentum, over all samples in each step.
  ///
  /// - Parameters:
  ///   - x: [samples, features], best of mean 0 and deviation 1.
  ///   - labels: [samples], whole numbers from 0.
  ///   - rate: The step length, over the number of samples.
  public init(
    fitting x: Tensor, _ labels: Tensor, classes: Int, c: Double = 1, rate: Double = 0.05, momentum: Double = 0.9,
    steps: Int = 1000
  ) {
    self.init(features: x.shape[1], classes: classes, c: c, dtype: x.dtype)
    let targets = labels.oneHot(classes: classes, dtype: x.dtype) * 2 - 1
    var velocity = Tensor.zeros(like: w)
    for _ in 0..<steps {
      velocity = velocity * momentum - loss(x, targets).gradient * (rate / (c * Double(x.shape[0])))
      w = w + velocity
    }
  }

  /// The sum of the classes' objectives, and its gradient by hand: only samples within the margin pull.
  ///
  /// - Parameter targets: 1 or −1, [samples, classes].
  public func loss(_ x: Tensor, _ targets: Tensor) -> (value: Tensor, gradient: Tensor) {
    let missing = Tensor.maximum(1 - targets * scores(x), Tensor.zeros([], dtype: x.dtype))
    let value = w.square().sum() * 0.5 + missing.square().sum() * c
    // ∂ max(0, m)²/∂m = 2·max(0, m), ∂m/∂w = −t·x
    let gradient = w - matmul(withOnes(x).transposed(0, 1), targets * missing) * (2 * c)
    return (value, gradient)
  }

  /// How far a sample is on each class's side. [samples, features] → [samples, classes].
  public func scores(_ x: Tensor) -> Tensor { matmul(withOnes(x), w) }

  /// The class of the highest score. [samples, features] → [samples].
  public func callAsFunction(_ x: Tensor) -> Tensor { scores(x).argmax(axis: 1) }

  private func withOnes(_ x: Tensor) -> Tensor {
    Tensor.concatenated([x, Tensor.ones([x.shape[0], 1], dtype: x.dtype)], axis: 1)
  }
}
