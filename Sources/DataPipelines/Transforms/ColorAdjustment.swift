import TensorCore

/// Changes of pictures' colours, [batch, channels, height, width] with 1 or 3 channels, uint8 from 0 to 255 or floating-point from 0 to 1.
/// Values are those of torchvision's functions of the same names: bytes are cut, not rounded.
public enum ColorAdjustment {
  /// factor·x.
  ///
  /// ```swift
  /// ColorAdjustment.brightness(Tensor([[[[0.25, 0.75]]]]), by: 2)  // → [[[[0.5, 1.0]]]]
  /// ```
  public static func brightness(_ x: Tensor, by factor: Double) -> Tensor { blend(x, factor) { $0 * 0 } }

  /// factor·x + (1 − factor)·m, with m the mean of the grey picture.
  public static func contrast(_ x: Tensor, by factor: Double) -> Tensor {
    blend(x, factor) { _ in grey(x).cast(to: floating(x)).mean(axes: [1, 2, 3], keepingDimensions: true) }
  }

  /// factor·x + (1 − factor)·grey.
  public static func saturation(_ x: Tensor, by factor: Double) -> Tensor {
    x.shape[1] == 1 ? x : blend(x, factor) { _ in grey(x).cast(to: floating(x)) }
  }

  /// factor·x + (1 − factor)·(x smoothed by 3×3 weights of 1, in the middle 5); the edge stays.
  public static func sharpness(_ x: Tensor, by factor: Double) -> Tensor {
    if x.shape[2] <= 2 || x.shape[3] <= 2 { return x }
    return blend(x, factor) { values in
      let channels = x.shape[1]
      let kernel = Tensor([1, 1, 1, 1, 5, 1, 1, 1, 1].map { $0 / 13.0 }, dtype: values.dtype)
        .reshaped([1, 1, 3, 3]).expanded(to: Shape([channels, 1, 3, 3]))
      let smooth = conv2d(values, kernel, groups: channels)
      var result = values
      result[.all, .all, 1..<(x.shape[2] - 1), 1..<(x.shape[3] - 1)] = x.dtype == .uint8 ? smooth.round() : smooth
      return result
    }
  }

  /// The hue turned by a share of the colour circle, from −0.5 to 0.5, saturation and value as they are (A. R. Smith's hexcone, 1978).
  public static func hue(_ x: Tensor, by turn: Double) -> Tensor {
    if x.shape[1] == 1 { return x }
    let isBytes = x.dtype == .uint8
    let values = isBytes ? x.cast(to: .float32) / 255 : x
    let (r, g, b) = (values[.all, 0], values[.all, 1], values[.all, 2])
    let (value, low) = (values.max(axis: 1), values.min(axis: 1))
    let isGrey = value .== low
    let one = Tensor.ones([], dtype: values.dtype)
    let chroma = Tensor.where(isGrey, one, value - low)
    let saturation = (value - low) / Tensor.where(isGrey, one, value)
    let (rc, gc, bc) = ((value - r) / chroma, (value - g) / chroma, (value - b) / chroma)
    let isRed = value .== r
    let sixths = Tensor.where(isRed, bc - gc, Tensor.where(value .== g, rc - bc + 2, gc - rc + 4))
    let hue = ((sixths / 6 + 1).remainder(1) + turn).remainder(1) * 6
    let sector = hue.floor()
    let part = hue - sector
    let p = (value * (1 - saturation)).clamped(to: 0...1)
    let q = (value * (1 - saturation * part)).clamped(to: 0...1)
    let t = (value * (1 - saturation * (1 - part))).clamped(to: 0...1)
    func channel(_ choices: [Tensor]) -> Tensor {
      choices.enumerated().dropFirst().reduce(choices[0]) { result, choice in
        Tensor.where(sector.remainder(6) .== Double(choice.offset), choice.element, result)
      }
    }
    let turned = Tensor.stacked(
      [
        channel([value, q, p, p, t, value]), channel([t, value, value, q, p, p]), channel([p, p, t, value, value, q]),
      ], axis: 1)
    return isBytes ? (turned * (256 - 1e-3)).cast(to: .uint8) : turned
  }

  /// One channel, 0.2989 red + 0.587 green + 0.114 blue.
  public static func grey(_ x: Tensor) -> Tensor {
    if x.shape[1] == 1 { return x }
    guard x.shape[1] == 3 else {
      stop("ColorAdjustment", "pictures \(x.shape)", fix: "use 1 or 3 channels: [batch, channels, height, width]")
    }
    let values = x.cast(to: floating(x))
    let sum = values[.all, 0..<1] * 0.2989 + values[.all, 1..<2] * 0.587 + values[.all, 2..<3] * 0.114
    return sum.cast(to: x.dtype)
  }

  /// Pixels from `threshold` on inverted.
  static func solarized(_ x: Tensor, from threshold: Double) -> Tensor {
    PictureBytes.computing(x) { Tensor.where($0 .>= threshold, PictureBytes.white(of: x) - $0, $0) }
  }

  /// The upper bits of bytes, the others 0.
  static func posterized(_ x: Tensor, bits: Int) -> Tensor {
    let step = Double(1 << (8 - bits))
    return PictureBytes.computing(x) { ($0 / step).floor() * step }
  }

  /// Each channel stretched so that its least value is black and its greatest white.
  static func autocontrast(_ x: Tensor) -> Tensor {
    PictureBytes.computing(x, rounding: false) { values in
      let low = values.min(axes: [2, 3], keepingDimensions: true)
      let width = values.max(axes: [2, 3], keepingDimensions: true) - low
      let isFlat = width .== 0
      let scale = Tensor.where(isFlat, Tensor.ones(like: width), PictureBytes.white(of: x) / width)
      return (values - Tensor.where(isFlat, Tensor.zeros(like: low), low)) * scale
    }
  }

  /// Each channel's bytes so that all values are about equally frequent, as Pillow does it.
  static func equalized(_ x: Tensor) -> Tensor {
    var y = x.contiguous()
    let plane = x.shape[2] * x.shape[3]
    y.withUnsafeMutableBuffer(of: UInt8.self) { bytes in
      for start in stride(from: 0, to: bytes.count, by: Swift.max(plane, 1)) {
        var counts = [Int](repeating: 0, count: 256)
        for place in start..<(start + plane) { counts[Int(bytes[place])] += 1 }
        let step = (plane - (counts.last { $0 > 0 } ?? 0)) / 255
        if step == 0 { continue }
        var sum = step / 2
        let table = counts.map { count in
          defer { sum += count }
          return UInt8(Swift.min(sum / step, 255))
        }
        for place in start..<(start + plane) { bytes[place] = table[Int(bytes[place])] }
      }
    }
    return y
  }

  /// factor·x + (1 − factor)·other, within black and white.
  private static func blend(_ x: Tensor, _ factor: Double, with other: (Tensor) -> Tensor) -> Tensor {
    PictureBytes.computing(x, rounding: false) { values in
      (values * factor + other(values) * (1 - factor)).clamped(to: 0...PictureBytes.white(of: x))
    }
  }

  private static func floating(_ x: Tensor) -> DType { x.dtype == .uint8 ? .float32 : x.dtype }
}
