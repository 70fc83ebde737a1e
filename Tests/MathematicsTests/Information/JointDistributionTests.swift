import Foundation
import Mathematics
import TensorCore
import Testing

@Suite("A joint distribution")
struct JointDistributionTests {
  private func random(_ x: Int, _ y: Int, seed: UInt64) -> Tensor {
    Tensor.uniform([x, y], dtype: .float64, using: RandomGenerator(seed: seed))
  }

  @Test("of the textbook has the textbook's entropies (Cover & Thomas, example 2.2.1), in bits")
  func textbook() throws {
    let table = Tensor([[4, 2, 1, 1], [2, 4, 1, 1], [2, 2, 2, 2], [8, 0, 0, 0]])
    // Rows are Y there, columns X.
    let joint = try JointDistribution(table.transposed())
    func isNear(_ nats: Double, _ bits: Double) -> Bool { abs(nats / log(2) - bits) < 1e-14 }
    #expect(isNear(joint.entropyOfX, 1.75) && isNear(joint.entropyOfY, 2))
    #expect(isNear(joint.entropyOfXGivenY, 11.0 / 8) && isNear(joint.entropyOfYGivenX, 13.0 / 8))
    #expect(isNear(joint.jointEntropy, 27.0 / 8) && isNear(joint.mutualInformation, 3.0 / 8))
  }

  @Test(
    "obeys the chain rule, H(X, Y) = H(X) + H(Y | X) = H(Y) + H(X | Y), and I = H(X) − H(X | Y) ≥ 0", arguments: 0..<20)
  func chainRule(_ seed: Int) throws {
    let joint = try JointDistribution(random(4, 5, seed: UInt64(seed)))
    #expect(abs(joint.jointEntropy - joint.entropyOfX - joint.entropyOfYGivenX) < 1e-14)
    #expect(abs(joint.jointEntropy - joint.entropyOfY - joint.entropyOfXGivenY) < 1e-14)
    #expect(abs(joint.mutualInformation - (joint.entropyOfX - joint.entropyOfXGivenY)) < 1e-14)
    #expect(joint.mutualInformation > 0)
  }

  @Test("tells no more after its Y went through a channel", arguments: 0..<20)
  func dataProcessing(_ seed: Int) throws {
    let joint = try JointDistribution(random(4, 5, seed: UInt64(seed)))
    let weights = random(5, 3, seed: UInt64(100 + seed))
    let after = try joint.through(weights / weights.sum(axis: 1, keepingDimensions: true))
    #expect(after.mutualInformation <= joint.mutualInformation)
    // A channel that only renames loses nothing.
    let renamed = try joint.through(Tensor.eye(5, dtype: .float64).flipped([1]))
    #expect(abs(renamed.mutualInformation - joint.mutualInformation) < 1e-15)
  }

  @Test("of independent variables tells nothing, and of equal ones everything")
  func extremes() throws {
    let independent = try JointDistribution(
      outer(Tensor([0.2, 0.8], dtype: .float64), Tensor([0.5, 0.1, 0.4], dtype: .float64)))
    #expect(abs(independent.mutualInformation) < 1e-15)
    let equal = try JointDistribution(Tensor([[3, 0], [0, 1]]))
    #expect(abs(equal.mutualInformation - equal.entropyOfX) < 1e-15 && abs(equal.entropyOfYGivenX) < 1e-15)
  }

  @Test("of samples is that of their histogram, as scikit-learn computes it")
  func samples() throws {
    let goldens = try Goldens()
    let (x, y) = (try goldens("information/samples x"), try goldens("information/samples y"))
    let golden = try goldens.numbers("information/mutual information of samples")
    #expect(abs(try mutualInformation(x, y, bins: 5) - golden[0]) < 1e-12)
    #expect(abs(try mutualInformation(x, x, bins: 5) - golden[1]) < 1e-12)
    #expect(abs(try mutualInformation(x, Tensor.ones(like: x))) < 1e-14)
  }

  @Test("of many normal samples comes near −½ ln(1 − ρ²)")
  func normal() throws {
    let generator = RandomGenerator(seed: 5)
    let x = Tensor.normal([200_000], dtype: .float64, using: generator)
    let y = x * 0.8 + Tensor.normal([200_000], dtype: .float64, using: generator) * 0.6
    let found = try mutualInformation(x, y, bins: 60)
    #expect(abs(found - DifferentialEntropy.mutualInformation(correlation: 0.8)) < 0.02)
  }

  @Test("refuses what are no probabilities")
  func refusals() {
    for table in [
      Tensor([[1.0, -0.5]]), Tensor([[0.0, 0.0]]), Tensor([[1.0, .nan]]), Tensor([1.0, 2.0]), Tensor.zeros([0, 2]),
    ] {
      #expect(throws: JointDistribution.Failure.self) { try JointDistribution(table) }
    }
    #expect(throws: JointDistribution.Failure.self) { try mutualInformation(Tensor([1.0, .nan]), Tensor([1.0, 2.0])) }
  }
}
