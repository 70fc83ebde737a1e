import CKernels

/// Connectionist temporal classification: −ln of the probability that an input is read as a target, summed over all
/// alignments of the two (Graves, Fernández, Gomez & Schmidhuber, 2006). At each step the input gives one class;
/// repeated classes count once, and the `blank` class not at all: with blank 0, 1 1 0 1 2 reads as 1 1 2.
///
/// `logProbabilities` [time, batch, classes], such as `logSoftmax` gives; targets are integers [batch, longest], or all
/// targets one after the other, and contain no blanks. An input too short for its target has an infinite loss, whose
/// gradient is NaN; with `zeroInfinity` both are 0. `.mean` divides each loss by the length of its target (1 at least)
/// and averages over the batch, as PyTorch does. Sums are kept in float64. Fused. Stops when shapes, lengths or labels
/// do not fit.
///
/// ```swift
/// // Two steps of two classes: blank and one letter, which three of four equally likely ways spell.
/// let even = Tensor.full([2, 1, 2], 0.5).log()
/// ctcLoss(even, Tensor([[1]]), inputLengths: [2], targetLengths: [1]).exp()  // → 1.3333334
/// ```
public func ctcLoss(
  _ logProbabilities: Tensor, _ targets: Tensor, inputLengths: [Int], targetLengths: [Int], blank: Int = 0,
  reduction: LossReduction = .mean, zeroInfinity: Bool = false
) -> Tensor {
  let logProbabilities = Autocast.widened(logProbabilities)
  let alignment = CTC(logProbabilities, targets, inputLengths, targetLengths, blank: blank)
  let wide = logProbabilities.dtype == .bfloat16 ? logProbabilities.cast(to: .float32) : logProbabilities
  var losses = alignment.losses(wide)
  if zeroInfinity {
    losses = Tensor.where(losses.detached().isFinite(), losses, Tensor(0.0, dtype: losses.dtype))
  }
  losses = losses.cast(to: logProbabilities.dtype)
  guard reduction == .mean else { return reduction(losses) }
  let lengths = targetLengths.map { Double(Swift.max($0, 1)) }
  return (losses / Tensor(lengths, shape: [lengths.count], dtype: losses.dtype)).mean()
}

private struct CTC: Sendable {
  let time: Int
  let batch: Int
  let classes: Int
  let blank: Int
  let inputLengths: [Int64]
  let targetLengths: [Int64]
  /// All targets one after the other, and where each begins.
  let targets: [Int64]
  let starts: [Int64]

  init(_ x: Tensor, _ targets: Tensor, _ inputLengths: [Int], _ targetLengths: [Int], blank: Int) {
    Elementwise.requireFloatingPoint("ctcLoss", x)
    guard x.rank == 3, targets.dtype.isInteger, inputLengths.count == x.shape[1],
      targetLengths.count == x.shape[1], inputLengths.allSatisfy({ (0...x.shape[0]).contains($0) })
    else {
      stop(
        "ctcLoss",
        "log-probabilities \(x.dtype) \(x.shape), targets \(targets.dtype) \(targets.shape), input lengths \(inputLengths) and target lengths \(targetLengths) do not fit",
        fix:
          "log-probabilities are [time, batch, classes]; each of the batch has an input length in 0...time and a target length; targets are integers"
      )
    }
    let longest = targets.rank == 2 ? targets.shape[1] : targets.count
    guard targetLengths.allSatisfy({ (0...longest).contains($0) }),
      targets.rank == 2 ? targets.shape[0] == x.shape[1] : targets.rank == 1 && targetLengths.reduce(0, +) == longest
    else {
      stop(
        "ctcLoss", "targets \(targets.shape) do not hold targets of the lengths \(targetLengths)",
        fix: "pass [batch, longest], or all targets one after the other")
    }
    (time, batch, classes, self.blank) = (x.shape[0], x.shape[1], x.shape[2], blank)
    self.inputLengths = inputLengths.map { Int64($0) }
    self.targetLengths = targetLengths.map { Int64($0) }
    let all = targets.scalars(as: Int64.self)
    var starts: [Int64] = []
    var next = 0
    for length in targetLengths {
      starts.append(Int64(next))
      next += targets.rank == 2 ? longest : length
    }
    for (start, length) in zip(starts, targetLengths) {
      for label in all[Int(start)..<(Int(start) + length)]
      where !(0..<Int64(x.shape[2])).contains(label) || label == blank {
        stop(
          "ctcLoss", "label \(label) of \(x.shape[2]) classes with blank \(blank)",
          fix: "use labels in 0..<\(x.shape[2]), and not the blank")
      }
    }
    guard (0..<x.shape[2]).contains(blank) else {
      stop("ctcLoss", "blank \(blank) is not one of \(x.shape[2]) classes", fix: "use one in 0..<\(x.shape[2])")
    }
    self.targets = all
    self.starts = starts
  }

  private var longest: Int { Int(targetLengths.max() ?? 0) }

  /// [batch], each in float64 inside.
  func losses(_ x: Tensor) -> Tensor {
    let row = x.rowMajor().detached()
    let width = kernels.ctc_row(longest)
    let alphas = Tensor(uninitialized: [batch, time, width], dtype: .float64)
    let exact = Tensor(uninitialized: [batch], dtype: .float64)
    withRecord(row, alphas, exact) { kernels.ctc(row.dtype.code, $0) }
    let losses = exact.cast(to: x.dtype)
    guard Tape.records(x) else { return losses }
    return losses.recorded("ctcLoss", from: x) { g in
      if Tape.records(g, x) {
        return Tape.gradientsOfComposite([x], from: g) { composed($0[0], exact) }[0] ?? g
      }
      let dx = Tensor.zeros(row.shape, dtype: row.dtype)
      let g = g.rowMajor()
      withRecord(row, alphas, exact) { kernels.ctc_gradient(row.dtype.code, $0, g.pointer, dx.pointer) }
      return dx
    }
  }

  private func withRecord(_ x: Tensor, _ alphas: Tensor, _ losses: Tensor, _ body: (UnsafePointer<gb_ctc>) -> Void) {
    targets.withUnsafeBufferPointer { targets in
      starts.withUnsafeBufferPointer { starts in
        inputLengths.withUnsafeBufferPointer { inputLengths in
          targetLengths.withUnsafeBufferPointer { targetLengths in
            var record = gb_ctc(
              time: time, batch: batch, classes: classes, blank: Int64(blank), log_probabilities: x.pointer,
              input_lengths: inputLengths.baseAddress, target_lengths: targetLengths.baseAddress,
              targets: targets.baseAddress, target_starts: starts.baseAddress, alpha_row: kernels.ctc_row(longest),
              alphas: alphas.doubles, losses: losses.doubles)
            withExtendedLifetime((x, alphas, losses)) { body(&record) }
          }
        }
      }
    }
  }

  /// The same from simpler ops, α by α: what higher derivatives are taken of. −10³⁰ stands for ln 0, whose differences
  /// are numbers; a loss that is infinite stays so.
  private func composed(_ x: Tensor, _ losses: Tensor) -> Tensor {
    let floor = -1e30
    let width = 2 * longest + 1
    var labels = [Int64](repeating: Int64(blank), count: batch * width)
    var skips = [Bool](repeating: false, count: batch * width)
    for b in 0..<batch {
      for place in 0..<Int(targetLengths[b]) {
        let at = b * width + 2 * place + 1
        labels[at] = targets[Int(starts[b]) + place]
        skips[at] = place > 0 && labels[at] != labels[at - 2]
      }
    }
    let nothing = Tensor(floor, dtype: x.dtype)
    let skip = Tensor(skips, shape: [batch, width])
    let indices = Tensor(labels, shape: [1, batch, width]).expanded(to: [time, batch, width])
    let emissions = x.gathered(axis: 2, indices: indices)
    let first = Tensor((0..<width).map { $0 < 2 }, shape: [1, width])
    let lengths = Tensor(inputLengths, shape: [batch, 1])
    var alpha = Tensor.where(first, emissions[0], nothing)
    for t in 1..<Swift.max(time, 1) {
      let one = alpha.padded([(0, 0), (1, 0)], with: floor)[.all, ..<width]
      let two = Tensor.where(skip, alpha.padded([(0, 0), (2, 0)], with: floor)[.all, ..<width], nothing)
      let next = emissions[t] + Tensor.stacked([alpha, one, two]).logSumExp(axes: [0])
      alpha = Tensor.where(lengths .> Double(t), next, alpha)
    }
    let last = Tensor(targetLengths.map { 2 * $0 }, shape: [batch, 1])
    let secondToLast = Tensor(targetLengths.map { Swift.max(2 * $0 - 1, 0) }, shape: [batch, 1])
    let ends = alpha.gathered(axis: 1, indices: last).squeezed(1)
    let others = alpha.gathered(axis: 1, indices: secondToLast).squeezed(1)
    let hasLabels = Tensor(targetLengths.map { $0 > 0 }, shape: [batch])
    let total = Tensor.stacked([ends, Tensor.where(hasLabels, others, nothing)]).logSumExp(axes: [0])
    let reached = losses.isFinite() .& Tensor(inputLengths.map { $0 > 0 }, shape: [batch])
    return Tensor.where(reached, -total, losses.cast(to: x.dtype))
  }
}

extension Op {
  static let ctcLoss = Op(
    "ctcLoss", "−ln Σ over alignments of Πₜ p(classₜ)",
    samples: [
      sample("mean", [5, 3, 4], [[1, 2, 3], [2, 2, 0], [3, 0, 0]], [5, 4, 3], [3, 2, 1], .mean),
      sample("sum", [4, 2, 3], [[1, 2], [2, 1]], [4, 4], [2, 2], .sum),
      sample("none", [4, 3, 3], [[1, 1], [2, 0], [0, 0]], [4, 2, 3], [2, 1, 0], .none),
      sample("impossible", [3, 2, 3], [[1, 1], [1, 2]], [2, 3], [2, 2], .none, zeroInfinity: true),
      sample("no sequences", [3, 0, 3], [], [], [], .sum),
    ],
    misuses: [
      Misuse("lengths", says: ["ctcLoss", "[4, 1, 3]", "[5]", "0...time"]) {
        _ = TensorCore.ctcLoss(.zeros([4, 1, 3]), Tensor([[1]]), inputLengths: [5], targetLengths: [1])
      },
      Misuse("blank in a target", says: ["ctcLoss", "label 0", "blank 0"]) {
        _ = TensorCore.ctcLoss(.zeros([4, 1, 3]), Tensor([[0]]), inputLengths: [4], targetLengths: [1])
      },
    ])

  private static func sample(
    _ label: String, _ shape: Shape, _ targets: [[Int]], _ inputLengths: [Int], _ targetLengths: [Int],
    _ reduction: LossReduction, zeroInfinity: Bool = false
  ) -> Sample {
    let labels = targets.isEmpty ? Tensor.zeros([0, 0], dtype: .int64) : Tensor(targets)
    return Sample(label, [.uniform(shape)]) {
      TensorCore.ctcLoss(
        $0[0].logSoftmax(axis: 2), labels, inputLengths: inputLengths, targetLengths: targetLengths,
        reduction: reduction, zeroInfinity: zeroInfinity)
    }
  }
}
