import TensorCore

/// What charts are made of: arrays of numbers, nested ones, ranges and tensors.
///
/// ```swift
/// (1...3).plotTensor  // → [1.0, 2.0, 3.0]
/// [[0.5, 1.0]].plotTensor.shape  // → [1, 2]
/// ```
public protocol PlotData {
  /// The numbers in float64. Not finite ones leave gaps in a chart.
  var plotTensor: Tensor { get }
}

extension Tensor: PlotData {
  public var plotTensor: Tensor { detached().cast(to: .float64) }
}

extension Array: PlotData where Element: TensorConvertible {
  public var plotTensor: Tensor { Tensor(self, dtype: .float64) }
}

extension Range: PlotData where Bound == Int {
  public var plotTensor: Tensor { Array(self).plotTensor }
}

extension ClosedRange: PlotData where Bound == Int {
  public var plotTensor: Tensor { Array(self).plotTensor }
}

extension StrideTo: PlotData where Element: TensorConvertible {
  public var plotTensor: Tensor { Array(self).plotTensor }
}

extension StrideThrough: PlotData where Element: TensorConvertible {
  public var plotTensor: Tensor { Array(self).plotTensor }
}

extension PlotData {
  /// The numbers of a list [n]. Stops unless there is one axis, with something on it.
  func list(_ name: String, for chart: String) -> [Double] {
    let tensor = plotTensor
    guard tensor.rank == 1 else {
      stop(
        chart, "\(name) has shape \(tensor.shape), which is no list",
        fix: "choose a part with one axis, x[.all, 0] say, or flatten it")
    }
    guard tensor.count > 0 else { stop(chart, "\(name) is empty", fix: "give at least one number") }
    return tensor.scalars(as: Double.self)
  }

  /// The rows of a table [rows, columns]. Stops unless there are two axes, with something on them.
  func table(_ name: String, for chart: String) -> [[Double]] {
    let tensor = plotTensor
    guard tensor.rank == 2, tensor.count > 0 else {
      stop(
        chart, "\(name) has shape \(tensor.shape), not [rows, columns] of one or more each",
        fix: "choose a part with two axes, or reshape it")
    }
    let columns = tensor.shape[1]
    let values = tensor.scalars(as: Double.self)
    return stride(from: 0, to: values.count, by: columns).map { Array(values[$0..<($0 + columns)]) }
  }
}

/// Stops unless all the parts of a chart's data have one length.
func requireEqualCounts(_ chart: String, _ counts: KeyValuePairs<String, Int?>) {
  let given = counts.compactMap { name, count in count.map { (name, $0) } }
  if Set(given.map(\.1)).count <= 1 { return }
  let list = given.map { "\($0) has \($1)" }.joined(separator: ", ")
  stop(chart, "the lengths differ: \(list) elements", fix: "give as many of each")
}
