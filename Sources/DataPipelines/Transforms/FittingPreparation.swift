import TensorCore

extension PicturePreparation {
  /// The preparation whose mean and deviation (÷ n) are those of a data set's pictures, each channel's over all pixels of all of them, after they
  /// have this size and these channels. A channel that is the same everywhere has a deviation of 1.
  ///
  /// Pictures are read one after the other, on all cores, and none is kept; sums are whole numbers, so that the result does not depend on the order. Stops
  /// unless they are uint8, and there is at least one.
  ///
  /// ```swift
  /// let pictures = TensorDataset(inputs: Tensor([[[[0, 255]]]], dtype: .uint8), targets: Tensor([0]))
  /// let preparation = PicturePreparation.fitting(pictures, size: Size2D(1, 2), channels: 1)
  /// preparation.mean  // → [0.5]
  /// preparation.standardDeviation  // → [0.5]
  /// ```
  ///
  /// - Throws: What reading an example throws: the error of the first of them.
  public static func fitting<Data: Dataset>(
    _ data: Data, size: Size2D, channels: Int = 3
  ) throws(Data.Failure) -> PicturePreparation {
    if data.count == 0 { stop("PicturePreparation", "no pictures to fit to", fix: "pass at least one") }
    let raw = PicturePreparation(
      size: size, channels: channels, mean: [Double](repeating: 0, count: channels),
      standardDeviation: [Double](repeating: 1, count: channels))
    let pieces = min(data.count, 8 * Runtime.threads)
    let counted = ParallelMap.map(count: pieces, threads: Runtime.threads) {
      piece -> Result<ByteCounts, Data.Failure> in
      do throws(Data.Failure) {
        var counts = ByteCounts(channels: channels)
        for index in (data.count * piece / pieces)..<(data.count * (piece + 1) / pieces) {
          counts.add(raw.resized(try data.example(at: index).input))
        }
        return .success(counts)
      } catch {
        return .failure(error)
      }
    }
    var counts = ByteCounts(channels: channels)
    for part in counted { counts.add(try part.get()) }
    return PicturePreparation(
      size: size, channels: channels, mean: counts.moments.map(\.mean),
      standardDeviation: counts.moments.map(\.deviation))
  }
}

/// How often each byte stands in each channel.
private struct ByteCounts: Sendable {
  private var counts: [[Int]]

  init(channels: Int) { counts = [[Int]](repeating: [Int](repeating: 0, count: 256), count: channels) }

  mutating func add(_ picture: Tensor) {
    guard picture.dtype == .uint8 else {
      stop("PicturePreparation", "pictures of \(picture.dtype)", fix: "fit to uint8 pictures, from 0 to 255")
    }
    let plane = picture.shape[1] * picture.shape[2]
    picture.contiguous().withUnsafeBuffer(of: UInt8.self) { bytes in
      for channel in counts.indices {
        for byte in bytes[(channel * plane)..<((channel + 1) * plane)] { counts[channel][Int(byte)] += 1 }
      }
    }
  }

  mutating func add(_ other: ByteCounts) {
    for channel in counts.indices {
      for byte in 0..<256 { counts[channel][byte] += other.counts[channel][byte] }
    }
  }

  /// On the scale from 0 to 1.
  var moments: [(mean: Double, deviation: Double)] {
    counts.map { counts in
      let all = Double(counts.reduce(0, +))
      let mean = counts.enumerated().reduce(0) { $0 + Double($1.offset) * Double($1.element) } / all
      let variance = counts.enumerated().reduce(0) { sum, count in
        sum + (Double(count.offset) - mean) * (Double(count.offset) - mean) * Double(count.element)
      }
      let isFlat = counts.count { $0 > 0 } <= 1
      return (mean / 255, isFlat ? 1 : (variance / all).squareRoot() / 255)
    }
  }
}
