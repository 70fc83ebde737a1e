import ClassicML

extension EstimatorCatalogue {
  static let regressors: [any TableEstimator] = [
    linear, ridge, lasso, elasticNet, sgd, neighbors, linearMachine, machine, tree, forest, boosting, process, network,
  ]

  private static var linear: some TableEstimator {
    let model = LinearRegression()
    return NamedEstimator(
      name: "linear", model: model, named: [NamedParameter("intercept", model, \.fitsIntercept)])
  }

  private static var ridge: some TableEstimator {
    let model = Ridge()
    return NamedEstimator(
      name: "ridge", model: model,
      named: [
        NamedParameter("strength", model, \.strength), NamedParameter("intercept", model, \.fitsIntercept),
      ])
  }

  private static var lasso: some TableEstimator {
    let model = Lasso()
    return NamedEstimator(
      name: "lasso", model: model,
      named: [
        NamedParameter("strength", model, \.strength), NamedParameter("intercept", model, \.fitsIntercept),
        NamedParameter("iterations", model, \.maximumIterations),
      ])
  }

  private static var elasticNet: some TableEstimator {
    let model = ElasticNet()
    return NamedEstimator(
      name: "elastic-net", model: model,
      named: [
        NamedParameter("strength", model, \.strength), NamedParameter("l1-ratio", model, \.l1Ratio),
        NamedParameter("intercept", model, \.fitsIntercept),
        NamedParameter("iterations", model, \.maximumIterations),
      ])
  }

  private static var sgd: some TableEstimator {
    let model = SGDRegressor()
    return NamedEstimator(
      name: "sgd", model: model,
      named: [
        NamedParameter("strength", model, \.strength), NamedParameter("average", model, \.averages),
        NamedParameter("iterations", model, \.maximumIterations), NamedParameter("seed", model, \.seed),
      ])
  }

  private static var neighbors: some TableEstimator {
    let model = KNearestNeighborsRegressor()
    return NamedEstimator(
      name: "knn", model: model,
      named: [
        NamedParameter("neighbors", model, \.neighbors),
        NamedParameter(
          "weights", model, \.weights, named: [("uniform", .uniform), ("distance", .distance)], standard: "uniform"),
      ])
  }

  private static var linearMachine: some TableEstimator {
    let model = LinearSupportVectorRegressor()
    return NamedEstimator(
      name: "linear-svm", model: model,
      named: [
        NamedParameter("C", model, \.regularization), NamedParameter("margin", model, \.margin),
        NamedParameter("iterations", model, \.maximumIterations), NamedParameter("seed", model, \.seed),
      ])
  }

  private static var machine: some TableEstimator {
    let model = SupportVectorRegressor()
    return NamedEstimator(
      name: "svm", model: model,
      named: [
        NamedParameter("C", model, \.regularization),
        NamedParameter("kernel", model, \.kernel, named: kernels, standard: "rbf"),
        NamedParameter("margin", model, \.margin),
      ])
  }

  private static var tree: some TableEstimator {
    let model = DecisionTreeRegressor()
    return NamedEstimator(
      name: "tree", model: model,
      named: [
        NamedParameter("depth", model, \.maximumDepth), NamedParameter("leaf", model, \.minimumSamplesInLeaf),
        NamedParameter("pruning", model, \.pruning), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var forest: some TableEstimator {
    let model = RandomForestRegressor()
    return NamedEstimator(
      name: "forest", model: model,
      named: [
        NamedParameter("trees", model, \.treeCount), NamedParameter("depth", model, \.maximumDepth),
        NamedParameter("leaf", model, \.minimumSamplesInLeaf), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var boosting: some TableEstimator {
    let model = HistogramGradientBoostingRegressor()
    return NamedEstimator(
      name: "boosting", model: model,
      named: [
        NamedParameter("rounds", model, \.rounds), NamedParameter("rate", model, \.learningRate),
        NamedParameter("leaves", model, \.maximumLeaves), NamedParameter("depth", model, \.maximumDepth),
        NamedParameter("leaf", model, \.minimumSamplesInLeaf),
        NamedParameter("regularization", model, \.regularization), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var process: some TableEstimator {
    let model = GaussianProcessRegressor(normalizesTargets: true)
    return NamedEstimator(
      name: "gaussian-process", model: model,
      named: [
        NamedParameter("noise", model, \.noise), NamedParameter("restarts", model, \.restarts),
        NamedParameter("seed", model, \.seed),
      ])
  }

  private static var network: some TableEstimator {
    let model = MLPRegressor()
    return NamedEstimator(
      name: "mlp", model: model,
      named: [
        NamedParameter("width", model, \.firstWidth), NamedParameter("seed", model, \.seed),
      ])
  }
}

extension MLPRegressor {
  /// The size of a single hidden layer.
  fileprivate var firstWidth: Int {
    get { hiddenSizes.first ?? 0 }
    set { hiddenSizes = [newValue] }
  }
}
