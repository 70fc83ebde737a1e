import ClassicML

extension EstimatorCatalogue {
  static let classifiers: [any TableEstimator] = [
    logistic, sgd, bayes, discriminant, quadratic, neighbors, linearMachine, machine, tree, forest, boosting, network,
  ]

  private static var logistic: some TableEstimator {
    let model = LogisticRegression()
    return NamedEstimator(
      name: "logistic", model: model,
      named: [
        NamedParameter("C", model, \.inverseStrength),
        NamedParameter(
          "penalty", model, \.penalty,
          named: [
            ("none", .none), ("l1", .l1), ("l2", .l2), ("elastic-net", .elasticNet(l1Ratio: 0.5)),
          ], standard: "l2"),
        NamedParameter(
          "balance", model, \.classWeights, named: [("false", .equal), ("true", .balanced)], standard: "false"),
        NamedParameter("iterations", model, \.maximumIterations),
      ])
  }

  private static var sgd: some TableEstimator {
    let model = SGDClassifier()
    return NamedEstimator(
      name: "sgd", model: model,
      named: [
        NamedParameter("strength", model, \.strength), NamedParameter("average", model, \.averages),
        NamedParameter("iterations", model, \.maximumIterations), NamedParameter("seed", model, \.seed),
      ])
  }

  private static var bayes: some TableEstimator {
    let model = GaussianNaiveBayes()
    return NamedEstimator(
      name: "naive-bayes", model: model, named: [NamedParameter("smoothing", model, \.varianceSmoothing)])
  }

  private static var discriminant: some TableEstimator {
    let model = LinearDiscriminantAnalysis()
    return NamedEstimator(
      name: "discriminant", model: model, named: [NamedParameter("tolerance", model, \.tolerance)])
  }

  private static var quadratic: some TableEstimator {
    let model = QuadraticDiscriminantAnalysis()
    return NamedEstimator(
      name: "quadratic-discriminant", model: model,
      named: [NamedParameter("regularization", model, \.regularization)])
  }

  private static var neighbors: some TableEstimator {
    let model = KNearestNeighborsClassifier()
    return NamedEstimator(
      name: "knn", model: model,
      named: [
        NamedParameter("neighbors", model, \.neighbors),
        NamedParameter(
          "weights", model, \.weights, named: [("uniform", .uniform), ("distance", .distance)], standard: "uniform"),
      ])
  }

  private static var linearMachine: some TableEstimator {
    let model = LinearSupportVectorClassifier()
    return NamedEstimator(
      name: "linear-svm", model: model,
      named: [
        NamedParameter("C", model, \.regularization), NamedParameter("balance", model, \.balancesClasses),
        NamedParameter("iterations", model, \.maximumIterations), NamedParameter("seed", model, \.seed),
      ])
  }

  private static var machine: some TableEstimator {
    let model = SupportVectorClassifier()
    return NamedEstimator(
      name: "svm", model: model,
      named: [
        NamedParameter("C", model, \.regularization),
        NamedParameter("kernel", model, \.kernel, named: kernels, standard: "rbf"),
        NamedParameter("balance", model, \.balancesClasses),
      ])
  }

  /// Of support vector machines, by their names.
  static let kernels: [(name: String, value: SupportVectorKernel)] = [
    ("rbf", .rbf()), ("linear", .linear), ("polynomial", .polynomial()), ("sigmoid", .sigmoid()),
  ]

  private static var tree: some TableEstimator {
    let model = DecisionTreeClassifier()
    return NamedEstimator(
      name: "tree", model: model,
      named: [
        NamedParameter("depth", model, \.maximumDepth), NamedParameter("leaf", model, \.minimumSamplesInLeaf),
        NamedParameter("pruning", model, \.pruning), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var forest: some TableEstimator {
    let model = RandomForestClassifier()
    return NamedEstimator(
      name: "forest", model: model,
      named: [
        NamedParameter("trees", model, \.treeCount), NamedParameter("depth", model, \.maximumDepth),
        NamedParameter("leaf", model, \.minimumSamplesInLeaf), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var boosting: some TableEstimator {
    let model = HistogramGradientBoostingClassifier()
    return NamedEstimator(
      name: "boosting", model: model,
      named: [
        NamedParameter("rounds", model, \.rounds), NamedParameter("rate", model, \.learningRate),
        NamedParameter("leaves", model, \.maximumLeaves), NamedParameter("depth", model, \.maximumDepth),
        NamedParameter("leaf", model, \.minimumSamplesInLeaf),
        NamedParameter("regularization", model, \.regularization), NamedParameter("seed", model, \.seed),
      ], encoding: .index, scaling: .none)
  }

  private static var network: some TableEstimator {
    let model = MLPClassifier()
    return NamedEstimator(
      name: "mlp", model: model,
      named: [
        NamedParameter("width", model, \.firstWidth), NamedParameter("seed", model, \.seed),
      ])
  }
}

extension MLPClassifier {
  /// The size of a single hidden layer.
  fileprivate var firstWidth: Int {
    get { hiddenSizes.first ?? 0 }
    set { hiddenSizes = [newValue] }
  }
}
