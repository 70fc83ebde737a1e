import NotebookDisplay
import TensorCore

extension Tensor {
  /// The sound of [samples], or of [channels, samples] with 1 to 8 channels, as WAV, which a notebook plays; duration, dtype, shape
  /// and range stand below it.
  ///
  /// Samples lie in −1…1 and are rounded to whole numbers of 16 bits (PCM): sample x becomes round(32767·x). What lies beyond is cut
  /// off, and NaN is silence. IBM and Microsoft, "Multimedia Programming Interface and Data Specifications" (1991).
  ///
  /// Stops on another shape or dtype, and on a rate below 1.
  ///
  /// ```swift
  /// let seconds = Tensor.range(0, 8000).cast(to: .float32) / 8000
  /// let a4 = (seconds * (2 * .pi * 440)).sin()
  /// a4.audio(samplesPerSecond: 8000).bytes.count  // → 16044
  /// ```
  public func audio(samplesPerSecond: Int) -> WAV {
    guard rank == 1 || rank == 2, count > 0 else {
      stop("audio", "\(shape) is no sound", fix: "use [samples] or [channels, samples], of one or more each")
    }
    let channels = rank == 1 ? 1 : shape[0]
    if channels > 8 {
      stop(
        "audio", "\(shape) has \(channels) channels", fix: "put channels first: transposed() turns [samples, channels]")
    }
    guard dtype.isFloatingPoint else {
      stop("audio", "\(dtype) samples have no scale", fix: "scale them to -1...1: x.cast(to: .float32) / 32768, say")
    }
    let length = 2 * count
    guard samplesPerSecond >= 1, let rate = UInt32(exactly: samplesPerSecond),
      let bytesPerSecond = UInt32(exactly: 2 * channels * samplesPerSecond), let whole = UInt32(exactly: 36 + length)
    else {
      stop(
        "audio",
        "\(shape) at \(samplesPerSecond) samples per second is more than WAV's 32 bits can count, or less than one",
        fix: "use a rate from 1, and less than 4 GiB")
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(44 + length)
    func put(_ tag: String) { bytes += tag.utf8 }
    func put<Number: FixedWidthInteger>(_ number: Number) {
      Swift.withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) }
    }
    put("RIFF")
    put(whole)
    put("WAVEfmt ")
    put(UInt32(16))
    put(UInt16(1))
    put(UInt16(channels))
    put(rate)
    put(bytesPerSecond)
    put(UInt16(2 * channels))
    put(UInt16(16))
    put("data")
    put(UInt32(length))
    for sample in interleavedSamples(channels: channels) { put(sample) }
    let duration = Double(count / channels) / Double(samplesPerSecond)
    let sort = channels == 1 ? "mono" : "\(channels) channels"
    let caption = "\(duration.formatted(decimals: 2)) s, \(sort), \(samplesPerSecond) samples per second; \(summary)"
    return WAV(bytes, caption: caption)
  }

  /// A sample of each channel, then the next of each.
  private func interleavedSamples(channels: Int) -> [Int16] {
    withoutGradients {
      let x = detached().cast(to: .float64).reshaped([channels, count / channels]).transposed().contiguous()
      return x.scalars(as: Double.self).map { sample in
        sample.isNaN ? 0 : Int16((Swift.min(Swift.max(sample, -1), 1) * 32767).rounded())
      }
    }
  }
}
