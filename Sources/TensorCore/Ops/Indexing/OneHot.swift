extension Tensor {
  /// A vector of `classes` elements for each label, 1 at the label and 0 elsewhere: [...] → [..., classes]. Labels are
  /// integers in 0..<classes.
  ///
  /// ```swift
  /// Tensor([2, 0]).oneHot(classes: 3)  // → [[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]]
  /// ```
  public func oneHot(classes: Int, dtype: DType = .float32) -> Tensor {
    guard self.dtype.isInteger else {
      stop("oneHot", "labels are \(self.dtype) \(shape)", fix: "cast(to: .int64) first")
    }
    let labels = cast(to: .int64)
    if count > 0 {
      let (low, high) = (labels.min().item(Int.self), labels.max().item(Int.self))
      if low < 0 || high >= classes {
        stop("oneHot", "label \(low < 0 ? low : high) of \(shape)", fix: "use labels in 0..<\(classes)")
      }
    }
    return (labels.detached().unsqueezed(-1) .== Tensor.range(0, Double(classes), dtype: .int64)).cast(to: dtype)
      .recordedAsConstant("oneHot", from: self, because: "its input is an integer")
  }
}

extension Op {
  static let oneHot = Op(
    "oneHot", "1 at the label, 0 elsewhere", derivative: .none,
    samples: [
      Sample("vector", [.integers([5], 0..<4)]) { $0[0].oneHot(classes: 4) },
      Sample("matrix", [.integers([2, 3], 0..<3)]) { $0[0].oneHot(classes: 5) },
      Sample("empty", [.integers([0], 0..<3)]) { $0[0].oneHot(classes: 3) },
    ],
    misuses: [
      Misuse("range", says: ["oneHot", "label 3", "0..<3"]) { _ = Tensor([3]).oneHot(classes: 3) },
      Misuse("dtype", says: ["oneHot", "float32", "cast(to: .int64)"]) { _ = Tensor.ones([2]).oneHot(classes: 3) },
    ])
}
