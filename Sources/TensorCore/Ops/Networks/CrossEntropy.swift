import CKernels

/// How the losses of a batch become one number.
public enum LossReduction: Sendable, Hashable {
  case mean
  case sum
  /// One loss for each element.
  case none

  public func callAsFunction(_ losses: Tensor) -> Tensor {
    switch self {
    case .mean: losses.mean()
    case .sum: losses.sum()
    case .none: losses
    }
  }
}

/// The cross entropy between labels and the softmax of logits: −ln softmax(x)[label] = ln Σⱼ e^xⱼ − x[label], averaged
/// over the batch unless told otherwise (Goodfellow et al., "Deep Learning", 2016, §6.2.2).
///
/// logits [batch, classes], or [batch, classes, ...] with labels [batch, ...]; labels are integers in 0..<classes.
/// Fused: the softmax is never stored. Stops when the shapes do not fit or a label is out of range.
///
/// - `weight` [classes] multiplies the losses of each class' labels; a mean is then divided by the sum of the labels'
///   weights.
/// - Labels equal to `ignored` count for nothing: their loss is 0, and a mean is over the others (NaN if there are
///   none).
/// - With `labelSmoothing` ε the target is 1 − ε for the label and ε/classes spread over all classes (Szegedy et al.,
///   "Rethinking the Inception architecture", 2016, §7).
///
/// ```swift
/// crossEntropy(Tensor([[0.0, 0.0]]), Tensor([1])).item(Float.self)  // → 0.6931472
/// let logits = Tensor([[0.0, 0.0], [3.0, -5.0]])
/// crossEntropy(logits, Tensor([1, -100]), ignoring: -100).item(Float.self)  // → 0.6931472
/// ```
public func crossEntropy(
  _ logits: Tensor, _ labels: Tensor, weight: Tensor? = nil, ignoring ignored: Int? = nil, labelSmoothing: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  let logits = Autocast.widened(logits)
  Elementwise.requireFloatingPoint("crossEntropy", logits)
  guard logits.rank >= 2, labels.dtype.isInteger, labels.shape == logits.shape.removing([1], keepingDimensions: false)
  else {
    stop(
      "crossEntropy", "logits \(logits.dtype) \(logits.shape) and labels \(labels.dtype) \(labels.shape) do not fit",
      fix: "logits are [batch, classes, ...], labels integers of shape [batch, ...]")
  }
  CrossEntropy.check(labelSmoothing)
  if logits.rank > 2 {
    let rows = logits.permuted([0] + Array(2..<logits.rank) + [1]).reshaped([labels.count, logits.shape[1]])
    let losses = crossEntropy(
      rows, labels.reshaped([labels.count]), weight: weight, ignoring: ignored, labelSmoothing: labelSmoothing,
      reduction: reduction)
    return reduction == .none ? losses.reshaped(labels.shape) : losses
  }
  if weight == nil, ignored == nil, labelSmoothing == 0 { return reduction(CrossEntropy.losses(logits, labels)) }
  let weights = LabelWeights("crossEntropy", labels, logits, weight, ignoring: ignored)
  var losses = weights.weighted(CrossEntropy.losses(logits, weights.labels))
  if labelSmoothing > 0 {
    let logarithms = logits.logSoftmax(axis: 1)
    let even = -(weight.map { logarithms * $0 } ?? logarithms).sum(axis: 1)
    losses = losses * (1 - labelSmoothing) + weights.counted(even) * (labelSmoothing / Double(logits.shape[1]))
  }
  return weights.reduced(losses, reduction)
}

/// The cross entropy between given probabilities t and the softmax of logits: −Σⱼ tⱼ·ln softmax(x)ⱼ, averaged over the
/// batch (and places) unless told otherwise.
///
/// Both are [batch, classes, ...]; the losses are [batch, ...]. `weight` [classes] multiplies each class' part, and
/// `labelSmoothing` ε makes (1 − ε)·t + ε/classes of t. Stops when shapes or dtypes do not fit.
///
/// ```swift
/// let even = Tensor([[0.5, 0.5]])
/// crossEntropy(Tensor([[0.0, 0.0]]), probabilities: even).item(Float.self)  // → 0.6931472
/// ```
public func crossEntropy(
  _ logits: Tensor, probabilities: Tensor, weight: Tensor? = nil, labelSmoothing: Double = 0,
  reduction: LossReduction = .mean
) -> Tensor {
  let (logits, probabilities) = (Autocast.widened(logits), Autocast.widened(probabilities))
  Elementwise.requireFloatingPoint("crossEntropy", logits)
  guard logits.rank >= 2, probabilities.shape == logits.shape, probabilities.dtype == logits.dtype,
    weight == nil || weight?.shape == [logits.shape[1]], weight == nil || weight?.dtype == logits.dtype
  else {
    stop(
      "crossEntropy",
      "logits \(logits.dtype) \(logits.shape), probabilities \(probabilities.dtype) \(probabilities.shape)\(weight.map { ", weight \($0.dtype) \($0.shape)" } ?? "") do not fit",
      fix: "logits and probabilities are [batch, classes, ...], a weight [classes], all of one dtype")
  }
  CrossEntropy.check(labelSmoothing)
  let classes = logits.shape[1]
  var targets = probabilities
  if labelSmoothing > 0 { targets = targets * (1 - labelSmoothing) + labelSmoothing / Double(classes) }
  if let weight { targets = targets * weight.reshaped(Shape([classes] + [Int](repeating: 1, count: logits.rank - 2))) }
  return reduction(-(targets * logits.logSoftmax(axis: 1)).sum(axis: 1))
}

/// Which labels count in a loss of labelled classes, and how much.
package struct LabelWeights {
  /// [rows], int64, with 0 in place of labels that do not count.
  package let labels: Tensor
  /// Whether a label counts; nil where all do.
  private let isCounted: Tensor?
  /// The weight of each row's label, 0 where it does not count; nil where all are 1.
  private let factors: Tensor?
  private let zero: Tensor

  /// For scores [rows, classes] and labels [rows]. Stops when the weight does not fit.
  package init(_ op: String, _ labels: Tensor, _ scores: Tensor, _ weight: Tensor?, ignoring ignored: Int?) {
    if let weight, weight.shape != [scores.shape[1]] || weight.dtype != scores.dtype {
      stop(
        op, "a weight \(weight.dtype) \(weight.shape) for scores \(scores.dtype) \(scores.shape)",
        fix: "pass one weight for each of the \(scores.shape[1]) classes, in the scores' dtype")
    }
    zero = Tensor(0.0, dtype: scores.dtype)
    let all = (labels.dtype == .int64 ? labels : labels.cast(to: .int64)).detached()
    let isCounted = ignored.map { all .!= Double($0) }
    let kept = isCounted.map { Tensor.where($0, all, Tensor(0)) } ?? all
    for label in kept.scalars(as: Int64.self) where !(0..<Int64(scores.shape[1])).contains(label) {
      stop(op, "label \(label) is not one of \(scores.shape[1]) classes", fix: "use labels in 0..<\(scores.shape[1])")
    }
    self.isCounted = isCounted
    self.labels = kept
    let chosen = weight?.indexSelected(axis: 0, indices: kept)
    factors =
      isCounted.map { Tensor.where($0, chosen ?? Tensor(1.0, dtype: scores.dtype), Tensor(0.0, dtype: scores.dtype)) }
      ?? chosen
  }

  /// 0 where a label does not count, also in place of an infinite loss.
  package func counted(_ losses: Tensor) -> Tensor {
    isCounted.map { Tensor.where($0, losses, zero) } ?? losses
  }

  package func weighted(_ losses: Tensor) -> Tensor {
    let counted = counted(losses)
    return factors.map { counted * $0 } ?? counted
  }

  /// A mean is over what the labels weigh together.
  package func reduced(_ losses: Tensor, _ reduction: LossReduction) -> Tensor {
    guard reduction == .mean, let factors else { return reduction(losses) }
    return losses.sum() / factors.sum()
  }
}

private enum CrossEntropy {
  static func check(_ labelSmoothing: Double) {
    guard (0...1).contains(labelSmoothing) else {
      stop("crossEntropy", "a label smoothing of \(labelSmoothing)", fix: "use one in 0...1")
    }
  }

  /// logits [batch, classes], labels [batch] → [batch].
  static func losses(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    let (rows, classes) = (logits.shape[0], logits.shape[1])
    let labels = (labels.dtype == .int64 ? labels.rowMajor() : Tensor.copying(labels, to: .int64)).detached()
    if rows > 0 {
      labels.withUnsafeBuffer(of: Int64.self) { values in
        for label in values where label < 0 || label >= classes {
          stop("crossEntropy", "label \(label) is not one of \(classes) classes", fix: "use labels in 0..<\(classes)")
        }
      }
    }
    let x = logits.rowMajor()
    let losses = Tensor(uninitialized: [rows], dtype: x.dtype)
    let logSumExp = Tensor(uninitialized: [rows], dtype: x.dtype)
    kernels.cross_entropy(
      x.dtype.code, rows, classes, x.pointer, labels.int64Pointer, losses.pointer, logSumExp.pointer)
    guard Tape.records(logits) else { return losses }
    return losses.recorded("crossEntropy", from: logits) { g in
      if Tape.records(g, logits) {
        return Tape.gradientsOfComposite([logits], from: g) { composed($0[0], labels) }[0] ?? g
      }
      return gradient(g, x.detached(), labels, logSumExp)
    }
  }

  private static func gradient(_ g: Tensor, _ x: Tensor, _ labels: Tensor, _ logSumExp: Tensor) -> Tensor {
    let g = g.rowMajor()
    let dx = Tensor(uninitialized: x.layout, dtype: x.dtype)
    kernels.cross_entropy_gradient(
      x.dtype.code, x.shape[0], x.shape[1], x.pointer, labels.int64Pointer, logSumExp.pointer, g.pointer, dx.pointer)
    return dx
  }

  /// The same from simpler ops: the reference for the fused kernel, and what higher derivatives are taken of.
  static func composed(_ logits: Tensor, _ labels: Tensor) -> Tensor {
    -logits.logSoftmax(axis: 1).gathered(axis: 1, indices: labels.unsqueezed(1)).squeezed(1)
  }
}

extension Op {
  static let crossEntropy = Op(
    "crossEntropy", "−ln softmax(x)[label]",
    samples: [
      Sample("mean", [.uniform([4, 3]), .integers([4], 0..<3)]) { TensorCore.crossEntropy($0[0], $0[1]) },
      Sample("sum", [.uniform([4, 3]), .integers([4], 0..<3)]) {
        TensorCore.crossEntropy($0[0], $0[1], reduction: .sum)
      },
      Sample("none", [.uniform([4, 3]), .integers([4], 0..<3)]) {
        TensorCore.crossEntropy($0[0], $0[1], reduction: .none)
      },
      Sample("pictures", [.uniform([2, 3, 2, 2]), .integers([2, 2, 2], 0..<3)]) {
        TensorCore.crossEntropy($0[0], $0[1])
      },
      Sample("empty", [.uniform([0, 3]), .integers([0], 0..<3)]) {
        TensorCore.crossEntropy($0[0], $0[1], reduction: .sum)
      },
    ],
    misuses: [
      Misuse("label", says: ["crossEntropy", "label 3", "0..<3"]) {
        _ = TensorCore.crossEntropy(.ones([1, 3]), Tensor([3]))
      },
      Misuse("shapes", says: ["crossEntropy", "[2, 3]", "[3]", "[batch, classes, ...]"]) {
        _ = TensorCore.crossEntropy(.ones([2, 3]), Tensor([0, 1, 2]))
      },
    ])
}
