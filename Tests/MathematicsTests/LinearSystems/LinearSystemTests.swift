import Foundation
import Mathematics
import TensorCore
import Testing

@Suite("A linear system")
struct LinearSystemTests {
  private func random(_ n: Int, seed: UInt64 = 1) -> Tensor {
    Tensor.normal([n, n], dtype: .float64, using: RandomGenerator(seed: seed))
  }

  /// U·diag(s)·Vᵀ with singular values from 1 down to 1/κ.
  private func matrix(_ n: Int, conditionNumber: Double) throws -> Tensor {
    let (u, _, vt) = try random(n).svd()
    let s = (0..<n).map { pow(conditionNumber, -Double($0) / Double(n - 1)) }
    return matmul(u * Tensor(s, dtype: .float64), vt)
  }

  @Test(
    "is solved by each decomposition with a backward error of a few roundings", arguments: LinearSystem.Method.allCases)
  func backwardStable(_ method: LinearSystem.Method) throws {
    let root = random(30)
    let a = matmul(root, root.transposed()) + Tensor.eye(30, dtype: .float64)
    let x = Tensor.normal([30], dtype: .float64, using: RandomGenerator(seed: 2))
    let solution = try LinearSystem(a, matmul(a, x)).solve(by: method)
    // The pseudo-inverse is formed and then applied, which is not backward stable; its error is bounded by κ.
    #expect(solution.backwardError < (method == .svd ? 1e-13 : 5e-16), "\(method): \(solution.backwardError)")
    #expect((solution.x - x).norm().item() / x.norm().item() < 1e-11)
    #expect(abs(solution.residualNorm - (matmul(a, solution.x) - matmul(a, x)).norm().item()) < 1e-12)
  }

  @Test("of a known condition number has it, and its error is within the bound", arguments: [1e2, 1e6, 1e10])
  func conditionNumber(_ kappa: Double) throws {
    let a = try matrix(20, conditionNumber: kappa)
    let x = Tensor.ones([20], dtype: .float64)
    let system = LinearSystem(a, matmul(a, x))
    let measured = try system.conditionNumber
    #expect(abs(measured / kappa - 1) < 1e-5)
    for method in [LinearSystem.Method.lu, .qr] {
      let solution = try system.solve(by: method)
      let error = (solution.x - x).abs().max().item()
      // The condition number in the norm of maxima is at most n times the other.
      #expect(error <= 20 * max(solution.errorBound(conditionNumber: kappa), .ulpOfOne * kappa))
      // Not much less, for a random matrix: the bound says something.
      #expect(error > 1e-5 * .ulpOfOne * kappa)
    }
  }

  @Test("in float32 comes to float64's digits by refinement, while float32 alone leaves κ·10⁻⁷")
  func refinement() throws {
    let a = try matrix(20, conditionNumber: 1e4)
    let x = Tensor.ones([20], dtype: .float64)
    let system = LinearSystem(a, matmul(a, x))
    for method in [LinearSystem.Method.lu, .qr] {
      let errors = try (0...5).map { try (system.refined(by: method, in: .float32, steps: $0).x - x).norm().item() }
      #expect(errors[0] > 1e-6 && errors[5] < 1e-11, "\(errors)")
      // Each step takes the same share of the error away, about κ·ε of float32, until float64's is reached.
      #expect(errors[1] < 0.02 * errors[0] && errors[2] < 0.02 * errors[1])
    }
  }

  @Test("of Hilbert's matrix is solved with a small residual and a large error: the condition number says so")
  func hilbert() throws {
    let goldens = try Goldens()
    #expect((hilbertMatrix(6) - (try goldens("linear/hilbert 6"))).abs().max().item() == 0)
    let a = hilbertMatrix(10)
    let system = LinearSystem(a, a.sum(axis: 1))
    let kappa = try system.conditionNumber
    let golden = try goldens.numbers("linear/hilbert 10 condition")[0]
    #expect(abs(kappa / golden - 1) < 1e-3)
    let solution = try system.solve()
    #expect(solution.backwardError < 1e-15)
    let error = (solution.x - 1).abs().max().item()
    #expect(error > 1e-6 && error < 10 * .ulpOfOne * kappa)
  }

  @Test("without a solution throws why")
  func singular() {
    let a = Tensor([[1.0, 2.0], [2.0, 4.0]], dtype: .float64)
    let system = LinearSystem(a, Tensor([1.0, 1.0], dtype: .float64))
    for method in [LinearSystem.Method.lu, .cholesky] {
      #expect(throws: LinearAlgebraError.self) { try system.solve(by: method) }
    }
    // The least residual, and of all such x the shortest: b's part along (1, 2) is (0.6, 1.2) = A·(0.12, 0.24).
    let x = try? system.solve(by: .svd).x.scalars(as: Double.self)
    #expect(x.map { abs($0[0] - 0.12) < 1e-15 && abs($0[1] - 0.24) < 1e-15 } == true)
  }
}

@Suite("Least squares")
struct LeastSquaresTests {
  @Test("by all three ways are numpy's", arguments: LeastSquaresProblem.Method.allCases)
  func numpy(_ method: LeastSquaresProblem.Method) throws {
    let goldens = try Goldens()
    let solution = try LeastSquaresProblem(try goldens("linear/a"), try goldens("linear/b")).solve(by: method)
    #expect((solution.x - (try goldens("linear/least squares"))).abs().max().item() < 1e-12)
    let residual = try goldens.numbers("linear/residual")[0]
    #expect(solution.optimality < 1e-14 && abs(solution.residualNorm - residual) < 1e-12)
  }

  @Test("by the normal equation have the squared condition number, and lose twice the digits")
  func squared() throws {
    // A polynomial of degree 9 on [0, 1], whose coefficients are ones: κ ≈ 10⁷.
    let t = Tensor.linspace(0, 1, count: 30, dtype: .float64)
    let a = Tensor.stacked((0..<10).map { t.power(Double($0)) }, axis: 1)
    let problem = LeastSquaresProblem(a, a.sum(axis: 1))
    let (normal, qr) = (try problem.solve(by: .normalEquation), try problem.solve(by: .qr))
    // As far as float64 can tell the squared one.
    #expect(abs(normal.conditionNumber / (qr.conditionNumber * qr.conditionNumber) - 1) < 0.05)
    let errors = [normal, qr].map { ($0.x - 1).abs().max().item() }
    #expect(errors[1] < 100 * .ulpOfOne * qr.conditionNumber, "\(errors)")
    #expect(errors[0] > 1000 * errors[1], "\(errors)")
  }

  @Test(
    "of columns that depend on each other throw by the normal equation, and have a shortest solution by singular values"
  )
  func dependent() throws {
    let a = Tensor([[1.0, 1.0], [1.0, 1.0], [1.0, 1.0]], dtype: .float64)
    let problem = LeastSquaresProblem(a, Tensor([1.0, 2.0, 3.0], dtype: .float64))
    #expect(throws: LinearAlgebraError.self) { try problem.solve(by: .normalEquation) }
    #expect((try problem.solve(by: .svd).x - 1).abs().max().item() < 1e-14)
  }
}
