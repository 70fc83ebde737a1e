import TensorCore
import Testing

/// Single-precision numbers where functions are told apart, and the samples of ops that are tried on them.
enum SpecialValues {
  /// Not numbers, infinities, zeros of both signs, numbers below the normal range, the largest, and those next to where exp overflows
  /// or underflows.
  static let all: [Float] = [
    .nan, .infinity, -.infinity, 0, -0, 1, -1, 0.5, -0.5, 1.5, 2.5, -2.5, 3, -3, 1e-3, -1e-3, 20, -20, 88.5, 89, -87,
    -100, -104, 1e10,
    -1e10, 1e-10, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .leastNormalMagnitude, -.leastNormalMagnitude,
    .leastNonzeroMagnitude, -.leastNonzeroMagnitude, Float(bitPattern: 71_362), -Float(bitPattern: 71_362),
  ]

  /// Rows in which such numbers meet; no sum in them depends on its order.
  static let rows: [[Float]] = [
    [.nan, 1, -1, 2], [1, -1, 2, .nan], [.nan, .nan, .nan, .nan], [.nan, .infinity, -.infinity, 0],
    [.infinity, 1, -1, 0.5], [-.infinity, 1, 2, 3], [1, .infinity, 2, -.infinity], [.infinity, .infinity, 1, 2],
    [.infinity, .infinity, .infinity, .infinity], [-.infinity, -.infinity, -.infinity, -.infinity],
    [-.infinity, -.infinity, 1, 1], [0, -0, 0, -0], [-0, -0, -0, -0], [-0, 0, -0, 0], [2, 2, 2, 2],
    [.leastNonzeroMagnitude, 0, -0, .leastNonzeroMagnitude],
    [Float(bitPattern: 71_362), Float(bitPattern: 142_725), 0, 1e-38],
    [1e38, 1, 1e-30, 1e-38], [.greatestFiniteMagnitude, 1, 0, -1], [-.greatestFiniteMagnitude, 1, 0, -1],
    [88, 89, -104, -87], [-1000, -1001, -1002, -1003], [1000, 1001, 1002, 1003], [1e-30, 2e-30, 3e-30, 1e-30],
  ]

  /// A sample's op on special values instead of its inputs.
  struct Trial: Sendable, CustomTestStringConvertible {
    let tested: Case
    let inputs: [Tensor]
    var testDescription: String { tested.name }
  }

  static let trials: [Trial] = elementwise + reductions

  /// Every number, or every pair, for the element-wise ops of one tensor and of two, by the samples that are taken to call them.
  static let elementwise: [Trial] = Case.all.compactMap { tested in
    let (op, inputs) = (tested.op.name, tested.sample.inputs)
    let x = Tensor(all)
    if tested.sample.label == "matrix", inputs.count == 1, inputs[0].shape == [3, 5], op != "not" {
      return Trial(tested: tested, inputs: [x])
    }
    if tested.sample.label == "same shape", inputs.count == 2, !["and", "or", "xor"].contains(op) {
      let n = all.count
      let pairs = [x.unsqueezed(1), x.unsqueezed(0)].map { $0.expanded(to: [n, n]).contiguous() }
      return Trial(tested: tested, inputs: pairs)
    }
    return nil
  }

  /// The rows, or as many columns, for reductions, scans and whatever else takes an axis.
  static let reductions: [Trial] = Case.all.compactMap { tested in
    let x = Tensor(rows.flatMap { $0 }, shape: [rows.count, 4], dtype: .float32)
    guard tested.sample.inputs.count == 1, takingAnAxis.contains(tested.op.name) else { return nil }
    switch tested.sample.label {
    case "rows", "last axis", "last axis kept": return Trial(tested: tested, inputs: [x])
    case "columns", "columns kept", "first axis", "falling columns":
      return Trial(tested: tested, inputs: [x.transposed().contiguous()])
    default: return nil
    }
  }

  static let takingAnAxis: Set = [
    "sum", "mean", "variance", "standardDeviation", "logSumExp", "max", "min", "maxWithIndices", "minWithIndices",
    "argmax", "argmin", "product", "nanSum", "nanMean", "nanMax", "nanMin", "softmax", "logSoftmax", "norm", "sorted",
    "median", "countNonzero", "cumulativeSum", "cumulativeProduct", "cumulativeLogSumExp", "cumulativeMax",
    "cumulativeMin", "differences",
  ]
}
