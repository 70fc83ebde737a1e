import NeuralNetworks
import TensorCore

extension Module {
  /// Off the tape, in evaluation mode; afterwards every part's mode is as before.
  package func inEvaluation<Result>(_ body: () -> Result) -> Result {
    if !isTraining { return withoutGradients(body) }
    let training = namedModules().map(\.module).filter(\.isTraining)
    evaluate()
    defer { for module in training { module.isTraining = true } }
    return withoutGradients(body)
  }
}
