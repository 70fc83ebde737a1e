import Foundation
import Mathematics
import TensorCore
import Testing

@Suite("Orthogonalisation")
struct OrthogonalisationTests {
  @Test(
    "of a well conditioned matrix is the same in all three ways, but for signs", arguments: Orthogonalisation.allCases)
  func qr(_ method: Orthogonalisation) {
    let a = Tensor.normal([7, 4], dtype: .float64, using: RandomGenerator(seed: 1))
    let (q, r) = method.qr(a)
    #expect(q.shape == [7, 4] && r.shape == [4, 4])
    #expect((matmul(q, r) - a).norm().item() < 1e-14 && Orthogonalisation.loss(of: q) < 1e-14)
    #expect((r - r.upperTriangle()).abs().max().item() == 0)
    #expect((r.abs() - a.qr().r.abs()).abs().max().item() < 1e-13)
  }

  @Test(
    "of Hilbert's matrices is lost like κ² by the classical way, like κ by the modified, and not at all by reflections")
  func loss() throws {
    for n in [4, 6, 8] {
      let a = hilbertMatrix(n)
      let kappa = try LinearSystem(a, a[0]).conditionNumber
      let losses = Orthogonalisation.allCases.map { Orthogonalisation.loss(of: $0.qr(a).q) }
      #expect(losses[0] < 10 * kappa * kappa * .ulpOfOne && losses[1] < 10 * kappa * .ulpOfOne && losses[2] < 1e-14)
      #expect(losses[0] > 10 * losses[1] && losses[1] > 10 * losses[2], "\(n): \(losses)")
      // The product is right in all of them.
      for method in Orthogonalisation.allCases {
        let (q, r) = method.qr(a)
        #expect((matmul(q, r) - a).norm().item() < 1e-14)
      }
    }
  }

  @Test("by reflections bears a column of zeros")
  func zeros() {
    let a = Tensor([[0.0, 1.0], [0.0, 2.0], [0.0, 2.0]], dtype: .float64)
    let (q, r) = Orthogonalisation.householder.qr(a)
    #expect((matmul(q, r) - a).norm().item() < 1e-15 && Orthogonalisation.loss(of: q) < 1e-15)
  }
}

@Suite("Eigenvalues")
struct EigenvalueTests {
  @Test("by powers come nearer by λ₂/λ₁ each time")
  func power() throws {
    let (q, _) = Tensor.normal([6, 6], dtype: .float64, using: RandomGenerator(seed: 1)).qr()
    let a = matmul(q * Tensor([-5.0, 4.0, 1.0, 0.5, 0.1, 0.0], dtype: .float64), q.transposed())
    let found = PowerIteration(tolerance: 1e-12).run(a)
    #expect(found.hasConverged && abs(found.value + 5) < 1e-12)
    #expect((matmul(a, found.vector) - found.vector * found.value).norm().item() < 1e-11)
    #expect(abs(pow(found.residuals[70] / found.residuals[40], 1 / 30.0) - 0.8) < 1e-3)
    #expect(!PowerIteration(iterations: 5).run(a).hasConverged)
    // Two of the same magnitude and opposite sign: no limit.
    #expect(!PowerIteration().run(Tensor([[1.0, 0.0], [0.0, -1.0]], dtype: .float64)).hasConverged)
  }

  @Test("by the QR algorithm are numpy's, real and complex", arguments: 0..<5)
  func qr(_ index: Int) throws {
    let goldens = try Goldens()
    let found = QRAlgorithm().run(try goldens("linear/matrix \(index)"))
    let values = try goldens("linear/eigenvalues \(index)")
    #expect(found.hasConverged && found.real.count == values.shape[0])
    #expect((found.real - values[.all, 0]).abs().max().item() < 1e-10)
    #expect((found.imaginary - values[.all, 1]).abs().max().item() < 1e-10)
    #expect(found.iterations <= 4 * values.shape[0])
  }

  @Test("by the QR algorithm of a symmetric matrix are those of eigh; of one that is not finite, none")
  func symmetric() throws {
    let root = Tensor.normal([9, 9], dtype: .float64, using: RandomGenerator(seed: 4))
    let a = root + root.transposed()
    let found = QRAlgorithm().run(a)
    #expect((found.real - (try a.eigvalsh()).flipped([0])).abs().max().item() < 1e-12)
    #expect(found.imaginary.abs().max().item() == 0)
    let broken = QRAlgorithm().run(a * .nan)
    #expect(!broken.hasConverged && broken.real.count == 0)
    #expect(QRAlgorithm().run(Tensor([[7.0]], dtype: .float64)).real.item() == 7)
  }
}
