import TensorCore

/// Pictures [batch, channels, height, width] as numbers to compute with: bytes go from 0 to 255 and are bytes again when they come back.
enum PictureBytes {
  /// `body` in float32; the result in the pictures' own dtype. Bytes are held to 0…255 and rounded to the nearest, or cut.
  static func computing(_ pictures: Tensor, rounding: Bool = true, _ body: (Tensor) -> Tensor) -> Tensor {
    guard pictures.dtype == .uint8 else { return body(pictures) }
    let y = body(pictures.cast(to: .float32)).clamped(to: 0...255)
    return (rounding ? y.round() : y).cast(to: .uint8)
  }

  /// Resized by bilinear interpolation, antialiased.
  static func resized(_ pictures: Tensor, to size: Size2D) -> Tensor {
    if pictures.shape[2] == size.height, pictures.shape[3] == size.width { return pictures }
    return computing(pictures) { TensorCore.resized($0, to: size, by: .bilinear, antialias: true) }
  }

  /// A picture [channels, height, width] resized so that it covers the size, and cropped around the centre.
  static func covering(_ picture: Tensor, _ size: Size2D) -> Tensor {
    let (height, width) = (picture.shape[1], picture.shape[2])
    if (height, width) == (size.height, size.width) { return picture }
    let scale = Swift.max(Double(size.height) / Double(height), Double(size.width) / Double(width))
    let high = Swift.max(size.height, Int((Double(height) * scale).rounded()))
    let wide = Swift.max(size.width, Int((Double(width) * scale).rounded()))
    let whole = resized(picture.unsqueezed(0), to: Size2D(high, wide))[0]
    let (top, left) = ((high - size.height) / 2, (wide - size.width) / 2)
    return whole[.all, top..<(top + size.height), left..<(left + size.width)].contiguous()
  }

  /// The number that is white.
  static func white(of pictures: Tensor) -> Double { pictures.dtype == .uint8 ? 255 : 1 }

  /// Each picture [1, channels, height, width] by itself.
  static func each(_ pictures: Tensor, _ body: (Int, Tensor) -> Tensor) -> Tensor {
    if pictures.shape[0] == 0 { return pictures }
    return Tensor.concatenated((0..<pictures.shape[0]).map { body($0, pictures[$0..<($0 + 1)]) })
  }

  /// A value for each picture, as [batch, 1, 1, 1].
  static func column(_ values: [Double], like pictures: Tensor) -> Tensor {
    Tensor(values, shape: [values.count, 1, 1, 1], dtype: pictures.dtype)
  }
}
