import TensorCore

/// Gradient descent with momentum, and a gain for each number, which grows while the gradient points along the last
/// move and shrinks where it turns (Jacobs, "Increased rates of convergence through learning rate adaptation", 1988).
struct EmbeddingDescent {
  private(set) var y: Tensor
  private var moves: Tensor
  private var gains: Tensor
  private let rate: Double

  init(_ y: Tensor, rate: Double) {
    (self.y, self.rate) = (y.contiguous(), rate)
    moves = Tensor.zeros(y.shape, dtype: .float64)
    gains = Tensor.ones(y.shape, dtype: .float64)
  }

  mutating func step(along gradient: Tensor, momentum: Double) {
    let rate = rate
    gradient.withUnsafeBuffer(of: Double.self) { gradient in
      moves.withUnsafeMutableBuffer(of: Double.self) { moves in
        gains.withUnsafeMutableBuffer(of: Double.self) { gains in
          y.withUnsafeMutableBuffer(of: Double.self) { y in
            for i in gradient.indices {
              let isTurning = moves[i] * gradient[i] >= 0
              gains[i] = max(0.01, isTurning ? gains[i] * 0.8 : gains[i] + 0.2)
              moves[i] = momentum * moves[i] - rate * gains[i] * gradient[i]
              y[i] += moves[i]
            }
          }
        }
      }
    }
  }

  /// Begins a new phase: gains and moves are as at first.
  mutating func forgetGains() {
    moves = Tensor.zeros(y.shape, dtype: .float64)
    gains = Tensor.ones(y.shape, dtype: .float64)
  }
}
