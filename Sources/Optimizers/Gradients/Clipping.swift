import Foundation
import NeuralNetworks
import TensorCore

/// Shortens all gradients by the same factor, so that their norm together is at most `maximum` (Pascanu, Mikolov &
/// Bengio, 2013). Returns the norm before: √Σg², or with `order` p (Σ|g|ᵖ)^(1/p), or with infinity the largest |g|.
/// Call it between `backward()` and `step()`.
///
/// As in PyTorch, gradients are multiplied by maximum/(norm + 1e-6) when that is below 1. When one is infinite or not a
/// number, so is the norm, and the gradients are of no use: skip the step.
///
/// ```swift
/// let (a, b) = (Parameter(Tensor([1.0])), Parameter(Tensor([1.0])))
/// (a.gradient, b.gradient) = (Tensor([3.0]), Tensor([4.0]))
/// clipGradients(of: [a, b], toNorm: 1)  // → 5.0
/// abs((b.gradient?.item() ?? 0) - 0.8) < 1e-6  // → true
/// ```
@discardableResult
public func clipGradients(of parameters: [Parameter], toNorm maximum: Double, order: Double = 2) -> Double {
  guard maximum >= 0, order > 0 else {
    stop(
      "clipGradients", "a norm of \(maximum), of order \(order)", fix: "use a norm of at least 0, and a positive order")
  }
  let norm = gradientNorm(of: parameters, order: order)
  let factor = maximum / (norm + 1e-6)
  if factor < 1 || factor.isNaN {
    for parameter in parameters {
      if let gradient = parameter.gradient { parameter.gradient = withoutGradients { gradient * factor } }
    }
  }
  return norm
}

/// The norm of all gradients together: √Σg², or of another order; 0 when there are none.
///
/// ```swift
/// let w = Parameter(Tensor([1.0, 1.0]))
/// w.gradient = Tensor([3.0, 4.0])
/// gradientNorm(of: [w])  // → 5.0
/// ```
public func gradientNorm(of parameters: [Parameter], order: Double = 2) -> Double {
  let gradients = parameters.compactMap { $0.gradient?.detached() }.filter { $0.count > 0 }
  if order == .infinity {
    let largest = gradients.map { $0.abs().max().item() }
    return largest.contains { $0.isNaN } ? .nan : largest.max() ?? 0
  }
  // Squares are added up in float64 across parameters, in the parameters' order.
  let sums = gradients.map { (order == 2 ? $0.square() : $0.abs().power(order)).sum().item() }
  return pow(sums.reduce(0, +), 1 / order)
}

/// Brings every element of every gradient into −limit…limit.
///
/// ```swift
/// let w = Parameter(Tensor([1.0, 1.0]))
/// w.gradient = Tensor([3.0, -0.5])
/// clipGradients(of: [w], toValue: 1)
/// w.gradient?.scalars(as: Double.self) ?? []  // → [1.0, -0.5]
/// ```
public func clipGradients(of parameters: [Parameter], toValue limit: Double) {
  if !(limit >= 0) { stop("clipGradients", "a limit of \(limit)", fix: "use one of at least 0") }
  for parameter in parameters {
    if let gradient = parameter.gradient {
      parameter.gradient = withoutGradients { gradient.clamped(to: -limit...limit) }
    }
  }
}
