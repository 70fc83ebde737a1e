import NeuralNetworks
import TensorCore

/// What L-BFGS remembers of its way: the last changes of place and gradient, from which it knows the curvature.
struct LBFGSMemory {
  /// How many iterations there have been.
  private(set) var iterations = 0
  /// The direction of the last one, and how far it went along it.
  private(set) var direction = Tensor.zeros([0])
  var length = 0.0
  private var gradient = Tensor.zeros([0])
  /// sₖ and yₖ: the changes of place and of gradient, oldest first.
  private var places: [Tensor] = []
  private var changes: [Tensor] = []
  /// γ: the first guess at the inverse Hessian is γ·I.
  private var scale = 1.0

  init() {}

  /// Takes in the gradient at the new place, and finds the direction to go from there: −H·g by two loops over what is
  /// remembered (Nocedal & Wright, algorithm 7.4).
  mutating func turn(to new: Tensor, historySize: Int) {
    iterations += 1
    defer { gradient = new }
    if iterations == 1 {
      direction = -new
      return
    }
    let (change, place) = (new - gradient, direction * length)
    let curvature = innerProduct(change, place)
    if curvature > 1e-10 {
      if changes.count == historySize {
        changes.removeFirst()
        places.removeFirst()
      }
      changes.append(change)
      places.append(place)
      scale = curvature / innerProduct(change, change)
    }
    var q = -new
    var shares = [Double](repeating: 0, count: changes.count)
    let weights = zip(changes, places).map { 1 / innerProduct($0, $1) }
    for i in changes.indices.reversed() {
      shares[i] = innerProduct(places[i], q) * weights[i]
      q = q - changes[i] * shares[i]
    }
    q = q * scale
    for i in changes.indices { q = q + places[i] * (shares[i] - innerProduct(changes[i], q) * weights[i]) }
    direction = q
  }
}

/// Σ aᵢ·bᵢ
func innerProduct(_ a: Tensor, _ b: Tensor) -> Double { (a * b).sum().item() }

// MARK: - State

extension LBFGSMemory {
  func append(to state: inout StateDictionary) {
    state.append("n_iter", Tensor(iterations))
    state.append("history", Tensor(changes.count))
    if iterations == 0 { return }
    state.append("t", Tensor(length, dtype: .float64))
    state.append("h_diag", Tensor(scale, dtype: .float64))
    state.append("d", direction)
    state.append("prev_flat_grad", gradient)
    for i in changes.indices {
      state.append("old_dirs.\(i)", changes[i])
      state.append("old_stps.\(i)", places[i])
    }
  }

  /// Vectors have as many elements as there are in all parameters.
  init(from reader: inout StateReader, count: Int, dtype: DType) {
    iterations = reader.count("n_iter")
    let history = reader.count("history")
    if iterations == 0 { return }
    length = reader.number("t", instead: 0, in: -Double.infinity..<Double.infinity)
    scale = reader.number("h_diag", instead: 1, in: 0..<Double.infinity)
    direction = reader.tensor("d", shape: [count], dtype: dtype) ?? direction
    gradient = reader.tensor("prev_flat_grad", shape: [count], dtype: dtype) ?? gradient
    // A wrong count must not make a loop of billions.
    for i in 0..<min(history, reader.size) {
      if let change = reader.tensor("old_dirs.\(i)", shape: [count], dtype: dtype) { changes.append(change) }
      if let place = reader.tensor("old_stps.\(i)", shape: [count], dtype: dtype) { places.append(place) }
    }
  }
}
