import Foundation
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// Steps that PyTorch took, too: see scripts/goldens/optimizers.py.
struct OptimizerGoldens {
  static let steps = 25
  private let tensors: [String: Tensor]

  init() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/optimizers.safetensors")).tensors()
  }

  func callAsFunction(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden named \(name)") }

  /// The two parameters as they are before the first step.
  func parameters(_ dtype: DType) throws -> [Parameter] {
    [Parameter(try self("start.0").cast(to: dtype)), Parameter(try self("start.1").cast(to: dtype))]
  }

  /// Gives the parameters the gradients of one step; the second one has none in the steps 3, 4 and 5.
  func setGradients(of parameters: [Parameter], step: Int) throws {
    for (index, parameter) in parameters.enumerated() {
      let isMissing = index == 1 && (3...5).contains(step)
      parameter.gradient = isMissing ? nil : try self("gradient.\(index)")[step].cast(to: parameter.dtype)
    }
  }
}

/// An optimiser as PyTorch made it for the goldens.
struct OptimizerCase: Sendable, CustomTestStringConvertible {
  let name: String
  let make: @Sendable ([Parameter]) -> any Optimizer
  /// The same optimiser made of tensor ops.
  let composed: ComposedOptimizer.Rule

  var testDescription: String { name }

  static let all: [OptimizerCase] = [
    OptimizerCase(name: "sgd", make: { SGD($0, learningRate: 0.1) }, composed: .sgd(rate: 0.1)),
    OptimizerCase(
      name: "sgd_decay", make: { SGD($0, learningRate: 0.1, weightDecay: 0.02) },
      composed: .sgd(rate: 0.1, decay: 0.02)),
    OptimizerCase(
      name: "sgd_momentum", make: { SGD($0, learningRate: 0.05, momentum: 0.9) },
      composed: .sgd(rate: 0.05, momentum: 0.9)),
    OptimizerCase(
      name: "sgd_momentum_decay", make: { SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 0.02) },
      composed: .sgd(rate: 0.05, momentum: 0.9, decay: 0.02)),
    OptimizerCase(
      name: "sgd_nesterov", make: { SGD($0, learningRate: 0.05, momentum: 0.8, weightDecay: 0.02, nesterov: true) },
      composed: .sgd(rate: 0.05, momentum: 0.8, decay: 0.02, nesterov: true)),
    OptimizerCase(name: "adam", make: { Adam($0, learningRate: 0.01) }, composed: .adam(rate: 0.01)),
    OptimizerCase(
      name: "adam_decay",
      make: { Adam($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1) },
      composed: .adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, decay: 0.1)),
    OptimizerCase(
      name: "adamw", make: { AdamW($0, learningRate: 0.01) }, composed: .adam(rate: 0.01, decay: 0.01, decoupled: true)),
    OptimizerCase(
      name: "adamw_decay",
      make: { AdamW($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1) },
      composed: .adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, decay: 0.1, decoupled: true)),
  ]
}

/// The optimisers' formulas, one tensor op after the other: the reference for the fused steps.
struct ComposedOptimizer {
  enum Rule: Sendable {
    case sgd(rate: Double, momentum: Double = 0, decay: Double = 0, nesterov: Bool = false)
    case adam(
      rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0,
      decoupled: Bool = false)
  }

  let rule: Rule
  private var velocity: Tensor?
  private var first: Tensor?
  private var second: Tensor?
  private var step = 0.0

  init(_ rule: Rule) { self.rule = rule }

  mutating func step(_ w: Tensor, along gradient: Tensor) -> Tensor {
    step += 1
    switch rule {
    case .sgd(let rate, let momentum, let decay, let nesterov):
      let g = gradient + w * decay
      let v = velocity.map { $0 * momentum + g } ?? g
      velocity = v
      return w - (nesterov ? g + v * momentum : momentum == 0 ? g : v) * rate
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay, let decoupled):
      let g = decoupled ? gradient : gradient + w * decay
      let w = decoupled ? w * (1 - rate * decay) : w
      let m = (first ?? Tensor.zeros(like: w)) * beta1 + g * (1 - beta1)
      let v = (second ?? Tensor.zeros(like: w)) * beta2 + g.square() * (1 - beta2)
      (first, second) = (m, v)
      var (b1, b2) = (1.0, 1.0)
      for _ in 0..<Int(step) { (b1, b2) = (b1 * beta1, b2 * beta2) }
      return w - (m / (1 - b1)) / ((v / (1 - b2)).sqrt() + epsilon) * rate
    }
  }
}

/// The largest difference between two tensors, infinite if their shapes or dtypes differ; relative where numbers
/// exceed 1.
func difference(_ a: Tensor, _ b: Tensor) -> Double {
  guard a.shape == b.shape, a.dtype == b.dtype else { return .infinity }
  let (a, b) = (a.detached().cast(to: .float64), b.detached().cast(to: .float64))
  return ((a - b).abs() / Tensor.maximum(b.abs(), Tensor(1.0, dtype: .float64))).max().item()
}

/// Checks that a process stopped with a message that has all the parts.
func expectMessage(_ result: ExitTest.Result?, _ parts: String..., sourceLocation: SourceLocation = #_sourceLocation) {
  guard let result else { return }
  let message = String(decoding: result.standardErrorContent, as: UTF8.self)
  for part in parts {
    #expect(
      message.contains(part), "the message lacks “\(part)”: \(message.prefix(600))", sourceLocation: sourceLocation)
  }
}
