import TensorCore

/// A differentiable draw from the categorical distribution that logits give: softmax((x + g)/τ) along an axis with
/// Gumbel noise g = −ln(−ln u), u uniform (Jang, Gu & Poole; Maddison, Mnih & Teh, 2017). The shape stays.
///
/// The lower the temperature τ, the nearer to one-hot. With `hard` the result is one-hot, and the gradient is the soft
/// one's. Stops unless τ > 0.
///
/// ```swift
/// gumbelSoftmax(Tensor([[0.0, 100.0]]), hard: true)  // → [[0.0, 1.0]]
/// ```
public func gumbelSoftmax(
  _ logits: Tensor, temperature: Double = 1, hard: Bool = false, axis: Int = -1,
  using generator: RandomGenerator = .default
) -> Tensor {
  if temperature <= 0 { stop("gumbelSoftmax", "a temperature of \(temperature)", fix: "use one above 0") }
  // From above 0 and below 1, which bfloat16 cannot tell apart from 1: both logarithms are finite.
  let dtype: DType = logits.dtype == .bfloat16 ? .float32 : logits.dtype
  let u = Tensor.uniform(logits.shape, dtype: dtype, using: generator).clamped(to: 1e-7...(1 - 1e-7))
  let noise = (-(-u.log()).log()).cast(to: logits.dtype)
  let soft = ((logits + noise) / temperature).softmax(axis: axis)
  guard hard else { return soft }
  let fixed = soft.detached()
  let winners = fixed.argmax(axis: axis, keepingDimensions: true)
  let oneHot = Tensor.zeros(like: fixed).scattered(
    axis: axis, indices: winners, Tensor.ones(winners.shape, dtype: fixed.dtype))
  return oneHot - fixed + soft
}
