import TensorCore

/// A rule of matrix calculus: a function, and the formula for what flows back through it, from the gradient Y̅ of its output to those of its
/// inputs (vector–Jacobian products; of a scalar function with Y̅ = 1, the gradients).
///
/// ```swift
/// let rule = DerivativeRule.quadraticForm
/// let (x, a) = (Tensor([1.0, 2.0]), Tensor([[1.0, 1.0], [0.0, 3.0]]))
/// rule.statement  // → ∂(xᵀAx)/∂x = (A + Aᵀ)x, ∂/∂A = xxᵀ
/// rule.pullback([x, a], Tensor(1.0))[0]  // → [4.0, 13.0]
/// ```
public struct DerivativeRule: Sendable {
  public let statement: String
  /// The shapes of inputs to try it on. Matrices are square where nothing else is said.
  public let shapes: [Shape]
  /// The function of the inputs.
  public let f: @Sendable ([Tensor]) -> Tensor
  /// The gradients of the inputs, from the inputs and the gradient of the output, by formula alone.
  public let pullback: @Sendable (_ inputs: [Tensor], _ gradient: Tensor) -> [Tensor]

  init(
    _ statement: String, _ shapes: [Shape], f: @escaping @Sendable ([Tensor]) -> Tensor,
    pullback: @escaping @Sendable ([Tensor], Tensor) -> [Tensor]
  ) {
    (self.statement, self.shapes, self.f, self.pullback) = (statement, shapes, f, pullback)
  }
}

/// The rules, after Petersen & Pedersen, "The Matrix Cookbook", 2012, and Giles, "An extended collection of matrix derivative results for
/// forward and reverse mode algorithmic differentiation", 2008. X⁻ᵀ is the transposed inverse, ⊙ the product of elements.
extension DerivativeRule {
  /// All of them.
  public static let all: [DerivativeRule] = [
    inner, quadraticForm, bilinearForm, squaredDistance, leastSquares, product, trace, traceOfProduct, frobenius,
    logDeterminant, determinant, inverse, solution, softmax, logSumExp, crossEntropy, sigmoid, outer, hadamard,
  ]

  public static let inner = DerivativeRule(
    "∂(aᵀx)/∂a = x, ∂/∂x = a", [[3], [3]],
    f: { dot($0[0], $0[1]) },
    pullback: { x, g in
      [x[1] * g, x[0] * g]
    })

  public static let quadraticForm = DerivativeRule(
    "∂(xᵀAx)/∂x = (A + Aᵀ)x, ∂/∂A = xxᵀ", [[3], [3, 3]],
    f: { dot($0[0], matmul($0[1], $0[0])) },
    pullback: { x, g in
      [matmul(x[1] + x[1].transposed(), x[0]) * g, TensorCore.outer(x[0], x[0]) * g]
    })

  public static let bilinearForm = DerivativeRule(
    "∂(aᵀXb)/∂a = Xb, ∂/∂X = abᵀ, ∂/∂b = Xᵀa", [[2], [2, 3], [3]],
    f: { dot($0[0], matmul($0[1], $0[2])) },
    pullback: { x, g in
      [matmul(x[1], x[2]) * g, TensorCore.outer(x[0], x[2]) * g, matmul(x[1].transposed(), x[0]) * g]
    })

  public static let squaredDistance = DerivativeRule(
    "∂‖x − a‖²/∂x = 2(x − a), ∂/∂a = −2(x − a)", [[4], [4]],
    f: { ($0[0] - $0[1]).square().sum() },
    pullback: { x, g in
      [(x[0] - x[1]) * 2 * g, (x[0] - x[1]) * -2 * g]
    })

  public static let leastSquares = DerivativeRule(
    "∂‖Xw − y‖²/∂w = 2Xᵀ(Xw − y), ∂/∂X = 2(Xw − y)wᵀ", [[5, 3], [3], [5]],
    f: { (matmul($0[0], $0[1]) - $0[2]).square().sum() },
    pullback: { x, g in
      let residual = (matmul(x[0], x[1]) - x[2]) * 2 * g
      return [TensorCore.outer(residual, x[1]), matmul(x[0].transposed(), residual), -residual]
    })

  public static let product = DerivativeRule(
    "Y = AB: A̅ = Y̅Bᵀ, B̅ = AᵀY̅", [[2, 3], [3, 4]],
    f: { matmul($0[0], $0[1]) },
    pullback: { x, g in
      [matmul(g, x[1].transposed()), matmul(x[0].transposed(), g)]
    })

  public static let trace = DerivativeRule(
    "∂tr(X)/∂X = I", [[3, 3]],
    f: { $0[0].trace() },
    pullback: { x, g in
      [Tensor.eye(x[0].shape[0], dtype: g.dtype) * g]
    })

  public static let traceOfProduct = DerivativeRule(
    "∂tr(AB)/∂A = Bᵀ, ∂/∂B = Aᵀ", [[2, 3], [3, 2]],
    f: { matmul($0[0], $0[1]).trace() },
    pullback: { x, g in
      [x[1].transposed() * g, x[0].transposed() * g]
    })

  public static let frobenius = DerivativeRule(
    "∂‖X‖²/∂X = 2X", [[3, 2]],
    f: { $0[0].square().sum() },
    pullback: { x, g in
      [x[0] * 2 * g]
    })

  public static let logDeterminant = DerivativeRule(
    "∂ log|det X|/∂X = X⁻ᵀ", [[3, 3]],
    f: { $0[0].logDeterminant().logMagnitude },
    pullback: { x, g in
      [inverted(x[0]).transposed() * g]
    })

  public static let determinant = DerivativeRule(
    "∂ det X/∂X = det X · X⁻ᵀ", [[3, 3]],
    f: { $0[0].determinant() },
    pullback: { x, g in
      [inverted(x[0]).transposed() * x[0].determinant() * g]
    })

  public static let inverse = DerivativeRule(
    "Y = X⁻¹: X̅ = −Yᵀ·Y̅·Yᵀ", [[3, 3]],
    f: { inverted($0[0]) },
    pullback: { x, g in
      let y = inverted(x[0]).transposed()
      return [-matmul(matmul(y, g), y)]
    })

  public static let solution = DerivativeRule(
    "y = A⁻¹b: b̅ = A⁻ᵀy̅, A̅ = −b̅yᵀ", [[3, 3], [3]],
    f: { matmul(inverted($0[0]), $0[1]) },
    pullback: { x, g in
      let inverse = inverted(x[0])
      let b = matmul(inverse.transposed(), g)
      return [-TensorCore.outer(b, matmul(inverse, x[1])), b]
    })

  public static let softmax = DerivativeRule(
    "∂ softmax(x)/∂x = diag(p) − ppᵀ: x̅ = p ⊙ (y̅ − pᵀy̅)", [[4]],
    f: { $0[0].softmax() },
    pullback: { x, g in
      let p = x[0].softmax()
      return [p * (g - dot(p, g))]
    })

  public static let logSumExp = DerivativeRule(
    "∂ log Σ eˣ/∂x = softmax(x)", [[4]],
    f: { $0[0].logSumExp() },
    pullback: { x, g in
      [x[0].softmax() * g]
    })

  public static let crossEntropy = DerivativeRule(
    "∂(−Σ t·log softmax(x))/∂x = p·Σt − t, ∂/∂t = −log p", [[4], [4]],
    f: { -($0[1] * $0[0].logSoftmax()).sum() },
    pullback: { x, g in
      [(x[0].softmax() * x[1].sum() - x[1]) * g, -x[0].logSoftmax() * g]
    })

  public static let sigmoid = DerivativeRule(
    "∂σ(x)/∂x = σ(x)(1 − σ(x))", [[4]],
    f: { $0[0].sigmoid() },
    pullback: { x, g in
      let y = x[0].sigmoid()
      return [y * (1 - y) * g]
    })

  public static let outer = DerivativeRule(
    "Y = abᵀ: a̅ = Y̅b, b̅ = Y̅ᵀa", [[2], [3]],
    f: { TensorCore.outer($0[0], $0[1]) },
    pullback: { x, g in
      [matmul(g, x[1]), matmul(g.transposed(), x[0])]
    })

  public static let hadamard = DerivativeRule(
    "Y = A ⊙ B: A̅ = Y̅ ⊙ B, B̅ = Y̅ ⊙ A", [[2, 3], [2, 3]],
    f: { $0[0] * $0[1] },
    pullback: { x, g in
      [g * x[1], g * x[0]]
    })

  /// Of a matrix that has an inverse; else no numbers.
  private static func inverted(_ x: Tensor) -> Tensor { (try? x.inverse()) ?? x * .nan }
}
