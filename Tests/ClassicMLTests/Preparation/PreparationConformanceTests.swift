import ClassicML
import Testing

@Suite("A step of preparation")
struct PreparationConformanceTests {
  @Test(
    "keeps the contract",
    arguments: [
      checkEstimator(StandardScaler()), checkEstimator(StandardScaler(centres: false)), checkEstimator(MinMaxScaler()),
      checkEstimator(MinMaxScaler(range: -1...1, clips: true)), checkEstimator(MaxAbsScaler()),
      checkEstimator(RobustScaler()), checkEstimator(RobustScaler(unitVariance: true)), checkEstimator(Normalizer()),
      checkEstimator(Normalizer(norm: .max)), checkEstimator(Binarizer(threshold: 3)),
      checkEstimator(QuantileTransformer()), checkEstimator(QuantileTransformer(quantiles: 9, output: .normal)),
      checkEstimator(PowerTransformer()), checkEstimator(PowerTransformer(method: .boxCox), .nonnegative),
      checkEstimator(KBinsDiscretizer()), checkEstimator(KBinsDiscretizer(strategy: .kMeans, encoding: .ordinal)),
      checkEstimator(KBinsDiscretizer(bins: 2, strategy: .uniform)), checkEstimator(OneHotEncoder()),
      checkEstimator(OneHotEncoder(unknown: .ignored, drop: .first)), checkEstimator(OrdinalEncoder()),
      checkEstimator(OrdinalEncoder(unknownValue: -1)), checkEstimator(TargetEncoder()),
      checkEstimator(TargetEncoder(smoothing: 3)), checkEstimator(SimpleImputer(), .takesMissing),
      checkEstimator(SimpleImputer(strategy: .median, indicatesMissing: true), .takesMissing),
      checkEstimator(SimpleImputer(strategy: .mostFrequent), .takesMissing),
      checkEstimator(SimpleImputer(strategy: .constant(0)), .takesMissing),
      checkEstimator(KNNImputer(), .takesMissing), checkEstimator(KNNImputer(weights: .distance), .takesMissing),
      checkEstimator(VarianceThreshold()), checkEstimator(SelectKBest(2)),
      checkEstimator(SelectKBest(2, by: .regressionF)), checkEstimator(SelectKBest(2, by: .mutualInformation)),
      checkEstimator(SelectKBest(2, by: .chiSquared), .nonnegative),
      checkEstimator(SelectKBest(2, by: .regressionF).then(LinearRegression())),
      checkEstimator(StandardScaler().then(SelectKBest(2))),
    ])
  func contract(_ violations: [String]) {
    #expect(violations == [])
  }
}
