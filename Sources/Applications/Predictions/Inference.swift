import NeuralNetworks
import TensorCore

extension Layer {
  /// Outputs in evaluation mode, off the tape, in float64, of numbers in the model's dtype. Every part's mode is as before afterwards.
  func inferred(_ x: Tensor) -> Tensor { inferred(tokens: x.cast(to: parameters.first?.dtype ?? .float32)) }

  /// The same of whole numbers, which stay such.
  func inferred(tokens: Tensor) -> Tensor {
    withEvaluationMode { withoutGradients { self(tokens).cast(to: .float64) } }
  }

  /// Why the model does not make `outputs` numbers of each input [1, …]; nil if it does.
  func mismatch(input: Shape, outputs: Int) -> (expected: String, found: String)? {
    let expected = "a model that makes [1, \(outputs)] of \(input)"
    do throws(ShapeError) {
      let shape = try outputShape(for: input)
      return shape == [1, outputs] ? nil : (expected, "\(title), which makes \(shape)")
    } catch {
      return (expected, error.description)
    }
  }
}
