import ClassicML
import TensorCore
import Testing

@Suite("A selection of features")
struct FeatureSelectionTests {
  let golden = PreparationGoldens.preparation

  func data(_ name: String) throws -> (x: Tensor, y: Tensor) {
    let x = name == "iris" ? try PreparationGoldens.decomposition("iris.x") : try golden("\(name).x")
    return (x, try golden("\(name).y"))
  }

  @Test("has scikit-learn's scores", arguments: ["iris", "wine"])
  func scores(_ name: String) throws {
    let (x, y) = try data(name)
    for (score, key) in [(FeatureScore.anovaF, "anova"), (.chiSquared, "chi"), (.regressionF, "regression")] {
      let found = try SelectKBest(2, by: score).fit(x, y).scores
      expectClose(found / (try golden("scores.\(name)/\(key)")), Tensor.ones(like: found), 1e-9, key)
    }
    if name == "iris" {
      let found = try SelectKBest(2, by: .mutualInformation).fit(x.round(), y).scores
      expectClose(found, try golden("scores.iris/information"), 1e-12)
    }
  }

  @Test("keeps scikit-learn's features")
  func selected() throws {
    let ((wine, cultivars), (iris, species)) = (try data("wine"), try data("iris"))
    let fitted = try SelectKBest(5).fit(wine, cultivars)
    #expect(fitted.selected == (try golden("scores.wine/selected")).scalars(as: Int.self))
    #expect(try SelectKBest(99).fit(iris, species).selected == [0, 1, 2, 3])
    let varying = try VarianceThreshold(threshold: 0.5).fit(iris)
    #expect(varying.selected == (try golden("variance/selected")).scalars(as: Int.self))
    #expect(throws: EstimatorError.self) { try VarianceThreshold(threshold: 99).fit(iris) }
  }

  @Test("of sparse samples is that of dense ones", arguments: [FeatureScore.anovaF, .chiSquared])
  func sparse(_ score: FeatureScore) throws {
    let x = try PreparationGoldens.decomposition("sparse.x")
    let y = Tensor((0..<60).map { $0 * 7 % 3 }, shape: [60])
    let (dense, sparse) = (
      try SelectKBest(6, by: score).fit(x, y), try SelectKBest(6, by: score).fit(SparseMatrix(x), y)
    )
    expectClose(sparse.scores, dense.scores, 1e-10)
    #expect(sparse.selected == dense.selected)
    let kept: SparseMatrix = try sparse.transform(SparseMatrix(x))
    expectClose(kept.dense(), try dense.transform(x as any FeatureMatrix), 0)
    let varying = try VarianceThreshold(threshold: 0.03).fit(SparseMatrix(x))
    #expect(varying.selected == (try VarianceThreshold(threshold: 0.03).fit(x).selected))
    #expect((1..<40).contains(varying.selected.count))
    expectClose(
      try varying.transform(SparseMatrix(x) as any FeatureMatrix),
      x.rows(Array(0..<60)).transposed().rows(varying.selected).transposed(), 0)
    #expect(throws: EstimatorError.self) { try SelectKBest(6, by: .regressionF).fit(SparseMatrix(x), y) }
  }

  @Test("stands in chains, and learns from their training part alone")
  func chains() throws {
    let (x, y) = try data("iris")
    let fitted = try StandardScaler().then(SelectKBest(1)).then(LinearRegression()).fit(x, y)
    #expect(fitted.first.last.selected == [2])
    #expect(try fitted.score(x, y) > 0.88)
  }
}
