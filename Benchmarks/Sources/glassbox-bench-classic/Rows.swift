import ClassicML
import TensorCore

extension Row {
  static let all: [String: Row] = [
    "knn": knn, "kmeans": kMeans, "pca": pca, "logistic": logistic, "linear-svm": linearSVM, "rbf-svm": rbfSVM,
    "forest": forest, "boosting": boosting, "tsne": tSNE, "nmf": nmf, "tfidf": tfidf,
  ]

  private static let knn = Row { files in
    let ((x, y), (test, truth)) = (try files.mnist("train"), try files.mnist("test"))
    return {
      let predicted = try KNearestNeighborsClassifier(neighbors: 3, search: NearestNeighbors(algorithm: .bruteForce))
        .fit(x, y).predict(test)
      return { (predicted .== truth).cast(to: .float64).mean().item() }
    }
  }

  private static let kMeans = Row { files in
    let (x, _) = try files.mnist("train")
    return {
      let fitted = try KMeans(clusters: 10, start: .centres(x[0..<10]), starts: 1, maximumIterations: 30, tolerance: 0).fit(x)
      return { fitted.inertia }
    }
  }

  private static let pca = Row { files in
    let (x, _) = try files.mnist("train")
    return {
      let fitted = try PCA(components: .count(50)).fit(x)
      return { fitted.explainedVariance.sum().item() }
    }
  }

  private static let logistic = Row { files in
    let (x, y) = try files.mnist("train")
    return {
      let fitted = try LogisticRegression(maximumIterations: 100).fit(x, y)
      return {
        // Σ −ln p(yᵢ) + ½‖w‖²
        let logits = try fitted.decisionFunction(x).cast(to: .float64)
        let losses = logits.logSumExp(axes: [1]) - logits.gathered(axis: 1, indices: y.unsqueezed(1)).squeezed(1)
        return losses.sum().item() + 0.5 * fitted.coefficients.cast(to: .float64).square().sum().item()
      }
    }
  }

  private static let linearSVM = Row { files in
    let ((train, y), (test, truth)) = (try files.imdb("train"), try files.imdb("test"))
    let vectorizer = try TfidfVectorizer().fit(train)
    let (x, others) = (try vectorizer.transform(train), try vectorizer.transform(test))
    return {
      let fitted = try LinearSupportVectorClassifier().fit(x, y)
      return { try fitted.score(others, truth) }
    }
  }

  private static let rbfSVM = Row { files in
    let ((x, y), (test, truth)) = (try files.mnist("train", 10_000), try files.mnist("test"))
    return {
      let predicted = try SupportVectorClassifier(regularization: 5).fit(x, y).predict(test)
      return { (predicted .== truth).cast(to: .float64).mean().item() }
    }
  }

  private static let forest = Row { files in
    let ((x, y), (test, truth)) = (try files.mnist("train"), try files.mnist("test"))
    return {
      let fitted = try RandomForestClassifier(treeCount: 100).fit(x, y)
      return { try fitted.score(test, truth) }
    }
  }

  private static let boosting = Row { files in
    let (x, y) = (try files.array("generated.x.npy"), try files.array("generated.y.npy"))
    let (train, test) = (0..<200_000, 200_000..<x.shape[0])
    return {
      let fitted = try HistogramGradientBoostingClassifier(rounds: 100, stopsEarly: false).fit(x[train], y[train])
      return { try fitted.score(x[test], y[test]) }
    }
  }

  private static let tSNE = Row { files in
    let x = try files.array("mnist50.npy")
    return {
      let fitted = try TSNE(start: .principalComponents).fit(x)
      return { fitted.divergence }
    }
  }

  private static let nmf = Row { files in
    let (x, _) = try files.mnist("train", 10_000)
    return {
      let fitted = try NMF(components: 20, start: .nndsvda, tolerance: 0, maximumIterations: 100).fit(x)
      return { fitted.reconstructionError }
    }
  }

  private static let tfidf = Row { files in
    let (train, _) = try files.imdb("train")
    return {
      let matrix = try TfidfVectorizer().fitTransform(train).transformed
      return { Double(matrix.count) }
    }
  }
}
