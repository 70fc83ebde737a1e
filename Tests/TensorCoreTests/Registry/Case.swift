import TensorCore
import Testing

/// One sample of one op of the registry.
struct Case: Sendable, CustomTestStringConvertible {
  let op: Op
  let sample: Op.Sample

  /// Every sample of every op.
  static let all = Op.registry.flatMap { op in op.samples.map { Case(op: op, sample: $0) } }
  static let differentiable = all.filter { $0.op.derivative != .none }
  static let twiceDifferentiable = all.filter { $0.op.derivative == .everyOrder }

  /// How a golden names it: `conv2d/stride and padding`.
  var name: String { "\(op.name)/\(sample.label)" }
  var testDescription: String { name }

  /// The inputs that a gradient can be asked for, by position.
  func floatingInputs(_ inputs: [Tensor]) -> [Int] { inputs.indices.filter { inputs[$0].dtype.isFloatingPoint } }
}

extension Op: CustomTestStringConvertible {
  public var testDescription: String { name }
}

extension Tensor {
  /// All elements in row-major order.
  var doubles: [Double] { scalars(as: Double.self) }
}

/// Fixed weights for an op's outputs, neither equal nor zero, exact in every floating dtype: the k-th element of all outputs together
/// is weighted with ((7k + 3) mod 11 − 5)/8 + 1/16. The script that makes the goldens uses the same.
func outputWeights(_ outputs: [Tensor]) -> [Tensor] {
  var k = 0
  return outputs.filter(\.dtype.isFloatingPoint).map { output in
    let values = (k..<(k + output.count)).map { (position: Int) -> Double in
      let residue = (7 * position + 3) % 11
      return Double(residue - 5) / 8 + 0.0625
    }
    k += output.count
    return Tensor(values, shape: output.shape, dtype: output.dtype)
  }
}

/// Σ w·y over the floating outputs: one number whose gradient sees every element. nil when no output is floating.
func weighted(_ outputs: [Tensor], _ weights: [Tensor]) -> Tensor? {
  let floating = outputs.filter(\.dtype.isFloatingPoint)
  return total(zip(floating, weights).map { y, w in (y * w).sum() })
}

/// The sum of scalars, nil for none.
func total(_ scalars: [Tensor]) -> Tensor? {
  guard var sum = scalars.first else { return nil }
  for scalar in scalars.dropFirst() { sum = sum + scalar }
  return sum
}

/// `gradients`, with zeros for a `y` that depends on nothing.
func gradientsOrZeros(of y: Tensor?, _ inputs: [Tensor], differentiable: Bool = false) -> [Tensor] {
  guard let y, y.requiresGradient else { return inputs.map { Tensor.zeros(like: $0) } }
  return gradients(of: y, withRespectTo: inputs, differentiable: differentiable)
}

extension Case {
  /// The outputs for these inputs, and the gradients of the weighted outputs with respect to the floating inputs.
  func evaluated(_ inputs: [Tensor]) -> (outputs: [Tensor], gradients: [Tensor]) {
    var inputs = inputs
    let floating = floatingInputs(inputs)
    for index in floating { inputs[index] = inputs[index].requiringGradient() }
    let outputs = sample.apply(inputs)
    guard op.derivative != .none else { return (outputs.map { $0.detached() }, []) }
    let found = gradientsOrZeros(of: weighted(outputs, outputWeights(outputs)), floating.map { inputs[$0] })
    return (outputs.map { $0.detached() }, found)
  }
}
