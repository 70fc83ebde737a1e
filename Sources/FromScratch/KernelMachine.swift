import TensorCore

/// A support vector machine for two classes with a kernel: f(x) = Σᵢ αᵢ·tᵢ·k(xᵢ, x) + b with k(a, b) = exp(−γ·‖a − b‖²). The α have the least
/// ½·αᵀQα − Σα, Qᵢⱼ = tᵢ·tⱼ·k(xᵢ, xⱼ), with 0 ≤ αᵢ ≤ C and Σ αᵢ·tᵢ = 0: the dual of the widest margin. Found by sequential minimal
/// optimisation, two α at a time (Platt, 1998; Keerthi et al., "Improvements to Platt's SMO algorithm for SVM classifier design", 2001).
///
/// ```swift
/// // A ring around a point, which no line divides.
/// let x = Tensor([[0.0, 0.0], [1.0, 0.0], [-1.0, 0.0], [0.0, 1.0], [0.0, -1.0]], dtype: .float64)
/// let machine = KernelMachine(fitting: x, Tensor([-1.0, 1.0, 1.0, 1.0, 1.0], dtype: .float64), c: 100, gamma: 1)
/// machine(x)  // → [-1.0, 1.0, 1.0, 1.0, 1.0]
/// ```
public struct KernelMachine {
  /// The samples and their classes, 1 or −1: [samples, features], [samples].
  public let x: Tensor
  public let targets: Tensor
  /// γ
  public let gamma: Double
  /// α, [samples]: 0 for all but the support vectors.
  public private(set) var alpha: Tensor
  public private(set) var b = 0.0
  /// ½·αᵀQα − Σα
  public private(set) var objective = 0.0

  /// Goes on until no pair breaks the optimality conditions by more than the tolerance.
  public init(
    fitting x: Tensor, _ targets: Tensor, c: Double = 1, gamma: Double, tolerance: Double = 1e-3, steps: Int = 100_000
  ) {
    (self.x, self.targets, self.gamma) = (x, targets, gamma)
    alpha = Tensor.zeros(like: targets)
    let infinity = Tensor(Double.infinity, dtype: x.dtype)
    let kernel = KernelMachine.kernel(x, x, gamma)
    var gradient = Tensor.full(targets.shape, -1, dtype: x.dtype)
    for _ in 0..<steps {
      // What the objective falls by as αᵢ·tᵢ rises. A pair of which one can rise, and the other fall by as much, keeps Σ αᵢ·tᵢ.
      let pull = -targets * gradient
      let signed = alpha * targets
      let canRise = signed .< Tensor.where(targets .> 0, Tensor(c, dtype: x.dtype), Tensor(0.0, dtype: x.dtype))
      let canFall = signed .> Tensor.where(targets .> 0, Tensor(0.0, dtype: x.dtype), Tensor(-c, dtype: x.dtype))
      let i = Tensor.where(canRise, pull, -infinity).argmax().item(Int.self)
      let j = Tensor.where(canFall, pull, infinity).argmin().item(Int.self)
      let (ti, tj) = (targets[i].item(), targets[j].item())
      b = (pull[i].item() + pull[j].item()) / 2
      let gap = pull[i].item() - pull[j].item()
      if gap < tolerance { break }
      // The lowest point along this direction, within the box.
      let curvature = max(2 - 2 * kernel[i, j].item(), 1e-12)
      let room = min(ti > 0 ? c - alpha[i].item() : alpha[i].item(), tj > 0 ? alpha[j].item() : c - alpha[j].item())
      let step = min(gap / curvature, room)
      alpha[i] = (alpha[i] + ti * step).clamped(to: 0...c)
      alpha[j] = (alpha[j] - tj * step).clamped(to: 0...c)
      gradient = gradient + targets * (kernel[i] - kernel[j]) * step
    }
    objective = (dot(alpha, gradient).item() - alpha.sum().item()) / 2
  }

  /// exp(−γ·‖aᵢ − bⱼ‖²), [rows of a, rows of b].
  static func kernel(_ a: Tensor, _ b: Tensor, _ gamma: Double) -> Tensor {
    let squares = a.square().sum(axis: 1, keepingDimensions: true) + b.square().sum(axis: 1)
    return ((squares - matmul(a, b.transposed(0, 1)) * 2) * -gamma).exp()
  }

  /// f(x), whose sign is the class and which is at least 1 in size beyond the margin. [samples, features] → [samples].
  public func scores(_ queries: Tensor) -> Tensor {
    matmul(KernelMachine.kernel(queries, x, gamma), alpha * targets) + b
  }

  /// 1 or −1. [samples, features] → [samples].
  public func callAsFunction(_ queries: Tensor) -> Tensor { scores(queries).sign() }
}
