import ClassicML
import TensorCore
import Testing

@Suite("An imputer")
struct ImputerTests {
  let golden = PreparationGoldens.preparation

  @Test(
    "fills what scikit-learn's fills",
    arguments: [
      (SimpleImputer(), "mean"), (SimpleImputer(strategy: .median), "median"),
      (SimpleImputer(strategy: .mostFrequent), "most_frequent"),
      (SimpleImputer(strategy: .constant(-1), indicatesMissing: true), "indicated"),
    ])
  func simple(_ imputer: SimpleImputer, _ name: String) throws {
    let x = try golden("missing.x")
    expectClose(try imputer.fit(x).transform(x), try golden("imputed.\(name)/transformed"), 1e-12)
  }

  @Test("fills from the nearest samples as scikit-learn's does")
  func nearest() throws {
    let x = try golden("holes.x")
    expectClose(try KNNImputer(neighbors: 3).fit(x).transform(x), try golden("imputed.nearest/transformed"), 1e-12)
    let weighted = try KNNImputer(neighbors: 4, weights: .distance).fit(x[0..<60]).transform(x[60...])
    expectClose(weighted, try golden("imputed.weighted/transformed"), 1e-9)
  }

  @Test("leaves what is there as it is, and refuses features without a number")
  func edges() throws {
    let x = try golden("x")
    expectClose(try SimpleImputer().fit(x).transform(x), x, 0)
    expectClose(try KNNImputer().fit(x).transform(x), x, 0)
    let empty = Tensor([[1.0, .nan], [2.0, .nan]], dtype: .float64)
    #expect(throws: EstimatorError.self) { try SimpleImputer().fit(empty) }
    #expect(throws: EstimatorError.self) { try KNNImputer().fit(empty) }
    let filled = try SimpleImputer(strategy: .constant(7)).fit(empty).transform(empty)
    #expect(filled.scalars(as: Double.self) == [1, 7, 2, 7])
  }
}

@Suite("A selection of features")
struct SelectionTests {
  let golden = PreparationGoldens.preparation

  @Test("has scikit-learn's scores", arguments: ["iris", "wine"])
  func scores(_ name: String) throws {
    let (x, y) = (try golden("\(name).x"), try golden("\(name).y"))
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
    let fitted = try SelectKBest(5).fit(golden("wine.x"), golden("wine.y"))
    #expect(fitted.selected == (try golden("scores.wine/selected")).scalars(as: Int.self))
    #expect(try SelectKBest(99).fit(golden("iris.x"), golden("iris.y")).selected == [0, 1, 2, 3])
    let varying = try VarianceThreshold(threshold: 0.5).fit(golden("iris.x"))
    #expect(varying.selected == (try golden("variance/selected")).scalars(as: Int.self))
    #expect(throws: EstimatorError.self) { try VarianceThreshold(threshold: 99).fit(golden("iris.x")) }
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
    let (x, y) = (try golden("iris.x"), try golden("iris.y"))
    let fitted = try StandardScaler().then(SelectKBest(1)).then(LinearRegression()).fit(x, y)
    #expect(fitted.first.last.selected == [2])
    #expect(try fitted.score(x, y) > 0.88)
  }
}
