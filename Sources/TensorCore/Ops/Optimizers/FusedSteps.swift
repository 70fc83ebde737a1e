import CKernels

/// The optimisers' updates, each in one pass over a parameter. In place: the value, and the state that belongs to it,
/// are written where they stand when nobody else holds them. Nothing is recorded.
///
/// State that is nil is that before the first step. Weight decay λ is added to the gradient, g' = g + λ·w, where
/// nothing else is said.
public enum FusedStep {
  /// Stochastic gradient descent with momentum (Polyak, 1964; Sutskever et al., 2013), as PyTorch writes it:
  /// v = μ·v + g' (v = g' at first); w −= η·v, or with Nesterov's look-ahead w −= η·(g' + μ·v).
  ///
  /// `velocity` stays nil when the momentum is 0.
  ///
  /// ```swift
  /// var (w, v) = (Tensor([1.0]), Tensor?.none)
  /// FusedStep.sgd(&w, gradient: Tensor([2.0]), velocity: &v, learningRate: 0.25)
  /// w  // → [0.5]
  /// ```
  public static func sgd(
    _ value: inout Tensor, gradient: Tensor, velocity: inout Tensor?, learningRate: Double,
    momentum: Double = 0,
    weightDecay: Double = 0, nesterov: Bool = false
  ) {
    prepare("SGD", &value, gradient)
    let g = gradient.rowMajor()
    if momentum == 0 {
      kernels.sgd(
        value.dtype.code, value.count, value.pointer, g.pointer, nil, learningRate, 0, weightDecay,
        false, false)
      return
    }
    let first = velocity == nil
    // Taken out of the optional, so that it is the only reference and is written in place.
    var v = velocity.take() ?? Tensor(uninitialized: value.layout, dtype: value.dtype)
    v.makeWritable()
    kernels.sgd(
      value.dtype.code, value.count, value.pointer, g.pointer, v.pointer, learningRate, momentum,
      weightDecay, nesterov,
      first)
    velocity = v
  }

  /// Adam (Kingma & Ba, 2015), and AdamW (Loshchilov & Hutter, 2019) when `decoupled`: m = β₁m + (1 − β₁)g'; v = β₂v +
  /// (1 − β₂)g'²; w −= η·m̂/(√v̂ + ε) with m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ). Decoupled weight decay is taken from the
  /// weight first: w −= η·λ·w, and g' = g. `step` is t, from 1.
  ///
  /// With `amsgrad` (Reddi, Kale & Kumar, 2018) the largest v so far stands in for v in the step, and is kept in
  /// `largest`.
  ///
  /// ```swift
  /// var (w, m, v, most) = (Tensor([1.0]), Tensor?.none, Tensor?.none, Tensor?.none)
  /// FusedStep.adam(
  ///   &w, gradient: Tensor([2.0]), m: &m, v: &v, largest: &most, step: 1, learningRate: 0.25, beta1: 0.5, beta2: 0.75,
  ///   epsilon: 0)
  /// w  // → [0.75]
  /// m ?? w  // → [1.0]
  /// ```
  public static func adam(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor?, v: inout Tensor?,
    largest: inout Tensor?, step: Int,
    learningRate: Double, beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double = 0,
    decoupled: Bool = false, amsgrad: Bool = false
  ) {
    var constants = moments(learningRate, beta1, beta2, epsilon, weightDecay, decoupled)
    constants.mean_rate = learningRate / (1 - power(beta1, step))
    constants.root = (1 - power(beta2, step)).squareRoot()
    adam("Adam", &value, gradient, &m, &v, &largest, &constants, amsgrad: amsgrad)
  }

  /// Adam with Nesterov's look-ahead (Dozat, 2016): m and v as in `adam`; w −= η·((1 − μₜ)·g'/(1 − Πₜ) + μₜ₊₁·m/(1 −
  /// Πₜ·μₜ₊₁))/(√v̂ + ε) with the momenta μₜ and μₜ₊₁, and Πₜ = μ₁·…·μₜ.
  public static func nadam(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor?, v: inout Tensor?, step: Int,
    learningRate: Double,
    beta1: Double, beta2: Double, epsilon: Double, momentum: Double, nextMomentum: Double,
    momentumProduct: Double,
    weightDecay: Double = 0, decoupled: Bool = false
  ) {
    var constants = moments(learningRate, beta1, beta2, epsilon, weightDecay, decoupled)
    constants.gradient_rate = learningRate * (1 - momentum) / (1 - momentumProduct)
    constants.mean_rate = learningRate * nextMomentum / (1 - momentumProduct * nextMomentum)
    constants.root = (1 - power(beta2, step)).squareRoot()
    var none: Tensor?
    adam("NAdam", &value, gradient, &m, &v, &none, &constants, amsgrad: false)
  }

  /// Rectified Adam (Liu et al., 2020): m, v and m̂ as in `adam`; ρ∞ = 2/(1 − β₂) − 1, ρₜ = ρ∞ − 2t·β₂ᵗ/(1 − β₂ᵗ);
  /// w −= η·r·m̂·√(1 − β₂ᵗ)/(√v + ε) with r² = (ρₜ − 4)(ρₜ − 2)ρ∞/((ρ∞ − 4)(ρ∞ − 2)ρₜ) where ρₜ > 5, else w −= η·m̂.
  ///
  /// ```swift
  /// var (w, m, v) = (Tensor([1.0]), Tensor?.none, Tensor?.none)
  /// FusedStep.radam(
  ///   &w, gradient: Tensor([2.0]), m: &m, v: &v, step: 1, learningRate: 0.25, beta1: 0.5, beta2: 0.75, epsilon: 0)
  /// w  // → [0.5]
  /// ```
  public static func radam(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor?, v: inout Tensor?, step: Int,
    learningRate: Double,
    beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double = 0, decoupled: Bool = false
  ) {
    let (kept, correction) = (power(beta2, step), 1 - power(beta2, step))
    let longest = 2 / (1 - beta2) - 1
    let length = longest - 2 * Double(step) * kept / correction
    var constants = moments(learningRate, beta1, beta2, epsilon, weightDecay, decoupled)
    constants.mean_rate = learningRate / (1 - power(beta1, step))
    if length > 5 {
      let share = (length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)
      constants.mean_rate *= (share * correction).squareRoot()
      (constants.root, constants.epsilon) = (1, epsilon)
    } else {
      // √v/∞ + 1: nothing is divided.
      (constants.root, constants.epsilon) = (.infinity, 1)
    }
    var none: Tensor?
    adam("RAdam", &value, gradient, &m, &v, &none, &constants, amsgrad: false)
  }

  /// The constants that Adam's family has in common.
  private static func moments(
    _ learningRate: Double, _ beta1: Double, _ beta2: Double, _ epsilon: Double, _ weightDecay: Double,
    _ decoupled: Bool
  ) -> gb_adam {
    var constants = gb_adam()
    (constants.beta1, constants.beta2, constants.epsilon) = (beta1, beta2, epsilon)
    constants.weight_decay = decoupled ? 0 : weightDecay
    constants.kept = decoupled ? 1 - learningRate * weightDecay : 1
    return constants
  }

  private static func adam(
    _ op: String, _ value: inout Tensor, _ gradient: Tensor, _ m: inout Tensor?, _ v: inout Tensor?,
    _ largest: inout Tensor?, _ constants: inout gb_adam, amsgrad: Bool
  ) {
    prepare(op, &value, gradient)
    let g = gradient.rowMajor()
    let (first, second) = (taken(&m, like: value), taken(&v, like: value))
    let most = amsgrad ? taken(&largest, like: value) : nil
    kernels.adam(
      value.dtype.code, value.count, value.pointer, g.pointer, first.pointer, second.pointer,
      most?.pointer, &constants)
    (m, v) = (first, second)
    if amsgrad { largest = most }
  }

  /// Adagrad (Duchi, Hazan & Singer, 2011): s += g'²; w −= η·g'/(√s + ε). `sum` is s, `initialSum` at first.
  ///
  /// ```swift
  /// var (w, s) = (Tensor([1.0]), Tensor?.none)
  /// FusedStep.adagrad(&w, gradient: Tensor([2.0]), sum: &s, learningRate: 0.25, epsilon: 0)
  /// w  // → [0.75]
  /// ```
  public static func adagrad(
    _ value: inout Tensor, gradient: Tensor, sum: inout Tensor?, initialSum: Double = 0,
    learningRate: Double,
    epsilon: Double, weightDecay: Double = 0
  ) {
    prepare("Adagrad", &value, gradient)
    let g = gradient.rowMajor()
    let s = taken(&sum, like: value, filledWith: initialSum)
    var constants = gb_step()
    (constants.learning_rate, constants.weight_decay, constants.epsilon) = (
      learningRate, weightDecay, epsilon
    )
    kernels.adagrad(value.dtype.code, value.count, value.pointer, g.pointer, s.pointer, &constants)
    sum = s
  }

  /// Adadelta (Zeiler, 2012): s = ρs + (1 − ρ)g'²; d = g'·√(t + ε)/√(s + ε); t = ρt + (1 − ρ)d²; w −= η·d. `squares` is
  /// s, `steps` is t.
  public static func adadelta(
    _ value: inout Tensor, gradient: Tensor, squares: inout Tensor?, steps: inout Tensor?,
    learningRate: Double,
    rho: Double, epsilon: Double, weightDecay: Double = 0
  ) {
    prepare("Adadelta", &value, gradient)
    let g = gradient.rowMajor()
    let (s, t) = (taken(&squares, like: value), taken(&steps, like: value))
    var constants = gb_step()
    (constants.learning_rate, constants.weight_decay, constants.epsilon) = (
      learningRate, weightDecay, epsilon
    )
    constants.decay = rho
    kernels.adadelta(
      value.dtype.code, value.count, value.pointer, g.pointer, s.pointer, t.pointer, &constants)
    (squares, steps) = (s, t)
  }

  /// RMSProp (Tieleman & Hinton, "Lecture 6.5", 2012): s = αs + (1 − α)g'²; d = g'/(√s + ε); w −= η·d.
  ///
  /// With `centred` (Graves, 2013) a = αa + (1 − α)g', and s − a² stands in for s; `mean` is a. With momentum μ, v =
  /// μ·v + d stands in for d; `velocity` is v.
  ///
  /// ```swift
  /// var (w, s, mean, v) = (Tensor([1.0]), Tensor?.none, Tensor?.none, Tensor?.none)
  /// FusedStep.rmsProp(
  ///   &w, gradient: Tensor([2.0]), squares: &s, mean: &mean, velocity: &v, learningRate: 0.25, alpha: 0.75, epsilon: 0)
  /// w  // → [0.5]
  /// ```
  public static func rmsProp(
    _ value: inout Tensor, gradient: Tensor, squares: inout Tensor?, mean: inout Tensor?,
    velocity: inout Tensor?,
    learningRate: Double, alpha: Double, epsilon: Double, momentum: Double = 0,
    weightDecay: Double = 0,
    centred: Bool = false
  ) {
    prepare("RMSProp", &value, gradient)
    let g = gradient.rowMajor()
    let s = taken(&squares, like: value)
    let a = centred ? taken(&mean, like: value) : nil
    let v = momentum == 0 ? nil : taken(&velocity, like: value)
    var constants = gb_step()
    (constants.learning_rate, constants.weight_decay, constants.epsilon) = (
      learningRate, weightDecay, epsilon
    )
    (constants.decay, constants.momentum) = (alpha, momentum)
    kernels.rms_prop(
      value.dtype.code, value.count, value.pointer, g.pointer, s.pointer, a?.pointer, v?.pointer,
      &constants)
    squares = s
    if centred { mean = a }
    if momentum != 0 { velocity = v }
  }

  /// Adamax (Kingma & Ba, 2015, algorithm 2): m = β₁m + (1 − β₁)g'; u = max(β₂u, |g'| + ε); w −= η·m/(1 − β₁ᵗ)/u.
  /// `step` is t, from 1.
  ///
  /// ```swift
  /// var (w, m, u) = (Tensor([1.0]), Tensor?.none, Tensor?.none)
  /// FusedStep.adamax(
  ///   &w, gradient: Tensor([2.0]), m: &m, largest: &u, step: 1, learningRate: 0.25, beta1: 0.5, beta2: 0.75, epsilon: 0)
  /// w  // → [0.75]
  /// ```
  public static func adamax(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor?, largest: inout Tensor?, step: Int, learningRate: Double,
    beta1: Double, beta2: Double, epsilon: Double, weightDecay: Double = 0
  ) {
    prepare("Adamax", &value, gradient)
    let g = gradient.rowMajor()
    let (mean, u) = (taken(&m, like: value), taken(&largest, like: value))
    var constants = gb_step()
    constants.learning_rate = learningRate / (1 - power(beta1, step))
    (constants.weight_decay, constants.epsilon) = (weightDecay, epsilon)
    (constants.decay, constants.second_decay) = (beta1, beta2)
    kernels.adamax(value.dtype.code, value.count, value.pointer, g.pointer, mean.pointer, u.pointer, &constants)
    (m, largest) = (mean, u)
  }

  /// Lion (Chen et al., "Symbolic discovery of optimization algorithms", 2023): w −= η·(sign(β₁m + (1 − β₁)g) + λ·w),
  /// then m = β₂m + (1 − β₂)g.
  ///
  /// ```swift
  /// var (w, m) = (Tensor([1.0]), Tensor?.none)
  /// FusedStep.lion(&w, gradient: Tensor([2.0]), m: &m, learningRate: 0.25, beta1: 0.9, beta2: 0.99)
  /// w  // → [0.75]
  /// ```
  public static func lion(
    _ value: inout Tensor, gradient: Tensor, m: inout Tensor?, learningRate: Double, beta1: Double,
    beta2: Double,
    weightDecay: Double = 0
  ) {
    prepare("Lion", &value, gradient)
    let g = gradient.rowMajor()
    let mean = taken(&m, like: value)
    var constants = gb_step()
    (constants.learning_rate, constants.weight_decay) = (learningRate, weightDecay)
    (constants.decay, constants.second_decay) = (beta1, beta2)
    kernels.lion(value.dtype.code, value.count, value.pointer, g.pointer, mean.pointer, &constants)
    m = mean
  }

  /// Moves an average towards a value: a += share·(x − a).
  ///
  /// ```swift
  /// var a = Tensor([1.0])
  /// FusedStep.average(&a, towards: Tensor([3.0]), share: 0.25)
  /// a  // → [1.5]
  /// ```
  public static func average(_ average: inout Tensor, towards value: Tensor, share: Double) {
    prepare("average", &average, value)
    let x = value.rowMajor()
    // a −= η·(x + λ·a) with η = −share and λ = −1: gradient descent's pass does it.
    kernels.sgd(
      average.dtype.code, average.count, average.pointer, x.pointer, nil, -share, 0, -1, false, false)
  }

  private static func prepare(_ op: String, _ value: inout Tensor, _ gradient: Tensor) {
    guard value.shape == gradient.shape, value.dtype == gradient.dtype,
      value.dtype == .float32 || value.dtype == .float64
    else {
      stop(
        op,
        "a \(value.dtype) \(value.shape) parameter has a \(gradient.dtype) \(gradient.shape) gradient",
        fix: "parameters are float32 or float64, and a gradient has its parameter's shape and dtype"
      )
    }
    value.makeWritable()
  }

  /// State to be written in place: taken out of the optional, so that there is no other reference to it.
  private static func taken(
    _ state: inout Tensor?, like value: Tensor, filledWith start: Double = 0
  ) -> Tensor {
    guard var tensor = state.take() else {
      return Tensor.full(value.shape, start, dtype: value.dtype)
    }
    tensor.makeWritable()
    return tensor
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
