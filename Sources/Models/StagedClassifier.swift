import NeuralNetworks
import TensorCore

/// A classifier of pictures in three parts: a stem that takes the picture, stages that each work at one resolution, and a head that makes logits
/// of the last stage's features.
///
/// What transfer learning needs is said in these parts: the features without the head, the head alone, and one group of parameters for each part,
/// so that early ones may learn slowly or not at all.
///
/// ```swift
/// let model = ResNet(.resNet18, classes: 5)
/// for group in model.parameterGroups.dropLast() {
///   for parameter in group { parameter.requiresGradient = false }
/// }
/// model.features(Tensor.ones([2, 3, 64, 64])).shape  // → [2, 512, 2, 2]
/// model.summary().trainableParameterCount  // → 2565
/// ```
public protocol StagedClassifier: LayerChain, ParameterGrouping {
  /// What comes before the first stage.
  var stem: [any Layer] { get }
  /// The layers of each stage, from the highest resolution to the lowest.
  var stages: [[any Layer]] { get }
  /// From features [batch, channels, height, width] to logits [batch, classes].
  var head: [any Layer] { get }
}

extension StagedClassifier {
  public var chain: [any Layer] { stem + stages.joined() + head }

  /// What the head is given: pictures [batch, channels, height, width] → features [batch, features, height, width] of the last stage.
  public func features(_ x: Tensor) -> Tensor {
    var x = x
    for layer in stem + stages.joined() { x = layer(x) }
    return x
  }

  /// What comes out of each stage, from the highest resolution to the lowest: the last are ``features(_:)``.
  ///
  /// ```swift
  /// ResNet(.resNet18).stageFeatures(Tensor.ones([1, 3, 64, 64])).map(\.shape)[1]  // → [1, 128, 8, 8]
  /// ```
  public func stageFeatures(_ x: Tensor) -> [Tensor] {
    var x = x
    for layer in stem { x = layer(x) }
    return stages.map { stage in
      for layer in stage { x = layer(x) }
      return x
    }
  }

  /// The parameters of the stem, of each stage and of the head, where there are any.
  public var parameterGroups: [[Parameter]] { ([stem] + stages + [head]).parameterGroups }
}
