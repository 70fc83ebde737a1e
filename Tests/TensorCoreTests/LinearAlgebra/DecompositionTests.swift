import TensorCore
import Testing

@Suite("A decomposition")
struct DecompositionTests {
  private func normal(_ shape: Shape, _ dtype: DType = .float64, _ seed: UInt64 = 71) -> Tensor {
    Tensor.normal(shape, dtype: dtype, using: RandomGenerator(seed: seed))
  }

  private func identity(_ n: Int) -> Tensor { Tensor.eye(n, dtype: .float64) }

  // Sizes above the libraries' blocks, where they go other ways than for small ones.
  @Test("multiplies back to its matrix", arguments: [(130, 130), (150, 70), (70, 150), (1, 5)])
  func products(_ m: Int, _ n: Int) throws {
    let a = normal([2, m, n])
    let k = min(m, n)
    let (q, r) = a.qr()
    expectClose(matmul(q, r), a, within: 1e-12, "Q·R")
    expectClose(matmul(q.transposed(), q), identity(k).expanded(to: [2, k, k]), within: 1e-12, "Qᵀ·Q")
    #expect(r.lowerTriangle(-1).doubles.allSatisfy { $0 == 0 })

    let (u, s, vt) = try a.svd()
    expectClose(matmul(u * s.unsqueezed(-2), vt), a, within: 1e-12, "U·diag(s)·Vᵀ")
    expectClose(matmul(u.transposed(), u), identity(k).expanded(to: [2, k, k]), within: 1e-12, "Uᵀ·U")
    expectClose(matmul(vt, vt.transposed()), identity(k).expanded(to: [2, k, k]), within: 1e-12, "Vᵀ·V")
    expectClose(try a.singularValues(), s, within: 1e-12, "singular values")

    let definite = matmul(a, a.transposed()) + identity(m)
    let l = try definite.cholesky()
    expectClose(matmul(l, l.transposed()), definite, within: 1e-12, "L·Lᵀ")
    #expect(l.upperTriangle(1).doubles.allSatisfy { $0 == 0 })

    let (values, vectors) = try definite.eigh()
    expectClose(
      matmul(vectors * values.unsqueezed(-2), vectors.transposed()), definite, within: 1e-12, "V·diag(λ)·Vᵀ")
    expectClose(try definite.eigvalsh(), values, within: 1e-12, "eigenvalues")
    expectClose(
      matmul(try definite.inverse(), definite), identity(m).expanded(to: [2, m, m]), within: 1e-10, "A⁻¹·A")
    expectClose(matmul(definite, try solve(definite, a)), a, within: 1e-10, "A·X")
  }

  @Test("has the same bits with any number of threads", arguments: [DType.float32, .float64])
  func threads(_ dtype: DType) throws {
    let a = normal([37, 24, 24], dtype)
    let definite = matmul(a, a.transposed()) + Tensor.eye(24, dtype: dtype)
    func all() throws -> [Tensor] {
      let (u, s, vt) = try a.svd()
      let (values, vectors) = try definite.eigh()
      return [
        a.qr().q, a.qr().r, u, s, vt, values, vectors, try definite.cholesky(), try a.inverse(), try solve(a, definite),
        a.determinant(), try triangularSolve(definite, a), a.matrixExponential(),
      ]
    }
    Runtime.threads = max(Runtime.threads, 3)
    let one = try Runtime.withThreadLimit(1, all)
    let three = try Runtime.withThreadLimit(3, all)
    for (index, (x, y)) in zip(three, one).enumerated() { expectIdentical(x, y, "result \(index)") }
  }

  @Test("of the identity has a gradient through its values, which are all equal")
  func degenerate() throws {
    let x = identity(3).requiringGradient()
    let nuclear = try x.svd().s.sum()
    expectClose(gradients(of: nuclear, withRespectTo: [x])[0], identity(3), within: 1e-13, "singular values")
    let trace = try x.eigh().values.sum()
    expectClose(gradients(of: trace, withRespectTo: [x])[0], identity(3), within: 1e-13, "eigenvalues")
  }

  @Test("throws for a matrix that it has no answer for, and says which")
  func errors() throws {
    let good = Tensor([[2.0, 0.0], [0.0, 3.0]])
    func batch(_ bad: Tensor) -> Tensor { Tensor.stacked([good, good, good, bad]).reshaped([2, 2, 2, 2]) }
    func expectError(_ op: String, _ finding: LinearAlgebraError.Finding, _ body: () throws -> Any) {
      do {
        _ = try body()
        Issue.record("\(op) threw nothing")
      } catch {
        let error = error as? LinearAlgebraError
        #expect(
          error?.op == op && error?.matrix == [1, 1] && error?.shape == [2, 2, 2, 2] && error?.finding == finding)
      }
    }
    let singular = batch(Tensor([[1.0, 2.0], [2.0, 4.0]]))
    let indefinite = batch(Tensor([[1.0, 2.0], [2.0, 1.0]]))
    let broken = batch(Tensor([[1.0, Double.nan], [0.0, 1.0]]))
    expectError("inverse", .singular(pivot: 2)) { try singular.inverse() }
    expectError("solve", .singular(pivot: 2)) { try solve(singular, .ones([2, 1])) }
    expectError("matrixPower", .singular(pivot: 2)) { try singular.matrixPower(-1) }
    expectError("cholesky", .notPositiveDefinite(minor: 2)) { try indefinite.cholesky() }
    expectError("svd", .notFinite) { try broken.svd() }
    expectError("eigh", .notFinite) { try broken.eigh() }
    expectError("triangularSolve", .singular(pivot: 2)) {
      try triangularSolve(batch(Tensor([[1.0, 0.0], [5.0, 0.0]])), .ones([2, 1]))
    }
    expectError("leastSquares", .singular(pivot: 1)) {
      try leastSquares(batch(Tensor([[0.0, 0.0], [0.0, 0.0]])), .ones([2, 2, 2, 1]))
    }
    #expect {
      try broken.svd()
    } throws: {
      "\($0)" == "svd: matrix [1, 1] of [2, 2, 2, 2] has elements that are infinite or not a number"
    }
  }

  @Test("of one matrix solves for a whole batch, and names a broadcast matrix by its own place")
  func broadcasting() throws {
    let (a, b) = (normal([4, 4]), normal([3, 2, 4, 5], .float64, 72))
    expectClose(matmul(a, try solve(a, b)), b, within: 1e-11, "A·X")
    let two = Tensor.stacked([a, Tensor.zeros([4, 4], dtype: .float64)]).unsqueezed(1)
    #expect {
      try solve(two, Tensor.ones([3, 4, 1], dtype: .float64))
    } throws: {
      ($0 as? LinearAlgebraError)?.matrix == [1, 0]
    }
  }
}

@Suite("The determinant")
struct DeterminantTests {
  @Test("of a singular matrix is zero, with the adjugate for a gradient")
  func singular() {
    let x = Tensor([[1, 2, 3], [4, 5, 6], [5, 7, 9]], dtype: .float64)
    let leaf = Tensor([1.0, 2, 0, 2, 4, 0, 0, 0, 3], shape: [3, 3], dtype: .float64).requiringGradient()
    let det = leaf.determinant()
    #expect(abs(det.item()) < 1e-12)
    // Cofactors by hand.
    let expected = Tensor([12.0, -6, 0, -6, 3, 0, 0, 0, 0], shape: [3, 3], dtype: .float64)
    expectClose(gradients(of: det, withRespectTo: [leaf])[0], expected, within: 1e-12, "adjugate")
    #expect(abs(x.determinant().item()) < 1e-12)
    #expect(leaf.logDeterminant().logMagnitude.item() == -.infinity)
    #expect(leaf.logDeterminant().sign.item() == 0)
  }

  @Test("has a logarithm where it overflows itself")
  func logarithm() {
    let x = Tensor.eye(200) * -1000
    #expect(x.determinant().item() == .infinity)
    #expect(abs(x.logDeterminant().logMagnitude.item() - 200 * 6.907755278982137) < 1e-3)
    #expect(x.logDeterminant().sign.item() == 1)
  }
}

@Suite("The norm")
struct NormTests {
  @Test("of zeros has a gradient of zeros", arguments: [0.5, 1, 2, 3])
  func zeros(_ p: Double) {
    let x = Tensor.zeros([3], dtype: .float64).requiringGradient()
    #expect(gradients(of: x.norm(p), withRespectTo: [x])[0].doubles == [0, 0, 0])
  }
}

@Suite("The matrix exponential")
struct MatrixExponentialTests {
  @Test("of a turn by any angle is the rotation", arguments: [0.1, 1, 3.5, 40])
  func rotation(_ angle: Double) {
    let turn = Tensor([0, -angle, angle, 0], shape: [2, 2], dtype: .float64)
    let (c, s) = (Tensor(angle, dtype: .float64).cos().item(), Tensor(angle, dtype: .float64).sin().item())
    expectClose(
      turn.matrixExponential(), Tensor([c, -s, s, c], shape: [2, 2], dtype: .float64), within: 1e-13, "rotation")
  }
}
