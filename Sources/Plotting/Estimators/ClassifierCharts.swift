import ClassicML
import EvaluationMetrics
import TensorCore

// What fitted classifiers do, as charts.
extension Chart {
  /// Which class a classifier of two features gives to each place, under samples with the colours of their true classes.
  ///
  /// - Parameters:
  ///   - x: [samples, 2]
  ///   - y: Classes, [samples].
  ///   - names: A name for each of the classifier's classes, in their order.
  ///   - resolution: How many places are asked along each axis.
  /// - Throws: What the classifier's `predict` throws, and for a class that it has not learned.
  ///
  /// ```swift
  /// let (x, y) = (Tensor([[0.0, 0.0], [1.0, 1.0]], dtype: .float64), Tensor([5, 9]))
  /// let chart = try Chart.decisionRegions(of: DummyClassifier().fit(x, y), x, y, resolution: 4)
  /// chart  // → decision boundary and scatter chart with 6 points in 2 series (5, 9); y: feature 1, x: feature 0
  /// ```
  public static func decisionRegions(
    of classifier: some FittedClassifier<any FeatureMatrix>, _ x: Tensor, _ y: Tensor, names: [String]? = nil,
    resolution: Int = 100
  ) throws(EstimatorError) -> Chart {
    let classes = classifier.classes
    // The samples first: what is wrong with them is said once, and before the map asks.
    _ = try classifier.predict(x)
    let truth = try positions(y, in: classes, of: "decisionRegions")
    var failure: EstimatorError?
    let chart = decisionBoundary(
      points: x, labels: truth, names: names ?? classes.map(\.description), resolution: resolution
    ) { places in
      do throws(EstimatorError) {
        let predicted = try classifier.predict(places.cast(to: .float64))
        return Tensor(try positions(predicted, in: classes, of: "decisionRegions"), shape: [places.shape[0]])
      } catch {
        failure = error
        return Tensor.zeros([places.shape[0]], dtype: .int64)
      }
    }
    if let failure { throw failure }
    return chart.x("feature 0").y("feature 1").legend("class")
  }

  /// How often a classifier took each class for each: see ``confusionMatrix(_:names:)``.
  ///
  /// ```swift
  /// let (x, y) = (Tensor([[0.0], [1.0], [2.0]], dtype: .float64), Tensor([5, 9, 9]))
  /// let chart = try Chart.confusionMatrix(of: DummyClassifier().fit(x, y), x, y)
  /// chart  // → confusion matrix chart with 4 points; y: true class, x: predicted class
  /// ```
  public static func confusionMatrix<Fitted: FittedClassifier>(
    of classifier: Fitted, _ x: Fitted.Input, _ y: Tensor, names: [String]? = nil
  ) throws(EstimatorError) -> Chart {
    let classes = classifier.classes
    let predicted = try positions(try classifier.predict(x), in: classes, of: "confusionMatrix")
    let truth = try positions(y, in: classes, of: "confusionMatrix")
    if truth.count != predicted.count {
      throw .input("y", of: "confusionMatrix", expected: "\(predicted.count) classes", found: "\(truth.count)")
    }
    var counts = [[Int]](repeating: [Int](repeating: 0, count: classes.count), count: classes.count)
    for (truth, predicted) in zip(truth, predicted) { counts[truth][predicted] += 1 }
    return confusionMatrix(Tensor(counts), names: names ?? classes.map(\.description))
  }

  /// Each value's position among the classes.
  private static func positions(
    _ y: Tensor, in classes: [Int], of chart: String
  ) throws(EstimatorError) -> [Int] {
    var positions: [Int] = []
    for value in y.flattened().cast(to: .float64).scalars(as: Double.self) {
      guard let position = classes.firstIndex(where: { Double($0) == value }) else {
        throw .input("y", of: chart, expected: "one of the classes \(classes)", found: "\(value)")
      }
      positions.append(position)
    }
    return positions
  }
}
