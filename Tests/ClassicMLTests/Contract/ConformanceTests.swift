import ClassicML
import Testing

@Suite("An estimator")
struct ConformanceTests {
  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(StandardScaler()), checkEstimator(LinearRegression()),
      checkEstimator(StandardScaler().then(LinearRegression())),
    ])
  func contract(_ violations: [String]) {
    #expect(violations == [])
  }
}
