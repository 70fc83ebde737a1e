import TensorCore

/// The running means that Adam and its kin keep: m = β₁m + (1 − β₁)g and v = β₂v + (1 − β₂)g², 0 at first.
struct Moments {
  /// m
  let first: Tensor
  /// v
  let second: Tensor

  /// Takes one more gradient into the means of a state.
  init(_ gradient: Tensor, _ beta1: Double, _ beta2: Double, _ state: inout ParameterState) {
    let m = state.first ?? Tensor.zeros(like: gradient)
    let v = state.second ?? Tensor.zeros(like: gradient)
    first = m + (gradient - m) * (1 - beta1)
    second = v * beta2 + gradient.square() * (1 - beta2)
    (state.first, state.second) = (first, second)
  }
}

/// √Σx²
func norm(_ x: Tensor) -> Double { x.square().sum().item().squareRoot() }
