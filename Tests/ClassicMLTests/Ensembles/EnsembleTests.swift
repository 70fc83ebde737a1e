import ClassicML
import TensorCore
import Testing

@Suite("An ensemble of one classifier")
struct EnsembleTests {
  @Test("keeps the contract")
  func contract() {
    #expect(checkEstimator(BaggingClassifier(LeastSquaresClassifier(), members: 5)) == [])
    #expect(checkEstimator(BaggingClassifier(DummyClassifier(), members: 3)) == [])
    #expect(checkEstimator(OneVsRestClassifier(LeastSquaresClassifier())) == [])
    #expect(checkEstimator(OneVsRestClassifier(DummyClassifier())) == [])
    #expect(checkEstimator(OneVsRestClassifier(LeastSquaresClassifier()), .binary) == [])
  }

  @Test("of each class against the rest decides as what does so by itself")
  func oneVsRest() throws {
    let (x, y) = try CrossValidationTests.wine()
    let own = try LeastSquaresClassifier().fit(x, y).decisionFunction(x)
    let found = try OneVsRestClassifier(LeastSquaresClassifier()).fit(x, y)
    #expect((try found.decisionFunction(x) - own).abs().max().item() < 1e-9)
    let two = (y .== 1.0).cast(to: .int64) * 3
    let binary = try OneVsRestClassifier(LeastSquaresClassifier()).fit(x, two)
    let expected = try LeastSquaresClassifier().fit(x, two)
    #expect(binary.members.count == 1)
    #expect((try binary.predict(x) .== expected.predict(x)).all().item(Bool.self))
    #expect((try binary.decisionFunction(x) - expected.decisionFunction(x)).abs().max().item() < 1e-9)
  }

  @Test("of drawn samples has the mean of its members, the same for the same seed")
  func bagging() throws {
    let (x, y) = try CrossValidationTests.wine()
    let bagging = BaggingClassifier(LeastSquaresClassifier(), members: 8, share: 0.5, seed: 3)
    let fitted = try bagging.fit(x, y)
    let p = try fitted.predictProbabilities(x)
    var votes = Tensor.zeros([178, 3], dtype: .float64)
    for member in fitted.members { votes = votes + (try member.predict(x)).oneHot(classes: 3, dtype: .float64) }
    #expect((p - votes / 8).abs().max().item() < 1e-12)
    #expect((try bagging.fit(x, y).predictProbabilities(x) .== p).all().item(Bool.self))
    let other = try BaggingClassifier(LeastSquaresClassifier(), members: 8, share: 0.5, seed: 4).fit(x, y)
    #expect(!(try other.predictProbabilities(x) .== p).all().item(Bool.self))
    #expect(try fitted.score(x, y) > 0.95)
    // A rare class is missing from some members' samples, and not from the answer.
    let rare = Tensor((0..<178).map { $0 == 0 ? 9 : $0 % 2 })
    let few = try BaggingClassifier(DummyClassifier(), members: 20).fit(x, rare)
    #expect(few.classes == [0, 1, 9] && few.members.contains { $0.classes == [0, 1] })
    #expect((try few.predictProbabilities(x).sum(axis: 1) - 1).abs().max().item() < 1e-12)
    #expect(throws: EstimatorError.self) { try BaggingClassifier(DummyClassifier(), members: 0).fit(x, y) }
    #expect(throws: EstimatorError.self) { try BaggingClassifier(DummyClassifier(), share: 0).fit(x, y) }
  }
}
