import NeuralNetworks
import TensorCore

/// Limited-memory BFGS (Liu & Nocedal, 1989; Nocedal & Wright, "Numerical Optimization", 2006, algorithms 7.4 and 7.5),
/// as PyTorch writes it: Newton's direction from the last changes of the gradient, for whole batches and few, smooth
/// parameters.
///
/// A step makes several iterations, and each asks for the loss and the gradients at another point; so it takes a
/// closure that forgets the gradients, computes the loss, calls `backward()` and returns the loss. With `lineSearch`
/// the step length along the direction fulfils the strong Wolfe conditions; without, it is the learning rate.
///
/// ```swift
/// let w = Parameter(Tensor([3.0, -4.0], dtype: .float64))
/// let optimizer = LBFGS([w], lineSearch: true)
/// optimizer.step {
///   optimizer.zeroGradients()
///   let loss = (w.value - 1).power(4).sum() + w.value.square().sum()
///   loss.backward()
///   return loss
/// }
/// (w.value - 0.4101).abs().max().item() < 1e-3  // → true
/// ```
public final class LBFGS {
  public let parameters: [Parameter]
  /// The length of a step where nothing else is known.
  public var learningRate: Double
  /// The most iterations of a step.
  public let iterations: Int
  /// The most evaluations of the closure in a step.
  public let evaluations: Int
  /// A step ends when no gradient is larger than this,
  public let gradientTolerance: Double
  /// or when no parameter, nor the loss, changes by more than this.
  public let changeTolerance: Double
  /// How many changes of the gradient are kept.
  public let historySize: Int
  public let lineSearch: Bool
  private var memory = LBFGSMemory()

  /// Stops when a number is below what makes sense, without parameters, and when they are of several dtypes.
  public init(
    _ parameters: [Parameter], learningRate: Double = 1, iterations: Int = 20, evaluations: Int? = nil,
    gradientTolerance: Double = 1e-7, changeTolerance: Double = 1e-9, historySize: Int = 100, lineSearch: Bool = false
  ) {
    requireDistinct(parameters, for: "LBFGS")
    guard learningRate >= 0, iterations >= 1, evaluations ?? 1 >= 1, historySize >= 1, gradientTolerance >= 0,
      changeTolerance >= 0
    else {
      stop(
        "LBFGS", "learning rate \(learningRate), \(iterations) iterations, a history of \(historySize)",
        fix:
          "use a learning rate and tolerances of at least 0, and at least one iteration, evaluation and change to keep")
    }
    if let other = parameters.first(where: { $0.dtype != parameters[0].dtype }) {
      stop(
        "LBFGS", "parameters are \(parameters[0].dtype) and \(other.dtype)", fix: "cast the model to one dtype")
    }
    self.parameters = parameters
    self.learningRate = learningRate
    self.iterations = iterations
    self.evaluations = evaluations ?? iterations * 5 / 4
    self.gradientTolerance = gradientTolerance
    self.changeTolerance = changeTolerance
    self.historySize = historySize
    self.lineSearch = lineSearch
  }

  /// Forgets the gradients of all parameters.
  public func zeroGradients() {
    for parameter in parameters { parameter.gradient = nil }
  }

  /// Goes down until a tolerance or a limit is reached. Returns the loss before.
  @discardableResult
  public func step(_ closure: () -> Tensor) -> Double {
    let before = closure().item()
    var (loss, gradient, used) = (before, flatGradient, 1)
    if gradient.abs().max().item() <= gradientTolerance { return before }
    for iteration in 1...iterations {
      memory.turn(to: gradient, historySize: historySize)
      let direction = memory.direction
      let previous = loss
      var length =
        memory.iterations == 1 ? min(1, 1 / gradient.abs().sum().item()) * learningRate : learningRate
      let slope = innerProduct(gradient, direction)
      if slope > -changeTolerance { break }
      if lineSearch {
        let start = parameters.map { $0.value.detached() }
        var search = WolfeSearch(
          direction: direction, start: .init(length: 0, loss: loss, slope: slope, gradient: gradient),
          changeTolerance: changeTolerance, limit: evaluations - used)
        let found = search.run(from: length) { length in
          move(length, along: direction)
          let loss = closure().item()
          let gradient = flatGradient
          for (parameter, value) in zip(parameters, start) { parameter.value = value }
          return .init(length: length, loss: loss, slope: innerProduct(gradient, direction), gradient: gradient)
        }
        (loss, gradient, length) = (found.loss, found.gradient, found.length)
        used += search.evaluations
        move(length, along: direction)
      } else {
        move(length, along: direction)
        // After the last one it would be of no use.
        if iteration < iterations {
          loss = closure().item()
          gradient = flatGradient
          used += 1
        }
      }
      memory.length = length
      if used >= evaluations || gradient.abs().max().item() <= gradientTolerance { break }
      if direction.abs().max().item() * abs(length) <= changeTolerance || abs(loss - previous) < changeTolerance {
        break
      }
    }
    return before
  }

  /// All gradients as one vector; zeros where there is none.
  private var flatGradient: Tensor {
    let parts = parameters.map { parameter in
      (parameter.gradient ?? Tensor.zeros(parameter.shape, dtype: parameter.dtype)).detached().flattened()
    }
    return Tensor.concatenated(parts, axis: 0)
  }

  private func move(_ length: Double, along direction: Tensor) {
    var start = 0
    for parameter in parameters {
      let part = direction[start..<start + parameter.count].reshaped(parameter.shape)
      parameter.update { $0 = $0 + part * length }
      start += parameter.count
    }
  }
}

// MARK: - State

extension LBFGS {
  /// All that a resumed run needs to go on bit for bit as an uninterrupted one: the learning rate, and what is
  /// remembered of the way.
  public func stateDictionary() -> StateDictionary {
    var state = StateDictionary()
    state.append("learning_rate", Tensor(learningRate, dtype: .float64))
    memory.append(to: &state)
    return state
  }

  /// Takes such a state back. Throws an error that names everything that does not fit; nothing is changed then.
  public func load(stateDictionary: StateDictionary) throws(StateDictionaryError) {
    var reader = StateReader(stateDictionary)
    let learningRate = reader.number("learning_rate", instead: learningRate, in: 0..<Double.infinity)
    let memory = LBFGSMemory(
      from: &reader, count: parameters.reduce(0) { $0 + $1.count }, dtype: parameters[0].dtype)
    try reader.finish("LBFGS")
    self.learningRate = learningRate
    self.memory = memory
  }
}
