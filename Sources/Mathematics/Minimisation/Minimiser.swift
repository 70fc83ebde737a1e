import TensorCore

/// A method that looks for a local minimum of a function of tensors whose derivatives it takes from the tape.
///
/// ```swift
/// let methods: [any Minimiser] = [LimitedMemoryBFGS(), NewtonMethod(), NelderMead()]
/// let start = Tensor([-1.2, 1.0], dtype: .float64)
/// methods.map { $0.minimise(TestFunction.rosenbrock.f, from: start).value < 1e-6 }  // → [true, true, true]
/// ```
public protocol Minimiser: Sendable {
  /// Goes down from a point, a float tensor of any shape, to a local minimum of `f`, which gives a single element. What is not a number
  /// counts as infinitely high. Stops the program when the start is of integers, or f gives more than one element.
  func minimise(_ f: (Tensor) -> Tensor, from start: Tensor, recordingPath: Bool) -> Minimum
}

extension Minimiser {
  public func minimise(_ f: (Tensor) -> Tensor, from start: Tensor) -> Minimum {
    minimise(f, from: start, recordingPath: false)
  }
}

/// A minimiser that needs no more than values and gradients, so that they may come from anywhere: from a formula, or from a sum over data.
///
/// ```swift
/// // f(x) = x₀² + 10·x₁²
/// let weights = Tensor([1.0, 10.0], dtype: .float64)
/// let found = BFGS().minimise(from: Tensor([3.0, 1.0], dtype: .float64)) { x in
///   ((x.square() * weights).sum().item(), x * weights * 2)
/// }
/// found.value < 1e-10  // → true
/// ```
public protocol GradientMinimiser: Minimiser {
  /// The same for a function that gives its value and its gradient, of the point's shape and dtype; stops the program when it is not.
  func minimise(
    from start: Tensor, recordingPath: Bool, _ f: (Tensor) -> (value: Double, gradient: Tensor)
  ) -> Minimum
}

extension GradientMinimiser {
  public func minimise(from start: Tensor, _ f: (Tensor) -> (value: Double, gradient: Tensor)) -> Minimum {
    minimise(from: start, recordingPath: false, f)
  }

  public func minimise(_ f: (Tensor) -> Tensor, from start: Tensor, recordingPath: Bool) -> Minimum {
    minimise(from: start, recordingPath: recordingPath) { x in taped(f, x) }
  }
}

/// f and its gradient at x.
func taped(_ f: (Tensor) -> Tensor, _ x: Tensor) -> (value: Double, gradient: Tensor) {
  let (value, gradient) = valueWithGradient(of: f, at: x)
  return (value.item(), gradient)
}
