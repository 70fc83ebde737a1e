import NeuralNetworks
import TensorCore

/// What L-BFGS remembers of its way: the last changes of place and gradient, from which it knows the curvature.
package struct LBFGSMemory {
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

  package init() {}

  /// Whether nothing is remembered, so that the direction is that of steepest descent.
  package var isEmpty: Bool { changes.isEmpty }

  /// Takes in the gradient at the new place, and finds the direction to go from there: −H·g by two loops over what is
  /// remembered (Nocedal & Wright, algorithm 7.4).
  mutating func turn(to new: Tensor, historySize: Int) {
    iterations += 1
    defer { gradient = new }
    if iterations == 1 {
      direction = -new
      return
    }
    remember(place: direction * length, change: new - gradient, historySize: historySize) { curvature, _ in
      curvature > 1e-10
    }
    direction = direction(against: new)
  }

  /// Keeps a change of place s and of gradient y, unless their product, the curvature yᵀs, is refused beside yᵀy: it has to be positive.
  package mutating func remember(
    place: Tensor, change: Tensor, historySize: Int, accepts: (_ curvature: Double, _ square: Double) -> Bool
  ) {
    let (curvature, square) = (innerProduct(change, place), innerProduct(change, change))
    guard accepts(curvature, square) else { return }
    if changes.count == historySize {
      changes.removeFirst()
      places.removeFirst()
    }
    changes.append(change)
    places.append(place)
    scale = curvature / square
  }

  /// What is remembered of the coordinates where `mask` is 1, those where it is 0 counting as fixed.
  package func restricted(to mask: Tensor) -> LBFGSMemory {
    var part = LBFGSMemory()
    for (place, change) in zip(places, changes) {
      part.remember(place: place * mask, change: change * mask, historySize: places.count) { $0 > .ulpOfOne * $1 }
    }
    return part
  }

  /// −H·g, where H is what is known of the inverse Hessian.
  package func direction(against gradient: Tensor) -> Tensor {
    var q = -gradient
    var shares = [Double](repeating: 0, count: changes.count)
    let weights = zip(changes, places).map { 1 / innerProduct($0, $1) }
    for i in changes.indices.reversed() {
      shares[i] = innerProduct(places[i], q) * weights[i]
      add(changes[i], times: -shares[i], to: &q)
    }
    q = q * scale
    for i in changes.indices { add(places[i], times: shares[i] - innerProduct(changes[i], q) * weights[i], to: &q) }
    return q
  }
}

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
