import Foundation
import Mathematics
import TensorCore
import Testing

@Suite("Beside SciPy")
struct SciPyTests {
  static let functions: [TestFunction] = [.rosenbrock, .himmelblau, .beale, .booth, .rastrigin]

  @Test("Nelder and Mead's simplex makes the same moves", arguments: functions.indices)
  func simplex(_ index: Int) throws {
    let f = Self.functions[index]
    let golden = try Golden(f, "Nelder-Mead")
    let found = NelderMead().minimise(f.f, from: f.start)
    // SciPy counts the first simplex as an iteration.
    #expect(
      found.hasConverged && found.iterations + 1 == golden.iterations && found.evaluations == golden.evaluations,
      "\(found) \(golden)")
    #expect((found.point - golden.x).abs().max().item() < 1e-9)
  }

  static let peers: [(peer: String, method: any Minimiser)] = [
    ("BFGS", BFGS()), ("L-BFGS-B", LimitedMemoryBFGS()), ("CG", NonlinearConjugateGradient(.polakRibiere)),
  ]

  @Test(
    "quasi-Newton methods and conjugate gradients come to a minimum with as few evaluations, give or take half",
    arguments: functions.indices, peers.indices)
  func gradientMethods(_ function: Int, _ peer: Int) throws {
    let f = Self.functions[function]
    let golden = try Golden(f, Self.peers[peer].peer)
    let found = Self.peers[peer].method.minimise(f.f, from: f.start)
    #expect(found.hasConverged, "\(f.name): \(found)")
    // A minimum of Rastrigin's function other than the lowest is one, too.
    if f.name != "Rastrigin" { #expect(f.distance(from: found.point) < 1e-4, "\(f.name): \(found.point)") }
    #expect(
      Double(found.evaluations) <= 1.5 * Double(golden.evaluations) + 6,
      "\(f.name), \(Self.peers[peer].peer): \(found.evaluations) evaluations, SciPy's \(golden.evaluations)")
  }

  @Test("the dogleg comes to the minimum in as many steps, give or take a fifth", arguments: [0, 3])
  func dogleg(_ index: Int) throws {
    let f = Self.functions[index]
    let golden = try Golden(f, "dogleg")
    let found = TrustRegion(stopping: Stopping(gradientTolerance: 1e-4)).minimise(f.f, from: f.start)
    #expect(found.hasConverged && f.distance(from: found.point) < 1e-5)
    #expect(Double(found.iterations) <= 1.2 * Double(golden.iterations) + 1)
  }

  private struct Golden {
    let x: Tensor
    let iterations: Int
    let evaluations: Int

    init(_ f: TestFunction, _ method: String) throws {
      let goldens = try Goldens()
      x = try goldens("minimisation/\(f.name)/\(method)/x")
      let counts = try goldens.numbers("minimisation/\(f.name)/\(method)/counts")
      (iterations, evaluations) = (Int(counts[1]), Int(counts[2]))
    }
  }
}
