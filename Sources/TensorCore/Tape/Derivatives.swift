// Derivatives of functions, where `gradients(of:withRespectTo:)` gives those of values. In each, x counts as a new variable: no
// gradient flows back through the result to what x was computed from, and parameters that f uses keep their gradients.

/// f(x) and ∇f(x), of x's shape. Stops unless f gives a single element.
///
/// ```swift
/// let (value, gradient) = valueWithGradient(of: { $0.square().sum() }, at: Tensor([1.0, 2.0]))
/// value  // → 5.0
/// gradient  // → [2.0, 4.0]
/// ```
public func valueWithGradient(of f: (Tensor) -> Tensor, at x: Tensor) -> (value: Tensor, gradient: Tensor) {
  let (value, gradients) = valueWithGradients(of: { f($0[0]) }, at: [x])
  return (value, gradients[0])
}

/// f(x₁, x₂, …), and its gradients with respect to each of them. Stops unless f gives a single element.
///
/// ```swift
/// let (a, b) = (Tensor(2.0), Tensor(3.0))
/// valueWithGradients(of: { $0[0] * $0[1] }, at: [a, b]).gradients.map { $0.item() }  // → [3.0, 2.0]
/// ```
public func valueWithGradients(
  of f: ([Tensor]) -> Tensor, at inputs: [Tensor]
) -> (value: Tensor, gradients: [Tensor]) {
  let (y, variables) = evaluated(f, at: inputs)
  return (y.detached(), gradientsOrZeros(of: y, variables))
}

/// Jᵢⱼ = ∂f(x)ᵢ/∂xⱼ, of the shape of f(x) followed by x's: [..., ...]. One backward pass for each element of f(x).
///
/// ```swift
/// jacobian(of: { Tensor.stacked([$0.sum(), $0.square().sum()]) }, at: Tensor([1.0, 2.0]))  // → [[1.0, 1.0], [2.0, 4.0]]
/// ```
public func jacobian(of f: (Tensor) -> Tensor, at x: Tensor) -> Tensor {
  let (y, variables) = evaluated({ f($0[0]) }, at: [x])
  return rows(of: y, variables[0]).reshaped(Shape(y.shape.dimensions + x.shape.dimensions))
}

/// Hᵢⱼ = ∂²f(x)/∂xᵢ∂xⱼ, of x's shape twice. Stops unless f gives a single element.
///
/// ```swift
/// hessian(of: { ($0[0].square() * $0[1]).sum() }, at: Tensor([1.0, 2.0]))  // → [[4.0, 2.0], [2.0, 0.0]]
/// ```
public func hessian(of f: (Tensor) -> Tensor, at x: Tensor) -> Tensor {
  let (y, variables) = evaluated({ f($0[0]) }, at: [x])
  let gradient = gradientsOrZeros(of: y, variables, differentiable: true)[0]
  return rows(of: gradient, variables[0]).reshaped(Shape(x.shape.dimensions + x.shape.dimensions))
}

/// f(x) and vᵀ·J = Σᵢ vᵢ·∂f(x)ᵢ/∂xⱼ: what a backward pass computes. v has f(x)'s shape, the product x's.
///
/// ```swift
/// let (value, product) = vectorJacobianProduct(of: { $0.square() }, at: Tensor([1.0, 2.0]), Tensor([1.0, 10.0]))
/// value  // → [1.0, 4.0]
/// product  // → [2.0, 40.0]
/// ```
public func vectorJacobianProduct(
  of f: (Tensor) -> Tensor, at x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
  let (y, variables) = evaluated({ f($0[0]) }, at: [x])
  return (y.detached(), gradientsOrZeros(of: y, variables, from: y.checkedSeed(v, for: "vectorJacobianProduct"))[0])
}

/// f(x) and J·v = Σⱼ ∂f(x)ᵢ/∂xⱼ·vⱼ, the change of f along v. v has x's shape, the product f(x)'s.
///
/// By two backward passes: uᵀ·J is linear in u, and its derivative by u along v is J·v. So f must be twice
/// differentiable.
///
/// ```swift
/// jacobianVectorProduct(of: { $0.square() }, at: Tensor([1.0, 2.0]), Tensor([1.0, 10.0])).product  // → [2.0, 40.0]
/// ```
public func jacobianVectorProduct(
  of f: (Tensor) -> Tensor, at x: Tensor, _ v: Tensor
) -> (value: Tensor, product: Tensor) {
  let v = x.checkedSeed(v, for: "jacobianVectorProduct")
  let (y, variables) = evaluated({ f($0[0]) }, at: [x])
  let u = Tensor.zeros(like: y).requiringGradient()
  let linear = gradientsOrZeros(of: y, variables, from: u, differentiable: true)[0]
  return (y.detached(), gradientsOrZeros(of: linear, [u], from: v)[0])
}

/// f(x), ∇f(x) and H·v = ∂/∂x (∇f(x)·v), without the Hessian. v and the product have x's shape. Stops unless f gives a
/// single element.
///
/// ```swift
/// hessianVectorProduct(of: { $0.power(3).sum() }, at: Tensor([1.0, 2.0]), Tensor([1.0, 1.0])).product  // → [6.0, 12.0]
/// ```
public func hessianVectorProduct(
  of f: (Tensor) -> Tensor, at x: Tensor, _ v: Tensor
) -> (value: Tensor, gradient: Tensor, product: Tensor) {
  let v = x.checkedSeed(v, for: "hessianVectorProduct")
  let (y, variables) = evaluated({ f($0[0]) }, at: [x])
  let gradient = gradientsOrZeros(of: y, variables, differentiable: true)[0]
  return (y.detached(), gradient.detached(), gradientsOrZeros(of: gradient, variables, from: v)[0])
}

/// f at new variables of the tape.
private func evaluated(_ f: ([Tensor]) -> Tensor, at inputs: [Tensor]) -> (y: Tensor, variables: [Tensor]) {
  let variables = inputs.map { $0.detached().requiringGradient() }
  return (Tape.withRecording(true) { f(variables) }, variables)
}

/// Zeros where a function is constant.
private func gradientsOrZeros(
  of y: Tensor, _ variables: [Tensor], from seed: Tensor? = nil, differentiable: Bool = false
) -> [Tensor] {
  if y.requiresGradient {
    return gradients(of: y, withRespectTo: variables, from: seed, differentiable: differentiable)
  }
  _ = y.checkedSeed(seed, for: "gradients")
  return variables.map { Tensor.zeros(like: $0) }
}

/// The gradient of each element of y, one below the other: [y.count, x.count].
private func rows(of y: Tensor, _ x: Tensor) -> Tensor {
  if y.count == 0 || x.count == 0 { return Tensor.zeros([y.count, x.count], dtype: x.dtype) }
  let basis = Tensor.eye(y.count, dtype: y.dtype)
  return Tensor.stacked(
    (0..<y.count).map { index in
      gradientsOrZeros(of: y, [x], from: basis[index].reshaped(y.shape))[0].reshaped([x.count])
    })
}
