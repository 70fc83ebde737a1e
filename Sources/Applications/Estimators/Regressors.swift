import ClassicML

extension EstimatorCatalogue {
  static let regressors: [any TableEstimator] = [linear]

  private static var linear: some TableEstimator {
    let model = LinearRegression()
    return NamedEstimator(
      name: "linear", model: model, named: [NamedParameter("intercept", model, \.fitsIntercept)])
  }
}
