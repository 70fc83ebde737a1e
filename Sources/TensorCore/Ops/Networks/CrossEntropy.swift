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

/// The cross entropy between labels and the softmax of logits: −ln softmax(x)[label] = ln Σⱼ e^xⱼ − x[label], averaged over the batch
/// unless told otherwise (Goodfellow et al., "Deep Learning", 2016, §6.2.2).
///
/// logits [batch, classes], or [batch, classes, ...] with labels [batch, ...]; labels are integers in 0..<classes. Fused: the
/// softmax is never stored. Stops when the shapes do not fit or a label is out of range.
///
/// ```swift
/// crossEntropy(Tensor([[0.0, 0.0]]), Tensor([1])).item(Float.self)  // → 0.6931472
/// ```
public func crossEntropy(_ logits: Tensor, _ labels: Tensor, reduction: LossReduction = .mean) -> Tensor {
  Elementwise.requireFloatingPoint("crossEntropy", logits)
  guard logits.rank >= 2, labels.dtype.isInteger, labels.shape == logits.shape.removing([1], keepingDimensions: false)
  else {
    stop(
      "crossEntropy", "logits \(logits.dtype) \(logits.shape) and labels \(labels.dtype) \(labels.shape) do not fit",
      fix: "logits are [batch, classes, ...], labels integers of shape [batch, ...]")
  }
  if logits.rank > 2 {
    let classes = logits.shape[1]
    let last = logits.permuted([0] + Array(2..<logits.rank) + [1])
    let losses = crossEntropy(last.reshaped([-1, classes]), labels.reshaped([labels.count]), reduction: .none)
    return reduction(losses.reshaped(labels.shape))
  }
  return reduction(CrossEntropy.losses(logits, labels))
}

private enum CrossEntropy {
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
