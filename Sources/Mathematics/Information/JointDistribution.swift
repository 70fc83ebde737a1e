import Foundation
import TensorCore

/// Two discrete variables and the probability of each pair of their values: what one tells about the other (Cover & Thomas, "Elements of
/// Information Theory", 2006, chapter 2). All in nats.
///
/// ```swift
/// // A bit that arrives inverted one time in four.
/// let channel = try JointDistribution(Tensor([[0.375, 0.125], [0.125, 0.375]], dtype: .float64))
/// channel.mutualInformation  // ≈ 0.1308120
/// channel.entropyOfY - channel.entropyOfYGivenX  // ≈ 0.1308120
/// ```
public struct JointDistribution: Sendable {
  /// p(x, y), [values of x, values of y].
  public let table: Tensor

  /// Why a table holds no probabilities.
  public enum Failure: Error, Hashable, CustomStringConvertible {
    /// What was found instead of a table of finite numbers that are not negative and have a positive sum.
    case noProbabilities(String)

    public var description: String {
      switch self {
      case .noProbabilities(let found):
        "JointDistribution: expected a table [x, y] of finite numbers of at least 0, not all of them 0, found \(found)."
      }
    }
  }

  /// Of a table of weights or counts, [values of x, values of y], which are divided by their sum. Computes in float64.
  public init(_ weights: Tensor) throws(Failure) {
    guard weights.rank == 2, weights.count > 0 else { throw .noProbabilities("shape \(weights.shape)") }
    let weights = weights.cast(to: .float64)
    let (least, sum) = (weights.min().item(), weights.sum().item())
    // NaN is not at least 0.
    guard least >= 0, sum > 0, sum.isFinite else {
      throw .noProbabilities("a least one of \(least) and a sum of \(sum)")
    }
    table = weights * (1 / sum)
  }

  /// p(x), [values of x].
  public var marginalOfX: Tensor { table.sum(axis: 1) }
  /// p(y), [values of y].
  public var marginalOfY: Tensor { table.sum(axis: 0) }

  /// H(X, Y) = −Σ p(x, y) ln p(x, y)
  public var jointEntropy: Double { entropy(table.flattened()).item() }
  /// H(X)
  public var entropyOfX: Double { entropy(marginalOfX).item() }
  /// H(Y)
  public var entropyOfY: Double { entropy(marginalOfY).item() }
  /// H(X | Y) = −Σ p(x, y) ln p(x | y): what is left to learn of X by somebody who knows Y.
  public var entropyOfXGivenY: Double {
    -(timesLog(table, table) - timesLog(table, marginalOfY.expanded(to: table.shape))).sum().item()
  }
  /// H(Y | X)
  public var entropyOfYGivenX: Double {
    -(timesLog(table, table) - timesLog(table, marginalOfX.unsqueezed(1).expanded(to: table.shape))).sum().item()
  }
  /// I(X; Y) = D(p(x, y) ‖ p(x)·p(y)) ≥ 0: what either tells about the other. 0 only where they are independent.
  public var mutualInformation: Double {
    let independent = outer(marginalOfX, marginalOfY)
    return klDivergence(table.flattened(), from: independent.flattened()).item()
  }

  /// The joint distribution of X and Z, where Z depends on Y alone: X → Y → Z. What Z tells about X is no more than what Y does (the
  /// data-processing inequality).
  ///
  /// - Parameter channel: p(z | y), [values of y, values of z], whose rows add up to 1. Stops the program when it has not a row for each y.
  public func through(_ channel: Tensor) throws(Failure) -> JointDistribution {
    guard channel.rank == 2, channel.shape[0] == table.shape[1] else {
      stop(
        "JointDistribution.through", "a channel of shape \(channel.shape) after \(table.shape[1]) values of y",
        fix: "pass p(z | y) as [\(table.shape[1]), values of z]")
    }
    return try JointDistribution(matmul(table, channel.cast(to: .float64)))
  }
}

/// I(X; Y) of the histogram of pairs (xᵢ, yᵢ), in nats: each range is cut into equal bins. The estimate is too high by about
/// (bins − 1)²/2n for independent variables (Paninski, "Estimation of entropy and mutual information", 2003), and too low by what bins hide.
///
/// Throws when a number is not finite; a variable that does not vary tells nothing. Stops the program unless x and y are lists [n] of one
/// length, and bins are at least one.
///
/// ```swift
/// let x = Tensor([0.0, 0.1, 0.9, 1.0], dtype: .float64)
/// try mutualInformation(x, x, bins: 2)  // ≈ 0.6931472
/// ```
public func mutualInformation(_ x: Tensor, _ y: Tensor, bins: Int = 10) throws(JointDistribution.Failure) -> Double {
  guard x.rank == 1, x.shape == y.shape, x.count > 0, bins > 0 else {
    stop("mutualInformation", "samples \(x.shape) and \(y.shape) in \(bins) bins", fix: "pass two lists of one length")
  }
  guard x.isFinite().all().item(Bool.self), y.isFinite().all().item(Bool.self) else {
    throw .noProbabilities("samples that are not finite")
  }
  let cells = (bin(x, bins) * Double(bins) + bin(y, bins)).cast(to: .int64)
  return try JointDistribution(cells.binCount(minimumLength: bins * bins).reshaped([bins, bins])).mutualInformation
}

/// Which of the equal bins of its range each number falls into; the last bin holds its end.
private func bin(_ x: Tensor, _ bins: Int) -> Tensor {
  let x = x.cast(to: .float64)
  let (low, high) = (x.min().item(), x.max().item())
  if low == high { return Tensor.zeros(x.shape, dtype: .float64) }
  return ((x - low) * (Double(bins) / (high - low))).floor().clamped(to: 0...Double(bins - 1))
}
