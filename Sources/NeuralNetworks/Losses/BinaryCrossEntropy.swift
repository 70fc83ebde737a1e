import TensorCore

/// The cross entropy between targets tᵢ in 0...1 and σ(xᵢ), computed from the logits xᵢ: −p·tᵢ·ln σ(xᵢ) − (1 −
/// tᵢ)·ln(1 − σ(xᵢ)), averaged over all elements unless told otherwise (Goodfellow et al., "Deep Learning", 2016,
/// §6.2.2).
///
/// Never σ itself is formed, but p·tᵢ·softplus(−xᵢ) + (1 − tᵢ)·softplus(xᵢ), which neither overflows nor loses small
/// losses; for p = 1 it is max(xᵢ, 0) − xᵢ·tᵢ + ln(1 + e^−|xᵢ|). logits and targets have one shape, and targets a
/// floating-point dtype. `positiveWeight` p, a scalar or [classes] for the last axis, makes positive targets count
/// more. Stops when the shapes or dtypes do not fit.
///
/// ```swift
/// binaryCrossEntropyWithLogits(Tensor([0.0, 200.0]), Tensor([1.0, 1.0]), reduction: .none)  // → [0.6931472, 0.0]
/// ```
public func binaryCrossEntropyWithLogits(
  _ logits: Tensor, _ targets: Tensor, positiveWeight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  let (logits, targets) = equallyShaped("binaryCrossEntropyWithLogits", logits, targets)
  // The rules save the logits and the targets alone, and not what is computed from them.
  var positive = withoutGradients { targets * softplus(-logits) }.recorded(
    "binaryCrossEntropyWithLogits",
    from: logits, { g in -(g * targets * (-logits).sigmoid()) },
    from: targets, { g in g * softplus(-logits) })
  let negative = withoutGradients { (1 - targets) * softplus(logits) }.recorded(
    "binaryCrossEntropyWithLogits",
    from: logits, { g in g * (1 - targets) * logits.sigmoid() },
    from: targets, { g in -(g * softplus(logits)) })
  if let positiveWeight {
    let fits = positiveWeight.rank == 0 || (logits.rank > 0 && positiveWeight.shape == [logits.shape[-1]])
    guard fits, positiveWeight.dtype == logits.dtype else {
      stop(
        "binaryCrossEntropyWithLogits",
        "logits \(logits.dtype) \(logits.shape) and a positive weight \(positiveWeight.dtype) \(positiveWeight.shape) do not fit",
        fix: "pass a scalar, or one weight for each place of the last axis, in the logits' dtype")
    }
    positive = positive * positiveWeight
  }
  return reduction(positive + negative)
}

/// The cross entropy between targets tᵢ in 0...1 and probabilities pᵢ: −tᵢ·ln pᵢ − (1 − tᵢ)·ln(1 − pᵢ), with logarithms
/// of at least −100, averaged over all elements unless told otherwise. `binaryCrossEntropyWithLogits` is more exact,
/// and takes what a model gives before the logistic function.
///
/// Both have one shape and a floating-point dtype; `weight` broadcasts and multiplies the losses. Stops when shapes or
/// dtypes do not fit, and for a probability outside 0...1.
///
/// ```swift
/// binaryCrossEntropy(Tensor([0.5, 0.5]), Tensor([1.0, 0.0]))  // → 0.6931472
/// ```
public func binaryCrossEntropy(
  _ probabilities: Tensor, _ targets: Tensor, weight: Tensor? = nil, reduction: LossReduction = .mean
) -> Tensor {
  let (probabilities, targets) = equallyShaped("binaryCrossEntropy", probabilities, targets)
  let p = probabilities.detached()
  if !((p .>= 0) .& (p .<= 1)).all().item(Bool.self) {
    stop(
      "binaryCrossEntropy", "a probability is outside 0...1",
      fix: "apply sigmoid(), or use binaryCrossEntropyWithLogits")
  }
  let value = withoutGradients {
    -(targets * boundedLog(probabilities) + (1 - targets) * boundedLog(1 - probabilities))
  }
  let losses = value.recorded(
    "binaryCrossEntropy",
    from: probabilities,
    // PyTorch's bound, 1e-12 in float32.
    { g in g * (probabilities - targets) / (probabilities * (1 - probabilities)).clamped(to: Double(Float(1e-12))...) },
    from: targets, { g in g * (boundedLog(1 - probabilities) - boundedLog(probabilities)) })
  return reduction(weight.map { losses * $0 } ?? losses)
}

/// max(ln p, −100), with the derivative 1/p also where it is bounded.
private func boundedLog(_ p: Tensor) -> Tensor {
  let value = withoutGradients { p.log().clamped(to: (-100)...) }
  return value.recorded("ln", from: p) { g in g / p.clamped(to: 1e-12...) }
}

/// ln(1 + e^xᵢ) = max(xᵢ, 0) + ln(1 + e^−|xᵢ|); its derivative is σ(xᵢ), also at 0, where the pieces on the right
/// have none.
private func softplus(_ x: Tensor) -> Tensor {
  let value = withoutGradients {
    let small = (-x.abs()).exp()
    // ln(1 + z) to full precision also where 1 + z rounds to 1: z·ln(u)/(u − 1) with u = 1 + z (Goldberg, "What every
    // computer scientist should know about floating-point arithmetic", 1991, theorem 4).
    let u = small + 1
    let exact = Tensor.where(u .== 1, small, small * u.log() / (u - 1))
    return x.relu() + exact
  }
  return value.recorded("softplus", from: x) { g in g * x.sigmoid() }
}
