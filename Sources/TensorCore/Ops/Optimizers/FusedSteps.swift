import CKernels

/// The optimisers' updates, each in one pass over a parameter. In place: the value, and the state that belongs to it, are written where
/// they stand when nobody else holds them. Nothing is recorded.
public enum FusedStep {
  /// Stochastic gradient descent with momentum (Polyak, 1964; Sutskever et al., 2013), as PyTorch writes it:
  /// g' = g + λ·w; v = μ·v + g' (v = g' at first); w −= η·v, or with Nesterov's look-ahead w −= η·(g' + μ·v).
  ///
  /// `velocity` is nil before the first step, and stays nil when the momentum is 0.
  public static func sgd(
    _ value: inout Tensor, gradient: Tensor, velocity: inout Tensor?, learningRate: Double, momentum: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    prepare("SGD", &value, gradient)
    let g = gradient.rowMajor()
    if momentum == 0 {
      kernels.sgd(
        value.dtype.code, value.count, value.pointer, g.pointer, nil, learningRate, 0, weightDecay, false, false)
      return
    }
    let first = velocity == nil
    // Taken out of the optional, so that it is the only reference and is written in place.
    var v = velocity.take() ?? Tensor(uninitialized: value.layout, dtype: value.dtype)
    v.makeWritable()
    kernels.sgd(
      value.dtype.code, value.count, value.pointer, g.pointer, v.pointer, learningRate, momentum, weightDecay, nesterov,
      first)
    velocity = v
  }

  /// Adam (Kingma & Ba, 2015), and AdamW (Loshchilov & Hutter, 2019) when `decoupled`:
  /// m = β₁m + (1 − β₁)g; v = β₂v + (1 − β₂)g²; w −= η·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ). Weight decay λ
  /// is added to the gradient (g + λ·w), or, decoupled, taken from the weight first: w −= η·λ·w. `step` is t, from 1.
  public static func adam(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor, v: inout Tensor, step: Int, learningRate: Double,
    beta1: Double,
    beta2: Double, epsilon: Double, weightDecay: Double = 0, decoupled: Bool = false
  ) {
    prepare("Adam", &value, gradient)
    m.makeWritable()
    v.makeWritable()
    let g = gradient.rowMajor()
    var constants = gb_adam(
      learning_rate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weight_decay: weightDecay,
      decoupled: decoupled,
      correction1: 1 - power(beta1, step), correction2: 1 - power(beta2, step))
    kernels.adam(value.dtype.code, value.count, value.pointer, g.pointer, m.pointer, v.pointer, &constants)
  }

  private static func prepare(_ op: String, _ value: inout Tensor, _ gradient: Tensor) {
    guard value.shape == gradient.shape, value.dtype == gradient.dtype,
      value.dtype == .float32 || value.dtype == .float64
    else {
      stop(
        op, "a \(value.dtype) \(value.shape) parameter has a \(gradient.dtype) \(gradient.shape) gradient",
        fix: "parameters are float32 or float64, and a gradient has its parameter's shape and dtype")
    }
    value.makeWritable()
  }

  /// xⁿ by squaring.
  private static func power(_ x: Double, _ n: Int) -> Double {
    var (result, base, rest) = (1.0, x, n)
    while rest > 0 {
      if rest & 1 == 1 { result *= base }
      base *= base
      rest >>= 1
    }
    return result
  }
}
