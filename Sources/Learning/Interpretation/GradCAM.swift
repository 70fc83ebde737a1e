import NeuralNetworks
import TensorCore

/// Where in a picture a class is seen: relu(Σₖ wₖ·Aₖ), with the feature maps A of one layer, each weighted by the mean over places of the logit's
/// gradient, wₖ = mean ∂ logit/∂Aₖ (Selvaraju et al., "Grad-CAM: visual explanations from deep networks via gradient-based localization", 2017,
/// eq. 1 and 2).
///
/// x [batch, channels, height, width] and classes [batch] → [batch, height, width], at least 0, brought from the layer's resolution to the picture's by
/// bilinear interpolation. `layer` is one of the model's chain, usually the last that still has places: `model.layer4` of a ResNet. Where it stands in
/// the chain several times, the last one counts. In evaluation mode; parameters' gradients and the mode stay as they are. Stops when the layer is not
/// in the chain, or gives no maps.
///
/// ```swift
/// let maps = Conv2d(1, 2, kernel: 1)
/// let model = Sequential([maps, AdaptiveAvgPool2d(1), Flatten()])
/// maps.weight.value = Tensor([[[[1.0]]], [[[-1.0]]]])
/// maps.bias?.value = Tensor([0.0, 0.0])
/// gradCAM(model, at: maps, Tensor([[[[0.0, 4.0]]]]), classes: Tensor([0]))  // → [[[0.0, 2.0]]]
/// ```
public func gradCAM(_ model: any LayerChain, at layer: any Layer, _ x: Tensor, classes: Tensor) -> Tensor {
  let (chain, place) = (model.chain, model.place(of: layer, for: "gradCAM"))
  return model.withEvaluationMode {
    let maps = withoutGradients { chain[...place].reduce(x.detached()) { $1($0) } }
    guard x.rank == 4, maps.rank == 4 else {
      stop(
        "gradCAM", "\(layer.title) gives \(maps.shape) for \(x.shape)",
        fix: "pass pictures [batch, channels, height, width] and a layer that gives maps of that rank")
    }
    let slopes = inputGradients("gradCAM", maps, classes) { maps in chain[(place + 1)...].reduce(maps) { $1($0) } }
    let heat = (maps * slopes.mean(axes: [2, 3], keepingDimensions: true)).sum(axis: 1, keepingDimensions: true).relu()
    return resized(heat, to: Size2D(x.shape[2], x.shape[3]), by: .bilinear).squeezed(1)
  }
}
