/// A node of a ``DecisionTree``: it asks whether a feature is at most a threshold, or it is a leaf.
public struct TreeNode: Sendable, Hashable {
  /// What it asks for; below 0 for a leaf.
  private(set) var rawFeature: Int32 = -1
  /// The number of the right child, above the node's own; −1 for a leaf. The left child is the next node.
  var right: Int32 = -1
  private(set) var cut = Double.nan
  /// How impure the samples are that come to it.
  public let impurity: Double
  /// The sum of their weights.
  public let weight: Double
  private let samples: Int32

  /// How many samples of the training data come to it.
  public var sampleCount: Int { Int(samples) }
  public var isLeaf: Bool { rawFeature < 0 }
  /// What it asks for; nil for a leaf.
  public var feature: Int? { isLeaf ? nil : Int(rawFeature) }
  /// A sample whose feature is at most this goes to the left; nil for a leaf.
  public var threshold: Double? { isLeaf ? nil : cut }
  /// The number of the right child; nil for a leaf.
  public var rightChild: Int? { isLeaf ? nil : Int(right) }

  init(leafOf samples: Int, weight: Double, impurity: Double) {
    (self.samples, self.weight, self.impurity) = (Int32(samples), weight, impurity)
  }

  mutating func split(feature: Int, threshold: Double) { (rawFeature, cut) = (Int32(feature), threshold) }

  mutating func becomeLeaf() { (rawFeature, right, cut) = (-1, -1, .nan) }
}
