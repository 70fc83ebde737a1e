import NeuralNetworks
import TensorCore

/// How much each number of the input matters for a class: |∂ logit/∂x| (Simonyan, Vedaldi & Zisserman, "Deep inside convolutional networks", 2014, §3).
///
/// x [batch, …] and classes [batch] → [batch, …]. In evaluation mode; parameters' gradients and the mode stay as they are. Stops when the model does
/// not give logits [batch, classes] or a class is none.
///
/// ```swift
/// let model = Linear(2, 2)
/// model.weight.value = Tensor([[1.0, -3.0], [0.0, 0.0]])
/// saliency(model, Tensor([[5.0, 5.0]]), classes: Tensor([0]))  // → [[1.0, 3.0]]
/// ```
public func saliency(_ model: any Layer, _ x: Tensor, classes: Tensor) -> Tensor {
  model.withEvaluationMode { inputGradients("saliency", x, classes) { model($0) }.abs() }
}

/// The gradient of each sample's logit with respect to x: samples do not depend on each other, so one pass of their sum gives all.
func inputGradients(_ op: String, _ x: Tensor, _ classes: Tensor, _ logits: (Tensor) -> Tensor) -> Tensor {
  let x = x.detached().requiringGradient()
  let y = logits(x)
  guard y.rank == 2, classes.dtype.isInteger, classes.shape == [y.shape[0]] else {
    stop(
      op, "the model gives \(y.shape), and classes are \(classes.dtype) \(classes.shape)",
      fix: "use a model that gives logits [batch, classes], and integer classes [batch]")
  }
  let own = y.gathered(axis: 1, indices: classes.cast(to: .int64).unsqueezed(1))
  return gradients(of: own.sum(), withRespectTo: [x])[0]
}
