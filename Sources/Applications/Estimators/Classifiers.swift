import ClassicML

extension EstimatorCatalogue {
  static let classifiers: [any TableEstimator] = []
}
