import NeuralNetworks
import TensorCore

/// What each number of the input adds to a class' logit: (x − x')·∫₀¹ ∂ logit/∂x (x' + α·(x − x')) dα, with a baseline x' that stands for "nothing"
/// (Sundararajan, Taly & Yan, "Axiomatic attribution for deep networks", 2017, eq. 1). The attributions of a sample add up to logit(x) − logit(x'),
/// as exactly as the integral is found: by the midpoints of `steps` equal pieces.
///
/// x [batch, …] and classes [batch] → [batch, …]; the baseline has x's shape or one that broadcasts to it, and is 0 unless given. In evaluation mode;
/// parameters' gradients and the mode stay as they are. Stops when shapes do not fit.
///
/// ```swift
/// let model = Linear(2, 2)
/// model.weight.value = Tensor([[1.0, -3.0], [0.0, 0.0]])
/// integratedGradients(model, Tensor([[5.0, 5.0]]), classes: Tensor([0]))  // → [[5.0, -15.0]]
/// ```
public func integratedGradients(
  _ model: any Layer, _ x: Tensor, classes: Tensor, baseline: Tensor? = nil, steps: Int = 50
) -> Tensor {
  if steps < 1 { stop("integratedGradients", "\(steps) steps", fix: "use 1 or more") }
  let baseline = (baseline ?? Tensor(0.0, dtype: x.dtype)).detached()
  let way = x.detached() - baseline
  if way.shape != x.shape {
    stop(
      "integratedGradients", "x is \(x.shape), the baseline \(baseline.shape)", fix: "pass a baseline of x's shape")
  }
  return model.withEvaluationMode {
    var sum = Tensor.zeros(x.shape, dtype: x.dtype)
    for step in 0..<steps {
      let place = baseline + way * ((Double(step) + 0.5) / Double(steps))
      sum += inputGradients("integratedGradients", place, classes) { model($0) }
    }
    return way * sum / Double(steps)
  }
}
