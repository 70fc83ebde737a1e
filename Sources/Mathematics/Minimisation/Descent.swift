import Optimizers
import TensorCore

/// A point with what is known of the function there.
struct Place {
  let point: Tensor
  let value: Double
  let gradient: Tensor

  /// maxᵢ |∂f/∂xᵢ|
  var gradientNorm: Double { gradient.count == 0 ? 0 : gradient.abs().max().item() }
}

/// The function that is being minimised: checks and counts its evaluations.
final class Objective {
  private let method: String
  private let f: (Tensor) -> (value: Double, gradient: Tensor)
  private(set) var evaluations = 0

  init(_ method: String, _ f: @escaping (Tensor) -> (value: Double, gradient: Tensor)) {
    (self.method, self.f) = (method, f)
  }

  func callAsFunction(_ x: Tensor) -> Place {
    evaluations += 1
    let (value, gradient) = f(x)
    guard gradient.shape == x.shape, gradient.dtype == x.dtype else {
      stop(
        method, "the gradient is \(gradient.dtype) \(gradient.shape) at a point that is \(x.dtype) \(x.shape)",
        fix: "give a gradient of the point's shape and dtype")
    }
    return Place(point: x, value: value.isNaN ? .infinity : value, gradient: gradient.detached())
  }
}

extension Stopping {
  /// What all methods that go from place to place have in common: `step` finds the next one, or nil if there is no lower one.
  ///
  /// - Parameters:
  ///   - comparesValues: Whether a value that hardly changes is an end; where values may rise, it is none.
  ///   - gradientNorm: What is compared with the tolerance.
  func descend(
    _ method: String, from start: Tensor, recordingPath: Bool, comparesValues: Bool = true,
    gradientNorm: (Place) -> Double = \.gradientNorm, _ f: (Tensor) -> (value: Double, gradient: Tensor),
    step: (_ here: Place, _ f: Objective) -> Place?
  ) -> Minimum {
    Stopping.requireFloats(method, start)
    return withoutActuallyEscaping(f) { f in
      let objective = Objective(method, f)
      var (here, iterations) = (objective(start.detached()), 0)
      var way = recordingPath ? [here] : []
      var ending: Minimum.Ending?
      while ending == nil {
        if !here.value.isFinite {
          ending = .notFinite
        } else if gradientNorm(here) <= gradientTolerance {
          ending = .flat
        } else if iterations == self.iterations {
          ending = .iterations
        } else if let next = step(here, objective) {
          iterations += 1
          if recordingPath { way.append(next) }
          let change = abs(here.value - next.value)
          let isStill = change <= valueTolerance * max(abs(here.value), abs(next.value), 1)
          here = next
          if comparesValues && isStill && gradientNorm(here) > gradientTolerance { ending = .still }
        } else {
          ending = .noLowerPoint
        }
      }
      return Minimum(
        point: here.point, value: here.value, gradientNorm: gradientNorm(here), iterations: iterations,
        evaluations: objective.evaluations, ending: ending ?? .iterations, path: way.map(\.point),
        values: way.map(\.value))
    }
  }

  static func requireFloats(_ method: String, _ start: Tensor) {
    if start.dtype == .float32 || start.dtype == .float64 { return }
    stop(method, "the start is \(start.dtype)", fix: "cast(to: .float64) first")
  }
}

extension Objective {
  /// The place along a direction whose step length fulfils the strong Wolfe conditions, with that length; nil if none that is lower
  /// is found.
  ///
  /// - Parameter rest: The share of the slope that may be left.
  func wolfeStep(
    from here: Place, along direction: Tensor, length: Double, rest: Double = 0.9
  ) -> (place: Place, length: Double)? {
    let slope = innerProduct(here.gradient, direction)
    guard slope < 0 else { return nil }
    var search = WolfeSearch(
      direction: direction, start: .init(length: 0, loss: here.value, slope: slope, gradient: here.gradient),
      changeTolerance: .ulpOfOne, limit: 40, rest: rest)
    let found = search.run(from: length) { length in
      let place = self(here.point + direction * length)
      return .init(
        length: length, loss: place.value, slope: innerProduct(place.gradient, direction), gradient: place.gradient)
    }
    guard found.length > 0, found.loss < .infinity else { return nil }
    return (
      Place(point: here.point + direction * found.length, value: found.loss, gradient: found.gradient), found.length
    )
  }

  /// The first place x + t·d for t = length, shrink·length, … that is lower by a share of what the slope promises (Armijo, "Minimization
  /// of functions having Lipschitz continuous first partial derivatives", 1966); nil if there is none.
  func armijoStep(from here: Place, along direction: Tensor, length: Double, shrink: Double, fall: Double) -> Place? {
    let slope = innerProduct(here.gradient, direction)
    guard slope < 0 else { return nil }
    var length = length
    while here.point.moves(by: direction, length) {
      let place = self(here.point + direction * length)
      if place.value <= here.value + fall * length * slope { return place }
      length *= shrink
    }
    return nil
  }
}

extension Tensor {
  /// Whether a step along a direction is more than rounding.
  func moves(by direction: Tensor, _ length: Double) -> Bool {
    let epsilon = dtype == .float32 ? Double(Float.ulpOfOne) : .ulpOfOne
    return direction.abs().max().item() * length > epsilon * abs().max().item() * 0.5 && length > 1e-300
  }
}
