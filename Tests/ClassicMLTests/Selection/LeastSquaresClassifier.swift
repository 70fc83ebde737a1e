import ClassicML
import TensorCore

/// The simplest classifier with decisions: least squares to ±1, each class against the rest.
struct LeastSquaresClassifier: Classifier {
  var regression = LinearRegression()

  struct Fitted: DecisiveClassifier {
    let classes: [Int]
    let regressor: FittedLinearRegressor

    func decisionFunction(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor { try regressor.predict(x) }

    func predict(_ x: any FeatureMatrix) throws(EstimatorError) -> Tensor {
      let decisions = try decisionFunction(x)
      let chosen = decisions.rank == 1 ? (decisions .> 0.0).cast(to: .int64) : decisions.argmax(axis: 1)
      return Tensor(classes, shape: [classes.count]).indexSelected(axis: 0, indices: chosen)
    }
  }

  func fit(_ x: any FeatureMatrix, _ y: Tensor) throws(EstimatorError) -> Fitted {
    if y.rank != 1 || y.cast(to: .float64).isFinite().all().item(Bool.self) == false {
      throw .input("y", of: "LeastSquaresClassifier", expected: "classes", found: "\(y)")
    }
    if (y.cast(to: .float64).round() .!= y.cast(to: .float64)).any().item(Bool.self) {
      throw .input("y", of: "LeastSquaresClassifier", expected: "whole numbers", found: "\(y)")
    }
    let values = y.cast(to: .int64).scalars(as: Int.self)
    let classes = Set(values).sorted()
    if classes.count < 2 {
      throw .input("y", of: "LeastSquaresClassifier", expected: "2 classes", found: "\(classes.count)")
    }
    let columns = classes.count == 2 ? [classes[1]] : classes
    let targets = columns.map { c in Tensor(values.map { $0 == c ? 1.0 : -1.0 }, dtype: .float64) }
    let target = classes.count == 2 ? targets[0] : Tensor.stacked(targets, axis: 1)
    return Fitted(classes: classes, regressor: try regression.fit(x, target))
  }
}
