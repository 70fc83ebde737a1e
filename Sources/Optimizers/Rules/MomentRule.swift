import TensorCore

/// What the rules of Adam's family have in common: running means of the gradients and of their squares.
///
/// m = β₁m + (1 − β₁)g'; v = β₂v + (1 − β₂)g'², both 0 at first, and m̂ = m/(1 − β₁ᵗ), v̂ = v/(1 − β₂ᵗ) at a
/// parameter's step t (Kingma & Ba, 2015). Weight decay λ is added to the gradient, g' = g + λ·w, or, decoupled, taken
/// from the weight first, w −= η·λ·w, and g' = g (Loshchilov & Hutter, 2019). In a state dictionary m is `exp_avg` and
/// v is `exp_avg_sq`.
///
/// ```swift
/// NAdam.Rule(learningRate: 0.5).tensorNames.compactMap { $0 }  // → ["exp_avg", "exp_avg_sq"]
/// ```
public protocol MomentRule: UpdateRule {
  var moments: Moments { get set }
}

/// The numbers of a `MomentRule`.
///
/// ```swift
/// Adam.Rule(beta1: 0.5).moments.beta1  // → 0.5
/// ```
public struct Moments: Sendable, Hashable {
  /// η
  public var learningRate: Double
  /// β₁: how much of the mean of the gradients is kept at each step.
  public var beta1: Double
  /// β₂: how much of the mean of their squares is kept.
  public var beta2: Double
  /// ε
  public var epsilon: Double
  /// λ
  public var weightDecay: Double
  /// Whether the decay is taken from the weight, and not added to the gradient.
  public var decoupled: Bool
  /// Whether the gradient is gone up instead of down.
  public var maximize: Bool
}

extension MomentRule {
  public var learningRate: Double {
    get { moments.learningRate }
    set { moments.learningRate = newValue }
  }
  public var beta1: Double {
    get { moments.beta1 }
    set { moments.beta1 = newValue }
  }
  public var beta2: Double {
    get { moments.beta2 }
    set { moments.beta2 = newValue }
  }
  public var epsilon: Double {
    get { moments.epsilon }
    set { moments.epsilon = newValue }
  }
  public var weightDecay: Double {
    get { moments.weightDecay }
    set { moments.weightDecay = newValue }
  }
  public var decoupled: Bool {
    get { moments.decoupled }
    set { moments.decoupled = newValue }
  }
  public var maximize: Bool {
    get { moments.maximize }
    set { moments.maximize = newValue }
  }

  public static var numbers: [HyperparameterNumber<Self>] { commonNumbers }

  static var commonNumbers: [HyperparameterNumber<Self>] {
    [
      .atLeastZero("learning_rate", \.learningRate), .fraction("beta1", \.beta1), .fraction("beta2", \.beta2),
      .atLeastZero("epsilon", \.epsilon), .atLeastZero("weight_decay", \.weightDecay),
    ]
  }

  public var tensorNames: [String?] { ["exp_avg", "exp_avg_sq"] }

  /// w −= η·m̂/(√v̂ + ε). The rules of Adam and AdamW differ in the decay alone.
  func adamStep(
    _ value: inout Tensor, along gradient: Tensor, _ state: inout ParameterState, amsgrad: Bool
  ) {
    FusedStep.adam(
      &value, gradient: gradient, m: &state.first, v: &state.second, largest: &state.third, step: state.step,
      learningRate: learningRate, beta1: beta1, beta2: beta2, epsilon: epsilon, weightDecay: weightDecay,
      decoupled: decoupled, amsgrad: amsgrad)
  }
}
