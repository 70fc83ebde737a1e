import Foundation
import TensorCore
import Testing

// The formulas of PyTorch's documentation of SGD, Adam and AdamW, written out in Double.
@Suite("An optimiser's fused step")
struct FusedStepTests {
  let start = [0.5, -1.25, 3.0, 0.0, 1e-3]
  /// Another gradient for each step.
  private func gradient(_ step: Int) -> [Double] { start.indices.map { Foundation.sin(Double(3 * step + $0)) } }

  @Test("is SGD's", arguments: [(0.0, 0.0, false), (0.0, 0.1, false), (0.9, 0.0, false), (0.9, 0.1, true)])
  func sgd(_ setting: (momentum: Double, decay: Double, nesterov: Bool)) {
    let (momentum, decay, nesterov) = setting
    var value = Tensor(start, dtype: .float64)
    var velocity: Tensor?
    var (w, v) = (start, [Double](repeating: 0, count: start.count))
    for step in 0..<5 {
      FusedStep.sgd(
        &value, gradient: Tensor(gradient(step), dtype: .float64), velocity: &velocity, learningRate: 0.1,
        momentum: momentum,
        weightDecay: decay, nesterov: nesterov)
      for (i, raw) in gradient(step).enumerated() {
        let g = raw + decay * w[i]
        v[i] = step == 0 ? g : momentum * v[i] + g
        w[i] -= 0.1 * (momentum == 0 ? g : nesterov ? g + momentum * v[i] : v[i])
      }
    }
    #expect(distance(value.doubles, w) < 1e-14)
    #expect((velocity == nil) == (momentum == 0))
  }

  @Test("is Adam's and AdamW's", arguments: [(0.0, false), (0.05, false), (0.05, true)], [DType.float64, .float32])
  func adam(_ setting: (decay: Double, decoupled: Bool), _ dtype: DType) {
    let (decay, decoupled) = setting
    var value = Tensor(start, dtype: dtype)
    var (m, v, largest): (Tensor?, Tensor?, Tensor?)
    var w = start
    var (first, second) = ([Double](repeating: 0, count: w.count), [Double](repeating: 0, count: w.count))
    for step in 1...5 {
      FusedStep.adam(
        &value, gradient: Tensor(gradient(step), dtype: dtype), m: &m, v: &v, largest: &largest, step: step,
        learningRate: 0.01, beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: decay, decoupled: decoupled)
      for (i, raw) in gradient(step).enumerated() {
        if decoupled { w[i] -= 0.01 * decay * w[i] }
        let g = decoupled ? raw : raw + decay * w[i]
        first[i] = 0.9 * first[i] + 0.1 * g
        second[i] = 0.999 * second[i] + 0.001 * g * g
        let corrected = second[i] / (1 - pow(0.999, Double(step)))
        w[i] -= 0.01 * first[i] / (1 - pow(0.9, Double(step))) / (corrected.squareRoot() + 1e-8)
      }
    }
    #expect(distance(value.doubles, w) < (dtype == .float64 ? 1e-13 : 1e-6))
  }

  @Test("writes no tensor that somebody else sees")
  func shared() {
    var value = Tensor([1.0, 2.0])
    let copy = value
    var velocity: Tensor? = Tensor([1.0, 1.0])
    let old = velocity
    FusedStep.sgd(&value, gradient: Tensor([1.0, 1.0]), velocity: &velocity, learningRate: 1, momentum: 1)
    #expect(copy.doubles == [1, 2] && old?.doubles == [1, 1])
    #expect(value.doubles == [-1, 0] && velocity?.doubles == [2, 2])
  }

  @Test("takes a gradient of any layout")
  func layout() {
    var value = Tensor.zeros([2, 2])
    var velocity: Tensor?
    FusedStep.sgd(
      &value, gradient: Tensor([[1.0, 2.0], [3.0, 4.0]]).transposed(), velocity: &velocity, learningRate: -1)
    #expect(value.doubles == [1, 3, 2, 4])
  }
}
