import ClassicML
import TensorCore
import Testing

@Suite("Baselines")
struct BaselineTests {
  @Test("keep the contract")
  func contract() {
    #expect(checkEstimator(DummyClassifier()) == [])
    #expect(checkEstimator(DummyClassifier(.constant(4))) == [])
    #expect(checkEstimator(DummyRegressor()) == [])
    #expect(checkEstimator(DummyRegressor(.median)) == [])
  }

  @Test("know targets alone")
  func answers() throws {
    let x = Tensor.zeros([4, 2])
    let y = Tensor([5, 5, 2, 2])
    #expect(try DummyClassifier().fit(x, y).predict(x).scalars(as: Int.self) == [2, 2, 2, 2])
    #expect(try DummyClassifier(.constant(5)).fit(x, y).predict(x).scalars(as: Int.self) == [5, 5, 5, 5])
    #expect(try DummyRegressor().fit(x, y).predict(x).scalars(as: Double.self) == [3.5, 3.5, 3.5, 3.5])
    #expect(try DummyRegressor(.constant(-1)).fit(x, y).predict(x)[0].item() == -1)
    #expect(try DummyRegressor().fit(x, y).score(x, y) == 0)
    #expect(throws: EstimatorError.self) { try DummyClassifier(.constant(3)).fit(x, y) }
    #expect(throws: EstimatorError.self) { try DummyRegressor(.constant(.nan)).fit(x, y) }
    let sparse = SparseMatrix(x)
    #expect(try DummyClassifier().fit(sparse, y).predict(sparse).count == 4)
  }
}
