import Foundation
import Mathematics
import TensorCore
import Testing

@Suite("L-BFGS")
struct LimitedMemoryBFGSTests {
  private let precise = LimitedMemoryBFGS(stopping: Stopping(gradientTolerance: 1e-8, valueTolerance: 0))

  @Test("goes along Rosenbrock's valley in twenty variables with as few evaluations as SciPy's, give or take a fifth")
  func valley() throws {
    let f = TestFunction.rosenbrock(20)
    let found = precise.minimise(f.f, from: f.start)
    #expect(found.ending == .flat && f.distance(from: found.point) < 1e-7)
    let counts = try Goldens().numbers("bounded/rosenbrock free/counts")
    #expect(Double(found.evaluations) <= 1.2 * counts[2], "\(found.evaluations) evaluations, SciPy's \(counts[2])")
  }

  @Test("finds what SciPy's finds within bounds")
  func bounds() throws {
    let goldens = try Goldens()
    let f = TestFunction.rosenbrock(20)
    let found = precise.minimise(from: f.start, within: Bounds(-1.5...0.8)) { x in
      let (value, gradient) = valueWithGradient(of: f.f, at: x)
      return (value.item(), gradient)
    }
    #expect(found.hasConverged)
    #expect((found.point - (try goldens("bounded/rosenbrock cut/x"))).abs().max().item() < 1e-6)
    let counts = try goldens.numbers("bounded/rosenbrock cut/counts")
    #expect(abs(found.value - counts[0]) < 1e-9 && Double(found.evaluations) <= 2 * counts[2], "\(found), \(counts)")
  }

  @Test("solves least squares with non-negative weights as Lawson and Hanson's method does")
  func leastSquares() throws {
    let goldens = try Goldens()
    let (a, b) = (try goldens("bounded/least squares/a"), try goldens("bounded/least squares/b"))
    let half = Bounds(lower: Tensor(0.0, dtype: .float64), upper: Tensor(Double.infinity, dtype: .float64))
    let found = precise.minimise(from: Tensor.ones([12], dtype: .float64), within: half) { x in
      let residual = matmul(a, x) - b
      return (residual.square().sum().item() / 2, matmul(a.transposed(), residual))
    }
    #expect(found.ending == .flat)
    #expect((found.point - (try goldens("bounded/least squares/x"))).abs().max().item() < 1e-7)
    #expect(found.evaluations <= 60, "\(found)")
  }

  @Test("finds the weights of a logistic regression whose features differ by powers of ten, with SciPy's effort")
  func logistic() throws {
    let goldens = try Goldens()
    let (x, t) = (try goldens("logistic/x"), try goldens("logistic/t"))
    let found = LimitedMemoryBFGS(stopping: Stopping(gradientTolerance: 1e-6)).minimise(
      from: Tensor.zeros([8], dtype: .float64)
    ) { w in
      let z = t * matmul(x, w)
      let value = (-z).softplus().sum() + w.square().sum() * 0.5
      return (value.item(), w - matmul(x.transposed(), t * (-z).sigmoid()))
    }
    let counts = try goldens.numbers("logistic/counts")
    #expect(found.hasConverged && found.value - counts[0] < 1e-10 * counts[0])
    #expect((found.point - (try goldens("logistic/w"))).abs().max().item() < 1e-6)
    #expect(Double(found.evaluations) <= 1.2 * counts[2] + 5, "\(found.evaluations) evaluations, SciPy's \(counts[2])")
  }

  @Test("brings a start outside of the box into it, and never leaves the box")
  func box() {
    let bounds = Bounds(lower: Tensor([-1.0, 0.0], dtype: .float64), upper: Tensor([0.5, 2.0], dtype: .float64))
    var seen: [[Double]] = []
    let found = precise.minimise(from: Tensor([9.0, -9.0], dtype: .float64), within: bounds, recordingPath: true) { x in
      seen.append(x.scalars(as: Double.self))
      let (value, gradient) = valueWithGradient(of: TestFunction.rosenbrock.f, at: x)
      return (value.item(), gradient)
    }
    #expect(seen.allSatisfy { (-1...0.5).contains($0[0]) && (0...2).contains($0[1]) })
    // Along x = ½ the function is lowest at y = x².
    #expect((found.point - Tensor([0.5, 0.25], dtype: .float64)).abs().max().item() < 1e-8)
    #expect(found.path.count == found.iterations + 1 && found.values.last == found.value)
  }

  @Test("takes points of any shape, in float32 too")
  func shapes() {
    let target = Tensor.range(0, 6).reshaped([2, 3])
    let found = LimitedMemoryBFGS(stopping: Stopping(gradientTolerance: 1e-4)).minimise(
      { ($0 - target).power(4).sum() + ($0 - target).square().sum() }, from: Tensor.zeros([2, 3]))
    #expect(found.hasConverged && found.point.dtype == .float32 && found.point.shape == [2, 3])
    #expect((found.point - target).abs().max().item() < 1e-3)
  }

  @Test("keeps off where the function is infinite or no number")
  func barrier() {
    // x − ln x for x > 0, with its minimum at 1; from 1e-3 a first step by the gradient alone would leave the domain.
    let found = precise.minimise(from: Tensor([1e-3], dtype: .float64)) { x in
      let x = x.item()
      return (x - log(x), Tensor([1 - 1 / x], dtype: .float64))
    }
    #expect(found.ending == .flat && abs(found.point.item() - 1) < 1e-8)
    let wall = precise.minimise(from: Tensor([5.0], dtype: .float64)) { x in
      let x = x.item()
      return x > 1
        ? (x - log(x - 1), Tensor([1 - 1 / (x - 1)], dtype: .float64)) : (.nan, Tensor([0.0], dtype: .float64))
    }
    #expect(wall.ending == .flat && abs(wall.point.item() - 2) < 1e-8)
  }

  @Test("says why it stopped")
  func endings() {
    let start = Tensor([1.0], dtype: .float64)
    func ending(_ stopping: Stopping, _ f: (Double) -> (Double, Double)) -> Minimum.Ending {
      LimitedMemoryBFGS(stopping: stopping).minimise(from: start) { x in
        let (value, slope) = f(x.item())
        return (value, Tensor([slope], dtype: .float64))
      }.ending
    }
    #expect(ending(Stopping(gradientTolerance: 3)) { ($0 * $0, 2 * $0) } == .flat)
    #expect(ending(Stopping(iterations: 1)) { (pow($0 - 3, 4), 4 * pow($0 - 3, 3)) } == .iterations)
    #expect(
      ending(Stopping(gradientTolerance: 0, valueTolerance: 1)) { (pow($0 - 3, 4), 4 * pow($0 - 3, 3)) } == .still)
    #expect(ending(Stopping()) { ($0 * $0, -2 * $0) } == .noLowerPoint)
    #expect(ending(Stopping()) { _ in (.nan, 1) } == .notFinite)
  }
}
