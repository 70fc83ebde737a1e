import DataPipelines
import TensorCore

/// Every distance, by products of matrices: ‖x − q‖² = ‖q‖² − 2(q·x − ‖x‖²/2), so that the nearest samples have the
/// highest scores q·x − ‖x‖²/2; by the cosine of their angle, the highest q·x of samples of length 1.
///
/// Scores are computed in float32, and only choose candidates: all samples whose score is within the rounding error of
/// the k-th best. Their distances are then computed from the differences in float64. So what is found is exact, and the
/// bulk of the work is the fastest product that there is.
struct ProductSearcher: NeighborSearcher {
  enum Measure { case euclidean, cosine }

  /// Queries and samples of one product: their scores stay in the second-level cache.
  private static let (queryBlock, sampleBlock) = (256, 1024)

  private let measure: Measure
  /// Float32 or float64; for the cosine distance, of length 1.
  private let samples: Tensor
  /// What the scores' products take: the samples in float32, nearer to zero if they are far from it. Where nothing
  /// changed they share storage.
  private let factors: Tensor
  /// What was taken off them, [features] in the samples' dtype; nil if nothing was.
  private let centre: Tensor?
  /// What the factors were divided by, so that their squares are within float32's range: a power of 2, mostly 1.
  private let scale: Double
  /// −‖x‖²/2 of each factor, float32 [samples]; zeros for the cosine distance.
  private let offsets: Tensor
  /// The largest ‖x‖ of a factor.
  private let largestNorm: Double

  init(_ samples: Tensor, measure: Measure) {
    self.measure = measure
    self.samples = measure == .cosine ? samples.normalisedRows() : samples
    let mean = self.samples.mean(axis: 0)
    let (power, meanPower) = (self.samples.rowPowers(), mean.cast(to: .float64).square().sum().item())
    // The error of a product grows with its factors' lengths.
    let isFar = measure == .euclidean && meanPower > 0.8 * power.mean().item()
    centre = isFar ? mean : nil
    let largest = Swift.max(self.samples.max().item(), -self.samples.min().item())
    let isStrange = largest > 0 && !(1e-10...1e10).contains(largest)
    scale = isStrange ? Double(sign: .plus, exponent: largest.exponent, significand: 1) : 1
    factors = Self.factors(self.samples, centre, scale)
    let powers = isFar || isStrange ? factors.rowPowers() : power
    offsets = (powers * (measure == .cosine ? 0 : -0.5)).cast(to: .float32)
    largestNorm = powers.max().item().squareRoot()
  }

  private static func factors(_ x: Tensor, _ centre: Tensor?, _ scale: Double) -> Tensor {
    let centred = centre.map { x - $0 } ?? x
    return (scale == 1 ? centred : centred / scale).cast(to: .float32)
  }

  func nearest(_ count: Int, of x: Tensor) -> [[Neighbor]] {
    found(x) { _, error in Candidates(count: count, error: error) }
      .map { Array($0.prefix(count)) }
  }

  func within(_ radius: Double, of x: Tensor) -> [[Neighbor]] {
    let (measure, scaled) = (measure, radius / scale)
    return found(x) { power, error in
      let lowest = measure == .cosine ? 1 - radius : (power - scaled * scaled) / 2
      return Candidates(floor: Float(lowest - 2 * error).nextDown)
    }
    .map { neighbors in neighbors.filter { $0.distance <= radius } }
  }

  /// The candidates of each query, in order of their distances.
  private func found(
    _ x: Tensor, _ start: @escaping @Sendable (_ power: Double, _ error: Double) -> Candidates
  ) -> [[Neighbor]] {
    let queries = measure == .cosine ? x.normalisedRows() : x
    let count = queries.shape[0]
    // Few queries are shared out among the threads too; what is found does not depend on how.
    let block = max(1, min(Self.queryBlock, (count + 7) / 8))
    let parts = ParallelMap.map(count: (count + block - 1) / block, threads: Runtime.threads) { part in
      let rows = part * block..<min((part + 1) * block, count)
      return exact(queries[rows], candidates(queries[rows], start))
    }
    return Array(parts.joined())
  }

  private func candidates(
    _ queries: Tensor, _ start: (_ power: Double, _ error: Double) -> Candidates
  ) -> [Candidates] {
    let q = Self.factors(queries, centre, scale)
    // Sums of n products, each rounded, are off by no more than γₙ = n·u/(1 − n·u) of the sum of their sizes (Higham,
    // "Accuracy and Stability of Numerical Algorithms", 2002, section 3.1); and the factors have been rounded.
    let rounding = Double(samples.shape[1] + 8) * 0x1p-24
    var candidates = q.rowPowers().scalars(as: Double.self).map { power in
      let size = power.squareRoot() * largestNorm + largestNorm * largestNorm
      return start(power, size * rounding / max(0.5, 1 - rounding))
    }
    for first in stride(from: 0, to: samples.shape[0], by: Self.sampleBlock) {
      let places = first..<min(first + Self.sampleBlock, samples.shape[0])
      let scores = linear(q, factors[places], offsets[places])
      scores.withUnsafeBuffer(of: Float.self) { scores in
        guard let base = scores.baseAddress else { return }
        for row in candidates.indices {
          candidates[row].scan(base + row * places.count, places)
        }
      }
    }
    return candidates
  }

  private func exact(_ queries: Tensor, _ candidates: [Candidates]) -> [[Neighbor]] {
    if samples.dtype == .float32 { return exact(queries, candidates, Float.self) }
    return exact(queries, candidates, Double.self)
  }

  private func exact<Scalar: TensorScalar & BinaryFloatingPoint>(
    _ queries: Tensor, _ candidates: [Candidates], _ type: Scalar.Type
  ) -> [[Neighbor]] {
    let width = samples.shape[1]
    return samples.withUnsafeBuffer(of: type) { samples in
      queries.withUnsafeBuffer(of: type) { queries -> [[Neighbor]] in
        guard let samples = samples.baseAddress, let queries = queries.baseAddress else { return [] }
        return candidates.enumerated().map { row, candidates in
          candidates.rows.map { place in
            let distance = distance(samples + place * width, queries + row * width, width)
            return Neighbor(index: place, distance: distance)
          }
          .sorted { ($0.distance, $0.index) < ($1.distance, $1.index) }
        }
      }
    }
  }

  @inline(__always)
  private func distance<Scalar: BinaryFloatingPoint>(
    _ x: UnsafePointer<Scalar>, _ q: UnsafePointer<Scalar>, _ width: Int
  ) -> Double {
    var (sum, product) = (0.0, 0.0)
    for feature in 0..<width {
      let (x, q) = (Double(x[feature]), Double(q[feature]))
      sum += (x - q) * (x - q)
      product += x * q
    }
    switch measure {
    case .euclidean: return sum.squareRoot()
    // 1 − x·q of lengths 1, without its rounding where it is small.
    case .cosine: return product == 0 ? 1 : sum / 2
    }
  }
}

/// What may be among a query's nearest, found in one pass over the scores.
private struct Candidates {
  /// The best scores so far, the worst of them first; as many as neighbours are wanted.
  private var best: [Float] = []
  /// Of neighbours; 0 where a floor alone decides.
  private var count = 0
  /// What scores of the true neighbours may fall short of the worst of the best by.
  private var margin: Float = 0
  /// Lower scores need not be looked at. One that is NaN, beyond float32's range, is not lower.
  private var floor: Float
  private var items: [(score: Float, row: Int)] = []
  /// At this many, those that have fallen below the floor are dropped.
  private var capacity = 0

  /// The best `count`, with scores that are off by no more than `error`.
  init(count: Int, error: Double) {
    self.count = count
    margin = Float(2 * error).nextUp
    floor = -.infinity
    capacity = 4 * count + 64
  }

  /// All from `floor` up.
  init(floor: Float) {
    self.floor = floor
    capacity = .max
  }

  var rows: [Int] { items.compactMap { $0.score < floor ? nil : $0.row } }

  /// Looks at the scores of these samples.
  mutating func scan(_ scores: UnsafePointer<Float>, _ rows: Range<Int>) {
    var index = 0
    while index + 16 <= rows.count {
      let sixteen = UnsafeRawPointer(scores + index).loadUnaligned(as: SIMD16<Float>.self)
      if any(.!(sixteen .< floor)) {
        for lane in index..<index + 16 where !(scores[lane] < floor) { add(scores[lane], rows.lowerBound + lane) }
      }
      index += 16
    }
    while index < rows.count {
      if !(scores[index] < floor) { add(scores[index], rows.lowerBound + index) }
      index += 1
    }
  }

  private mutating func add(_ score: Float, _ row: Int) {
    items.append((score, row))
    if count == 0 || score.isNaN { return }
    if best.count < count {
      best.insert(score, at: best.firstIndex { $0 > score } ?? best.count)
    } else if score > best[0] {
      var place = 0
      while place + 1 < count, best[place + 1] < score {
        best[place] = best[place + 1]
        place += 1
      }
      best[place] = score
    }
    if best.count == count { floor = (best[0] - margin).nextDown }
    if items.count >= capacity {
      let floor = floor
      items.removeAll { $0.score < floor }
      capacity = max(capacity, 2 * items.count)
    }
  }
}

extension Tensor {
  /// ‖x‖² of each row, float64 [rows]; of a few rows at a time, since a float64 copy of all may be large.
  fileprivate func rowPowers() -> Tensor {
    let parts = stride(from: 0, to: shape[0], by: 1024).map { first in
      self[first..<Swift.min(first + 1024, shape[0])].cast(to: .float64).square().sum(axis: 1)
    }
    return parts.isEmpty ? Tensor.zeros([0], dtype: .float64) : Tensor.concatenated(parts)
  }

  /// Each row over its length; zeros stay.
  fileprivate func normalisedRows() -> Tensor {
    let norms = rowPowers().sqrt().unsqueezed(1)
    let lengths = Tensor.where(norms .== 0, Tensor(1.0, dtype: .float64), norms)
    return (cast(to: .float64) / lengths).cast(to: dtype)
  }
}
