import TensorCore

/// What happens to a batch between its reading and its use: augmentation, mostly.
///
/// A ``DataLoader`` applies its transforms in order, on the thread that reads. What is random in them depends on the seed, the epoch and
/// the example's position in the data set alone: neither on the number of threads, nor, unless they mix examples, on the batch.
///
/// ```swift
/// let digits = try UCIDigits.load()
/// let loader = DataLoader(
///   digits.train, batchSize: 64, shuffle: true, seed: 1, prefetch: 2,
///   transforms: [RandomCrop(8, padding: 1), RandomFlip(.horizontal), Normalize(mean: [0.3], standardDeviation: [0.38])])
/// Array(loader.epoch(0))[0].inputs.shape  // → [64, 1, 8, 8]
/// ```
public protocol BatchTransform: Sendable {
  func callAsFunction(_ batch: Batch, _ random: TransformRandom) -> Batch
}

/// A transform of pictures that leaves targets alone.
public protocol PictureTransform: BatchTransform {
  /// - Parameter pictures: [batch, channels, height, width], uint8 from 0 to 255 or floating-point, mostly from 0 to 1.
  func pictures(_ pictures: Tensor, _ random: TransformRandom) -> Tensor
}

extension PictureTransform {
  public func callAsFunction(_ batch: Batch, _ random: TransformRandom) -> Batch {
    guard batch.inputs.rank == 4 else {
      stop("\(Self.self)", "inputs \(batch.inputs.shape)", fix: "use pictures [batch, channels, height, width]")
    }
    return Batch(inputs: withoutGradients { pictures(batch.inputs, random) }, targets: batch.targets)
  }
}

/// The random numbers of a transform, for each example of a batch its own.
public struct TransformRandom: Sendable {
  private let generators: [RandomGenerator]

  init(_ generators: [RandomGenerator]) { self.generators = generators }

  /// Of the examples at these positions of a data set, in an epoch.
  public init(seed: UInt64, epoch: Int, indices: [Int]) {
    let generator = RandomGenerator(seed: seed).derived(UInt64(epoch))
    self.init(indices.map { generator.derived(UInt64($0)) })
  }

  /// Independent ones, for the transform at this place.
  public func derived(_ number: Int) -> TransformRandom {
    TransformRandom(generators.map { $0.derived(UInt64(number)) })
  }

  /// The next `count` numbers of each example, uniform in 0..<1.
  public func uniforms(_ count: Int) -> [[Double]] { generators.map { $0.uniforms(count) } }

  /// Those of one example alone.
  func row(_ row: Int) -> TransformRandom { TransformRandom([generators[row]]) }
}

extension RandomGenerator {
  fileprivate func uniforms(_ count: Int) -> [Double] {
    Tensor.uniform([count], dtype: .float64, using: self).scalars(as: Double.self)
  }
}

extension Batch {
  /// This batch after the transforms, one after the other.
  ///
  /// - Parameter indices: The examples' positions in the data set; 0, 1, … if nil.
  ///
  /// ```swift
  /// let batch = Batch(inputs: Tensor.ones([2, 3, 8, 8]), targets: Tensor([0, 1]))
  /// batch.transformed(by: [CenterCrop(4)], seed: 1).inputs.shape  // → [2, 3, 4, 4]
  /// ```
  public func transformed(
    by transforms: [any BatchTransform], seed: UInt64, epoch: Int = 0, indices: [Int]? = nil
  ) -> Batch {
    if transforms.isEmpty { return self }
    let random = TransformRandom(seed: seed, epoch: epoch, indices: indices ?? Array(0..<count))
    return transforms.enumerated().reduce(self) { batch, part in part.element(batch, random.derived(part.offset)) }
  }
}
