import ClassicML
import TensorCore
import Testing

@Suite("A scaler")
struct ScalerTests {
  let golden = PreparationGoldens.preparation

  func check<T: Transformer>(_ transformer: T, _ name: String, _ tolerance: Double = 1e-11) throws
  where T.Input == any FeatureMatrix, T.Fitted: FittedTransformer<any FeatureMatrix>, T.Fitted.Output == Tensor {
    let fitted = try transformer.fit(golden("x"))
    expectClose(try fitted.transform(golden("new.x")), try golden("\(name)/transformed"), tolerance, name)
  }

  @Test("is scikit-learn's")
  func goldens() throws {
    try check(StandardScaler(), "standard")
    try check(MinMaxScaler(range: -1...2), "minmax")
    try check(MinMaxScaler(clips: true), "minmax.clipped")
    try check(MaxAbsScaler(), "maxabs")
    try check(RobustScaler(), "robust")
    try check(RobustScaler(centres: false, quantileRange: 0.1...0.8, unitVariance: true), "robust.wide")
    for norm in [RowNorm.l1, .l2, .max] { try check(Normalizer(norm: norm), "normalized.\(norm.rawValue)") }
    try check(QuantileTransformer(), "quantile")
    try check(QuantileTransformer(quantiles: 20, output: .normal), "quantile.normal", 1e-6)
    try check(PowerTransformer(), "power", 1e-5)
  }

  @Test("by powers finds scikit-learn's exponents")
  func exponents() throws {
    expectClose(try PowerTransformer().fit(golden("x")).exponents, try golden("power/exponents"), 1e-5)
    let x = try golden("positive.x")
    let fitted = try PowerTransformer(method: .boxCox, standardizes: false).fit(x)
    expectClose(fitted.exponents, try golden("power.boxcox/exponents"), 1e-5)
    expectClose(try fitted.transform(x[0..<14]), try golden("power.boxcox/transformed"), 1e-5)
    #expect(throws: EstimatorError.self) { try fitted.transform(-x) }
    #expect(throws: EstimatorError.self) { try PowerTransformer(method: .boxCox).fit(-x) }
  }

  @Test("leads back to the samples")
  func inverses() throws {
    let (x, positive) = (try golden("x"), try golden("positive.x"))
    func check<T: Transformer>(_ transformer: T, _ x: Tensor, _ tolerance: Double = 1e-11) throws
    where T.Input == any FeatureMatrix, T.Fitted: InvertibleTransformer<any FeatureMatrix>, T.Fitted.Output == Tensor {
      let fitted = try transformer.fit(x)
      expectClose(try fitted.inverseTransform(fitted.transform(x)), x, tolerance, "\(T.self)")
    }
    try check(StandardScaler(), x)
    try check(MinMaxScaler(range: -3 ... -1), x)
    try check(MaxAbsScaler(), x)
    try check(RobustScaler(), x)
    try check(PowerTransformer(), x, 1e-9)
    try check(PowerTransformer(method: .boxCox), positive, 1e-9)
    let some = Tensor.concatenated([x[.all, 0..<2], x[.all, 4...]], axis: 1)
    try check(QuantileTransformer(), some)
    try check(QuantileTransformer(output: .normal), some, 1e-6)
    let back = try QuantileTransformer(quantiles: 20, output: .normal).fit(x)
      .inverseTransform(Tensor.linspace(-2, 2, count: 45, dtype: .float64).reshaped([9, 5]))
    expectClose(back, try golden("quantile.normal/inverse"), 1e-9)
  }

  @Test("learns from batches what it learns from all at once")
  func updates() throws {
    let x = try golden("x")
    let standard = try StandardScaler().fit(x[0..<7]).updated(with: x[7..<8]).updated(with: x[8...])
    let whole = try StandardScaler().fit(x)
    expectClose(standard.mean, whole.mean, 1e-13)
    expectClose(standard.scale, whole.scale, 1e-13)
    #expect(standard.sampleCount == 60)
    let range = try MinMaxScaler().fit(x[0..<9]).updated(with: x[9...])
    expectClose(range.minimum, try MinMaxScaler().fit(x).minimum, 0)
    expectClose(range.maximum, try MinMaxScaler().fit(x).maximum, 0)
  }

  @Test("of sparse samples keeps them sparse")
  func sparse() throws {
    let x = try PreparationGoldens.decomposition("sparse.x")
    let sparse = SparseMatrix(x)
    let largest: SparseMatrix = try MaxAbsScaler().fit(sparse).transform(sparse)
    expectClose(largest.dense(), try MaxAbsScaler().fit(x).transform(x as any FeatureMatrix), 1e-14)
    for norm in [RowNorm.l1, .l2, .max] {
      let scaled: SparseMatrix = try Normalizer(norm: norm).fit(sparse).transform(sparse)
      #expect(scaled.count == sparse.count)
      expectClose(scaled.dense(), try Normalizer(norm: norm).fit(x).transform(x as any FeatureMatrix), 1e-14)
    }
  }

  @Test("refuses ranges that are none")
  func refusals() throws {
    let x = try golden("x")
    #expect(throws: EstimatorError.self) { try MinMaxScaler(range: 1...1).fit(x) }
    #expect(throws: EstimatorError.self) { try RobustScaler(quantileRange: 0.5...1.5).fit(x) }
    #expect(throws: EstimatorError.self) { try QuantileTransformer(quantiles: 0).fit(x) }
    #expect(throws: EstimatorError.self) { try KBinsDiscretizer(bins: 1).fit(x) }
  }
}

@Suite("A discretizer")
struct KBinsDiscretizerTests {
  let golden = PreparationGoldens.preparation

  @Test(
    "has scikit-learn's bins",
    arguments: [(KBinsDiscretizer.Strategy.uniform, "uniform"), (.quantile, "quantile"), (.kMeans, "kmeans")])
  func goldens(_ strategy: KBinsDiscretizer.Strategy, _ name: String) throws {
    let fitted = try KBinsDiscretizer(bins: 4, strategy: strategy, encoding: .ordinal).fit(golden("x"))
    let bins = try fitted.transform(golden("new.x"))
    expectClose(bins, try golden("bins.\(name)/transformed"), 0, "bins")
    #expect(fitted.binCounts == (try golden("bins.\(name)/counts")).scalars(as: Int.self))
    // scikit-learn gives the middle of a constant feature's only bin as NaN.
    let varying = [0, 1, 2, 4]
    expectClose(
      try fitted.inverseTransform(bins).indexSelected(axis: 1, indices: Tensor(varying)),
      try golden("bins.\(name)/inverse").indexSelected(axis: 1, indices: Tensor(varying)), 1e-9, "middles")
  }

  @Test("gives each bin a column")
  func oneHot() throws {
    let fitted = try KBinsDiscretizer(bins: 4, strategy: .uniform).fit(golden("x"))
    let columns = try fitted.transform(golden("new.x"))
    expectClose(columns, try golden("bins.onehot/transformed"), 0)
    let ordinal = try KBinsDiscretizer(bins: 4, strategy: .uniform, encoding: .ordinal).fit(golden("x"))
    expectClose(
      try fitted.inverseTransform(columns), try ordinal.inverseTransform(ordinal.transform(golden("new.x"))), 0)
  }

  @Test("of ones and zeros is a comparison")
  func binarizer() throws {
    let fitted = try Binarizer(threshold: 2).fit(Tensor([[1.0, 2.0, 2.5]]))
    #expect(try fitted.transform(Tensor([[2.0, 2.001, -7]])).scalars(as: Double.self) == [0, 1, 0])
  }
}
