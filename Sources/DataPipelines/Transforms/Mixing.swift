import Foundation
import TensorCore

/// Every example mixed with its neighbour in the batch: λ·x + (1 − λ)·x′, and the targets, as shares of classes, likewise; λ is drawn once
/// for a batch from Beta(α, α) (Zhang et al., "mixup: beyond empirical risk minimization", 2018).
///
/// Inputs are floating-point, targets int64 [batch]; they become float32 [batch, classes], which ``crossEntropy`` takes as well.
///
/// ```swift
/// let batch = Batch(inputs: Tensor([[0.0], [1.0]]), targets: Tensor([0, 1]))
/// batch.transformed(by: [Mixup(classes: 2)], seed: 1).targets.sum(axis: 1)  // → [1.0, 1.0]
/// ```
public struct Mixup: BatchTransform {
  public var classes: Int
  public var alpha: Double

  public init(classes: Int, alpha: Double = 0.2) { (self.classes, self.alpha) = (classes, alpha) }

  public func callAsFunction(_ batch: Batch, _ random: TransformRandom) -> Batch {
    guard batch.inputs.dtype.isFloatingPoint else {
      stop("Mixup", "inputs \(batch.inputs.dtype)", fix: "use it after Normalize, on floating-point inputs")
    }
    if batch.count == 0 { return batch }
    let share = random.row(0).beta(alpha)
    let x = batch.inputs
    return Batch(
      inputs: withoutGradients { x * share + x.rolled(1, axis: 0) * (1 - share) },
      targets: mixedTargets(batch, classes, share, "Mixup"))
  }
}

/// A rectangle of every picture replaced by its neighbour's in the batch, and the targets, as shares of classes, mixed by the areas: the
/// rectangle has 1 − λ of the area, with λ from Beta(α, α), one for a batch, and is cut at the edges, where λ follows (Yun et al., "CutMix:
/// regularization strategy to train strong classifiers with localizable features", 2019).
///
/// Targets are int64 [batch] and become float32 [batch, classes].
///
/// ```swift
/// let batch = Batch(inputs: Tensor.ones([2, 3, 8, 8]), targets: Tensor([0, 1]))
/// batch.transformed(by: [Cutmix(classes: 2)], seed: 1).targets.shape  // → [2, 2]
/// ```
public struct Cutmix: BatchTransform {
  public var classes: Int
  public var alpha: Double

  public init(classes: Int, alpha: Double = 1) { (self.classes, self.alpha) = (classes, alpha) }

  public func callAsFunction(_ batch: Batch, _ random: TransformRandom) -> Batch {
    let x = batch.inputs
    guard x.rank == 4 else {
      stop("Cutmix", "inputs \(x.shape)", fix: "use pictures [batch, channels, height, width]")
    }
    if batch.count == 0 { return batch }
    let first = random.row(0)
    let side = (1 - first.beta(alpha)).squareRoot() / 2
    let centre = first.uniforms(2)[0]
    func span(_ draw: Double, _ length: Int) -> Range<Int> {
      let (middle, reach) = (Int(draw * Double(length)), Int(side * Double(length)))
      return max(middle - reach, 0)..<min(middle + reach, length)
    }
    let (rows, columns) = (span(centre[0], x.shape[2]), span(centre[1], x.shape[3]))
    var inputs = x.detached()
    inputs[.all, .all, rows, columns] = x.rolled(1, axis: 0)[.all, .all, rows, columns]
    let share = 1 - Double(rows.count * columns.count) / Double(x.shape[2] * x.shape[3])
    return Batch(inputs: inputs, targets: mixedTargets(batch, classes, share, "Cutmix"))
  }
}

private func mixedTargets(_ batch: Batch, _ classes: Int, _ share: Double, _ name: String) -> Tensor {
  guard batch.targets.rank == 1, batch.targets.dtype.isInteger else {
    stop(
      name, "targets \(batch.targets.dtype) \(batch.targets.shape)",
      fix: "use classes [batch], and mix only once a batch")
  }
  let shares = batch.targets.oneHot(classes: classes)
  return shares * share + shares.rolled(1, axis: 0) * (1 - share)
}

extension TransformRandom {
  /// A number from Beta(α, α) (Jöhnk's method, 1964).
  fileprivate func beta(_ alpha: Double) -> Double {
    if !(alpha > 0) { stop("Mixup", "Beta(\(alpha), \(alpha))", fix: "use a positive alpha") }
    while true {
      let draw = uniforms(2)[0]
      let (x, y) = (pow(draw[0], 1 / alpha), pow(draw[1], 1 / alpha))
      if x + y <= 1, x + y > 0 { return x / (x + y) }
    }
  }
}
