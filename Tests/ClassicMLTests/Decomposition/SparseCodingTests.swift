import ClassicML
import TensorCore
import Testing

@Suite("A sparse code")
struct SparseCodingTests {
  let golden = PreparationGoldens.decomposition

  @Test(
    "is the lasso's, whichever way it is found",
    arguments: [
      SparseCoder.Method.coordinateDescent(penalty: 0.1), .ista(penalty: 0.1), .fista(penalty: 0.1),
    ])
  func lasso(_ method: SparseCoder.Method) throws {
    let coder = SparseCoder(
      dictionary: try golden("coding.atoms"), method: method, tolerance: 1e-12, maximumIterations: 20_000)
    expectClose(try coder.transform(golden("coding.x")), try golden("coding/lasso"), 1e-7)
  }

  @Test("by matching pursuit is scikit-learn's")
  func matching() throws {
    let coder = SparseCoder(
      dictionary: try golden("coding.atoms"), method: .orthogonalMatchingPursuit(nonzeros: 3))
    let codes = try coder.transform(golden("coding.x"))
    expectClose(codes, try golden("coding/matching"), 1e-9)
    #expect((codes .!= 0).cast(to: .int64).sum(axis: 1).max().item() <= 3)
  }

  @Test("by matching pursuit ends where nothing is left, and where atoms depend on each other")
  func dependence() throws {
    let atoms = Tensor([[1.0, 0.0], [1.0, 0.0], [0.0, 1.0]], dtype: .float64)
    let coder = SparseCoder(dictionary: atoms, method: .orthogonalMatchingPursuit(nonzeros: 3))
    let x = Tensor([[2.0, 1.0], [0.0, 0.0], [0.0, 4.0]], dtype: .float64)
    let codes = try coder.transform(x)
    expectClose(matmul(codes, atoms), x, 1e-12)
  }

  @Test("has momentum's advantage: after 50 steps it is nearer to the best")
  func momentum() throws {
    let (atoms, x) = (try golden("coding.atoms"), try golden("coding.x"))
    func gap(_ method: SparseCoder.Method) throws -> Double {
      let coder = SparseCoder(dictionary: atoms, method: method, tolerance: 0, maximumIterations: 50)
      return (try coder.transform(x) - golden("coding/lasso")).square().sum().item()
    }
    #expect(try gap(.fista(penalty: 0.1)) < gap(.ista(penalty: 0.1)))
  }

  @Test("goes with a dictionary that is learned as scikit-learn learns it")
  func learning() throws {
    let x = try golden("coding.x")
    let learner = DictionaryLearning(
      atoms: 9, penalty: 0.2, tolerance: 1e-10, maximumIterations: 200, start: try golden("dictionary/start"))
    let fitted = try learner.fit(x)
    let expected = try golden("dictionary/errors").scalars(as: Double.self)
    for (found, error) in zip(fitted.objectives, expected) { #expect(abs(found - error) < 1e-4 * error) }
    #expect(try #require(fitted.objectives.last) < (try golden.number("dictionary/last")) * 1.001)
    #expect(fitted.dictionary.square().sum(axis: 1).max().item() <= 1 + 1e-12)
    for (before, after) in zip(fitted.objectives, fitted.objectives.dropFirst()) {
      #expect(after <= before * (1 + 1e-9))
    }
  }

  @Test("is refused for settings that make no sense")
  func refusals() throws {
    let (atoms, x) = (try golden("coding.atoms"), try golden("coding.x"))
    for method in [SparseCoder.Method.orthogonalMatchingPursuit(nonzeros: 0), .ista(penalty: -1)] {
      #expect(throws: EstimatorError.self) { try SparseCoder(dictionary: atoms, method: method).transform(x) }
    }
  }
}
