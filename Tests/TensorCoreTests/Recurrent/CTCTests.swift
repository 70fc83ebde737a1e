import Foundation
import TensorCore
import Testing

@Suite("Connectionist temporal classification")
struct CTCTests {
  /// What a path of classes reads as: repeated classes once, blanks not at all.
  private func reading(_ path: [Int], blank: Int) -> [Int] {
    var result: [Int] = []
    for (place, label) in path.enumerated() where label != blank && (place == 0 || path[place - 1] != label) {
      result.append(label)
    }
    return result
  }

  /// All paths of `time` classes out of `classes`.
  private func paths(_ time: Int, _ classes: Int) -> [[Int]] {
    (0..<time).reduce([[]]) { paths, _ in paths.flatMap { path in (0..<classes).map { path + [$0] } } }
  }

  @Test("is the sum over all paths that read as the target, with its gradient", arguments: [0, 2])
  func bruteForce(_ blank: Int) {
    let (time, classes) = (5, 3)
    let logits = Tensor.normal([time, 1, classes], dtype: .float64, using: RandomGenerator(seed: 71))
    let letters = (0..<classes).filter { $0 != blank }
    let (a, b) = (letters[0], letters[1])
    for target in [[], [a], [a, b], [a, a], [a, b, a], [b, b, a], [a, a, a], [a, b, a, b], [b, a, b, a, b]] {
      for length in [3, 5] {
        let leaf = logits.requiringGradient()
        let x = leaf.logSoftmax(axis: 2)
        let rows = x[..<length, 0].detached().exp().doubles
        let matching = paths(length, classes).filter { reading($0, blank: blank) == target }
        let probabilities = matching.map { path in
          path.enumerated().map { step, label in rows[step * classes + label] }.reduce(1, *)
        }
        let loss = ctcLoss(
          x, Tensor(target, shape: [1, target.count]), inputLengths: [length], targetLengths: [target.count],
          blank: blank, reduction: .sum)
        let whole = probabilities.reduce(0, +)
        if whole == 0 {
          #expect(loss.item() == .infinity)
          continue
        }
        #expect(abs(loss.item() + log(whole)) < 1e-12, "\(target) in \(length) steps")
        // ∂(−ln Σ p)/∂logit = softmax − the share of the paths that pass there.
        var expected = [Double](repeating: 0, count: time * classes)
        for (path, p) in zip(matching, probabilities) {
          for (step, label) in path.enumerated() { expected[step * classes + label] -= p / whole }
        }
        for place in 0..<(length * classes) { expected[place] += rows[place] }
        let found = gradients(of: loss, withRespectTo: [leaf])[0].doubles
        #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 1e-12 }, "gradient for \(target) in \(length) steps")
      }
    }
  }

  @Test("takes targets one after the other as well as in rows")
  func concatenated() {
    let x = Tensor.normal([6, 3, 4], dtype: .float64, using: RandomGenerator(seed: 72)).logSoftmax(axis: 2)
    let rows = ctcLoss(
      x, Tensor([[1, 2, 3], [3, 0, 0], [2, 2, 0]]), inputLengths: [6, 5, 6], targetLengths: [3, 1, 2], reduction: .none)
    let flat = ctcLoss(
      x, Tensor([1, 2, 3, 3, 2, 2]), inputLengths: [6, 5, 6], targetLengths: [3, 1, 2], reduction: .none)
    expectIdentical(flat, rows, "losses")
  }

  @Test("of an input too short is infinite, and 0 with `zeroInfinity`, as are its gradients")
  func tooShort() {
    let leaf = Tensor.zeros([2, 2, 3], dtype: .float64).requiringGradient()
    let x = leaf.logSoftmax(axis: 2)
    func losses(_ zeroInfinity: Bool) -> Tensor {
      ctcLoss(
        x, Tensor([[1, 1], [1, 2]]), inputLengths: [2, 2], targetLengths: [2, 2], reduction: .none,
        zeroInfinity: zeroInfinity)
    }
    // One way of nine reads as 1 2 in two steps; 1 1 needs a blank between.
    #expect(losses(false)[0].item() == .infinity)
    #expect(abs(losses(false)[1].item() - log(9)) < 1e-14)
    #expect(losses(true)[0].item() == 0)
    let clean = gradients(of: losses(true).sum(), withRespectTo: [leaf])[0]
    #expect(clean[.all, 0].doubles.allSatisfy { $0 == 0 } && clean.doubles.allSatisfy(\.isFinite))
    let dirty = gradients(of: losses(false).sum(), withRespectTo: [leaf])[0]
    #expect(dirty[.all, 0].doubles.contains { $0.isNaN } && dirty[.all, 1].doubles.allSatisfy(\.isFinite))
  }

  @Test("keeps its digits over long inputs, and its bits for any number of threads")
  func long() {
    Runtime.threads = max(Runtime.threads, 3)
    // Of t equally likely classes at each of t steps: counted in closed form, C(t + L, 2L) paths read as L different labels.
    let (time, labels) = (400, 3)
    let x = Tensor.full([time, 1, 4], 0.25).log()
    let found = ctcLoss(x, Tensor([[1, 2, 3]]), inputLengths: [time], targetLengths: [labels], reduction: .sum).item()
    let ways = lgamma(Double(time + labels + 1)) - lgamma(Double(2 * labels + 1)) - lgamma(Double(time - labels + 1))
    #expect(abs(found / (Double(time) * log(4) - ways) - 1) < 1e-6)

    let logits = Tensor.normal([50, 9, 12], using: RandomGenerator(seed: 73))
    let targets = Tensor.randomIntegers([9, 20], in: 1..<12, using: RandomGenerator(seed: 74))
    let lengths = [20, 3, 0, 7, 20, 1, 12, 15, 20]
    func run() -> [Tensor] {
      Case.gradientsAndValue([logits]) {
        ctcLoss(
          $0[0].logSoftmax(axis: 2), targets, inputLengths: (0..<9).map { 50 - $0 }, targetLengths: lengths,
          reduction: .none, zeroInfinity: true)
      }
    }
    let one = Runtime.withThreadLimit(1, run)
    for (found, expected) in zip(Runtime.withThreadLimit(3, run), one) { expectIdentical(found, expected, "3 threads") }
  }
}
