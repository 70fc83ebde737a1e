import FromScratch
import TensorCore
import Testing

@Suite("A kernel machine from scratch")
struct KernelMachineTests {
  @Test("has scikit-learn's scores and support vectors, and fulfils the optimality conditions")
  func scikitLearn() throws {
    let wine = try Wine()
    let targets = wine.targets[.all, 1].contiguous() * 2 - 1
    let fitted = KernelMachine(fitting: wine.x, targets, c: 1, gamma: 0.05, tolerance: 1e-9)
    let scores = fitted.scores(wine.x)
    #expect((scores - (try wine.golden("kernel/scores"))).abs().max().item() < 1e-6)
    let golden = try wine.golden("kernel/objective").item()
    #expect(abs(fitted.objective - golden) < 1e-8 * abs(golden))
    let support = fitted.alpha .> 1e-9
    #expect((support .== (try wine.golden("kernel/support")).cast(to: .bool)).all().item(Bool.self))
    // Σ αt = 0; a free α stands on its margin, one at 0 beyond, one at C within.
    #expect(abs(dot(fitted.alpha, targets).item()) < 1e-12)
    for (a, margin) in zip(fitted.alpha.scalars(as: Double.self), (targets * scores).scalars(as: Double.self)) {
      if a < 1e-9 {
        #expect(margin > 1 - 1e-6)
      } else if a > 1 - 1e-9 {
        #expect(margin < 1 + 1e-6)
      } else {
        #expect(abs(margin - 1) < 1e-6)
      }
    }
    #expect((fitted(wine.x) .== targets).cast(to: .float64).mean().item() > 0.98)
  }
}
