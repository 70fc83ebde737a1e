/// What stands in the last axis of predictions.
public enum PredictionKind: String, Sendable, Hashable, Codable {
  /// Any real numbers, as a network's last layer gives them: their softmax are the probabilities, or, where there is one a sample, its sigmoid is
  /// that of class 1.
  case logits
  /// Probabilities of the classes, or, where there is one a sample, of class 1.
  case probabilities
}
