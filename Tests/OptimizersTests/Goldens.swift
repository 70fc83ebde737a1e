import Foundation
import NeuralNetworks
import Optimizers
import TensorCore
import TensorIO
import Testing

/// Numbers that PyTorch made: see scripts/goldens.
struct Goldens {
  private let tensors: [String: Tensor]

  init(_ name: String) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    tensors = try SafeTensors(contentsOf: folder.appending(path: "Goldens/\(name).safetensors")).tensors()
  }

  func callAsFunction(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden named \(name)") }

  /// Those whose names begin so, without that beginning.
  func state(_ prefix: String) -> StateDictionary {
    let own = tensors.filter { $0.key.hasPrefix(prefix) }
    return StateDictionary(Dictionary(uniqueKeysWithValues: own.map { (String($0.dropFirst(prefix.count)), $1) }))
  }
}

/// Steps that PyTorch took, too: see scripts/goldens/optimizers.py.
struct OptimizerGoldens {
  static let steps = 50
  private let goldens: Goldens

  init() throws { goldens = try Goldens("optimizers") }

  func callAsFunction(_ name: String) throws -> Tensor { try goldens(name) }

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
  let composed: ComposedOptimizer.Rule?

  var testDescription: String { name }

  var maximizes: Bool {
    let going = ["sgd_maximize", "adamw_amsgrad", "adagrad_decay", "adadelta_decay", "rmsprop_decay", "nadam_decay"]
    return (going + ["radam_decay", "adamax_decay"]).contains(name)
  }

  init(
    _ name: String, _ make: @escaping @Sendable ([Parameter]) -> any Optimizer,
    _ composed: ComposedOptimizer.Rule? = nil
  ) {
    (self.name, self.make, self.composed) = (name, make, composed)
  }

  static let all: [OptimizerCase] = [
    OptimizerCase("sgd", { SGD($0, learningRate: 0.1) }, .sgd(rate: 0.1)),
    OptimizerCase("sgd_decay", { SGD($0, learningRate: 0.1, weightDecay: 0.02) }, .sgd(rate: 0.1, decay: 0.02)),
    OptimizerCase("sgd_momentum", { SGD($0, learningRate: 0.05, momentum: 0.9) }, .sgd(rate: 0.05, momentum: 0.9)),
    OptimizerCase(
      "sgd_momentum_decay", { SGD($0, learningRate: 0.05, momentum: 0.9, weightDecay: 0.02) },
      .sgd(rate: 0.05, momentum: 0.9, decay: 0.02)),
    OptimizerCase(
      "sgd_nesterov", { SGD($0, learningRate: 0.05, momentum: 0.8, weightDecay: 0.02, nesterov: true) },
      .sgd(rate: 0.05, momentum: 0.8, decay: 0.02, nesterov: true)),
    OptimizerCase(
      "sgd_maximize", { SGD($0, learningRate: 0.01, momentum: 0.5, weightDecay: 0.02, maximize: true) }),
    OptimizerCase("adam", { Adam($0, learningRate: 0.01) }, .adam(rate: 0.01)),
    OptimizerCase(
      "adam_decay", { Adam($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1) },
      .adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, decay: 0.1)),
    OptimizerCase(
      "adam_amsgrad", { Adam($0, learningRate: 0.02, beta1: 0.7, beta2: 0.8, weightDecay: 0.1, amsgrad: true) },
      .adam(rate: 0.02, beta1: 0.7, beta2: 0.8, decay: 0.1, amsgrad: true)),
    OptimizerCase("adamw", { AdamW($0, learningRate: 0.01) }, .adam(rate: 0.01, decay: 0.01, decoupled: true)),
    OptimizerCase(
      "adamw_decay", { AdamW($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1) },
      .adam(rate: 0.02, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, decay: 0.1, decoupled: true)),
    OptimizerCase(
      "adamw_amsgrad", { AdamW($0, learningRate: 0.02, beta1: 0.7, beta2: 0.8, amsgrad: true, maximize: true) }),
    OptimizerCase("adagrad", { Adagrad($0, learningRate: 0.1) }, .adagrad(rate: 0.1, epsilon: 1e-10)),
    OptimizerCase(
      "adagrad_decay",
      {
        Adagrad(
          $0, learningRate: 0.1, learningRateDecay: 0.01, weightDecay: 0.02, initialSum: 0.5, epsilon: 1e-6,
          maximize: true)
      }),
    OptimizerCase("adadelta", { Adadelta($0) }, .adadelta(rate: 1, rho: 0.9, epsilon: 1e-6)),
    OptimizerCase(
      "adadelta_decay",
      { Adadelta($0, learningRate: 0.5, rho: 0.8, epsilon: 1e-4, weightDecay: 0.02, maximize: true) }),
    OptimizerCase("rmsprop", { RMSProp($0) }, .rmsProp(rate: 0.01, alpha: 0.99, epsilon: 1e-8)),
    OptimizerCase(
      "rmsprop_decay",
      { RMSProp($0, learningRate: 0.02, alpha: 0.9, epsilon: 1e-6, weightDecay: 0.02, maximize: true) }),
    OptimizerCase(
      "rmsprop_momentum", { RMSProp($0, learningRate: 0.005, momentum: 0.9) },
      .rmsProp(rate: 0.005, alpha: 0.99, epsilon: 1e-8, momentum: 0.9)),
    OptimizerCase(
      "rmsprop_centred", { RMSProp($0, learningRate: 0.01, alpha: 0.9, epsilon: 1e-3, centred: true) },
      .rmsProp(rate: 0.01, alpha: 0.9, epsilon: 1e-3, centred: true)),
    OptimizerCase(
      "rmsprop_both",
      {
        RMSProp(
          $0, learningRate: 0.005, alpha: 0.9, epsilon: 1e-3, weightDecay: 0.02, momentum: 0.8, centred: true)
      }, .rmsProp(rate: 0.005, alpha: 0.9, epsilon: 1e-3, momentum: 0.8, decay: 0.02, centred: true)),
    OptimizerCase("nadam", { NAdam($0) }, .nadam(rate: 2e-3, decay: 0)),
    OptimizerCase(
      "nadam_decay",
      {
        NAdam(
          $0, learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, momentumDecay: 0.01,
          maximize: true)
      }),
    OptimizerCase("nadam_decoupled", { NAdam($0, learningRate: 0.01, weightDecay: 0.1, decoupled: true) }),
    OptimizerCase("radam", { RAdam($0) }, .radam(rate: 1e-3, beta2: 0.999)),
    OptimizerCase(
      "radam_decay",
      {
        RAdam($0, learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, maximize: true)
      }),
    OptimizerCase("radam_decoupled", { RAdam($0, learningRate: 0.01, weightDecay: 0.1, decoupled: true) }),
    OptimizerCase("adamax", { Adamax($0) }, .adamax(rate: 2e-3)),
    OptimizerCase(
      "adamax_decay",
      {
        Adamax($0, learningRate: 0.01, beta1: 0.8, beta2: 0.95, epsilon: 1e-6, weightDecay: 0.1, maximize: true)
      }),
    OptimizerCase("lion", { Lion($0, learningRate: 0.01) }, .lion(rate: 0.01, beta1: 0.9, beta2: 0.99)),
    OptimizerCase(
      "lion_decay", { Lion($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.1) },
      .lion(rate: 0.02, beta1: 0.8, beta2: 0.95, decay: 0.1)),
    OptimizerCase("lamb", { LAMB($0, learningRate: 0.01) }),
    OptimizerCase("lamb_decay", { LAMB($0, learningRate: 0.02, beta1: 0.8, beta2: 0.95, weightDecay: 0.1) }),
    OptimizerCase(
      "groups",
      {
        AdamW(groups: [
          ParameterGroup([$0[0]], AdamW.Rule(learningRate: 0.02)),
          ParameterGroup(
            Array($0[1...]), AdamW.Rule(learningRate: 0.04, beta1: 0.5, beta2: 0.9, weightDecay: 0)),
        ])
      }),
  ]

  /// Those with a kernel of their own.
  static let fused = all.filter { $0.composed != nil }
}

/// The optimisers' formulas, one tensor op after the other: the reference for the fused steps.
struct ComposedOptimizer {
  enum Rule: Sendable {
    case sgd(rate: Double, momentum: Double = 0, decay: Double = 0, nesterov: Bool = false)
    case adam(
      rate: Double, beta1: Double = 0.9, beta2: Double = 0.999, epsilon: Double = 1e-8, decay: Double = 0,
      decoupled: Bool = false, amsgrad: Bool = false)
    case adagrad(rate: Double, epsilon: Double)
    case adadelta(rate: Double, rho: Double, epsilon: Double)
    case rmsProp(
      rate: Double, alpha: Double, epsilon: Double, momentum: Double = 0, decay: Double = 0, centred: Bool = false)
    case nadam(rate: Double, decay: Double)
    case radam(rate: Double, beta2: Double)
    case adamax(rate: Double)
    case lion(rate: Double, beta1: Double, beta2: Double, decay: Double = 0)
  }

  let rule: Rule
  private var velocity: Tensor?
  private var first: Tensor?
  private var second: Tensor?
  private var largest: Tensor?
  private var step = 0.0

  init(_ rule: Rule) { self.rule = rule }

  /// m and v, after this gradient.
  private mutating func moments(_ gradient: Tensor, beta2: Double) -> (Tensor, Tensor) {
    let m = (first ?? Tensor.zeros(like: gradient)) * 0.9 + gradient * 0.1
    let v = (second ?? Tensor.zeros(like: gradient)) * beta2 + gradient.square() * (1 - beta2)
    (first, second) = (m, v)
    return (m, v)
  }

  mutating func step(_ w: Tensor, along gradient: Tensor) -> Tensor {
    step += 1
    switch rule {
    case .sgd(let rate, let momentum, let decay, let nesterov):
      let g = gradient + w * decay
      let v = velocity.map { $0 * momentum + g } ?? g
      velocity = v
      return w - (nesterov ? g + v * momentum : momentum == 0 ? g : v) * rate
    case .adam(let rate, let beta1, let beta2, let epsilon, let decay, let decoupled, let amsgrad):
      let g = decoupled ? gradient : gradient + w * decay
      let w = decoupled ? w * (1 - rate * decay) : w
      let m = (first ?? Tensor.zeros(like: w)) * beta1 + g * (1 - beta1)
      let v = (second ?? Tensor.zeros(like: w)) * beta2 + g.square() * (1 - beta2)
      (first, second) = (m, v)
      var (b1, b2) = (1.0, 1.0)
      for _ in 0..<Int(step) { (b1, b2) = (b1 * beta1, b2 * beta2) }
      let most = amsgrad ? largest.map { Tensor.maximum($0, v) } ?? v : v
      largest = most
      return w - (m / (1 - b1)) / ((most / (1 - b2)).sqrt() + epsilon) * rate
    case .adagrad(let rate, let epsilon):
      let sum = (first ?? Tensor.zeros(like: w)) + gradient.square()
      first = sum
      return w - gradient / (sum.sqrt() + epsilon) * rate
    case .adadelta(let rate, let rho, let epsilon):
      let squares = (first ?? Tensor.zeros(like: w)) * rho + gradient.square() * (1 - rho)
      let before = second ?? Tensor.zeros(like: w)
      let change = gradient * (before + epsilon).sqrt() / (squares + epsilon).sqrt()
      (first, second) = (squares, before * rho + change.square() * (1 - rho))
      return w - change * rate
    case .rmsProp(let rate, let alpha, let epsilon, let momentum, let decay, let centred):
      let g = gradient + w * decay
      let squares = (first ?? Tensor.zeros(like: w)) * alpha + g.square() * (1 - alpha)
      let mean = (second ?? Tensor.zeros(like: w)) * alpha + g * (1 - alpha)
      (first, second) = (squares, mean)
      let change = g / ((centred ? squares - mean.square() : squares).sqrt() + epsilon)
      let v = (velocity ?? Tensor.zeros(like: w)) * momentum + change
      velocity = v
      return w - v * rate
    case .nadam(let rate, let decay):
      let (m, v) = moments(gradient + w * decay, beta2: 0.999)
      func mu(_ t: Double) -> Double { 0.9 * (1 - 0.5 * pow(0.96, t * 4e-3)) }
      let product = (1...Int(step)).reduce(1) { $0 * mu(Double($1)) }
      let now = (gradient + w * decay) * ((1 - mu(step)) / (1 - product))
      let ahead = m * (mu(step + 1) / (1 - product * mu(step + 1)))
      return w - (now + ahead) / ((v / (1 - pow(0.999, step))).sqrt() + 1e-8) * rate
    case .radam(let rate, let beta2):
      let (m, v) = moments(gradient, beta2: beta2)
      let mean = m / (1 - pow(0.9, step))
      let longest = 2 / (1 - beta2) - 1
      let length = longest - 2 * step * pow(beta2, step) / (1 - pow(beta2, step))
      if length <= 5 { return w - mean * rate }
      let r = ((length - 4) * (length - 2) * longest / ((longest - 4) * (longest - 2) * length)).squareRoot()
      return w - mean * (1 - pow(beta2, step)).squareRoot() / (v.sqrt() + 1e-8) * r * rate
    case .adamax(let rate):
      let m = (first ?? Tensor.zeros(like: w)) * 0.9 + gradient * 0.1
      let u = Tensor.maximum((second ?? Tensor.zeros(like: w)) * 0.999, gradient.abs() + 1e-8)
      (first, second) = (m, u)
      return w - m / u * (rate / (1 - pow(0.9, step)))
    case .lion(let rate, let beta1, let beta2, let decay):
      let m = first ?? Tensor.zeros(like: w)
      first = m * beta2 + gradient * (1 - beta2)
      return w - ((m * beta1 + gradient * (1 - beta1)).sign() + w * decay) * rate
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
