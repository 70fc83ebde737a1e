// Transforms over the last two axes of pictures: one axis after the other. Complex tensors are as in FourierTransform.swift.
extension Tensor {
  /// The two-dimensional discrete Fourier transform of complex pictures [..., height, width, 2].
  ///
  /// ```swift
  /// let one = Tensor.ones([2, 2, 1]).padded([(0, 0), (0, 0), (0, 1)])  // real parts 1
  /// one.fft2()[0, 0]  // → [4.0, 0.0]
  /// ```
  public func fft2(normalization: FourierNormalization = .backward) -> Tensor {
    requirePictures("fft2", and: 3)
    return fft(normalization: normalization).fft(axis: -2, normalization: normalization)
  }

  /// The inverse of `fft2`.
  ///
  /// ```swift
  /// Tensor.ones([2, 2, 2]).fft2().ifft2().shape  // → [2, 2, 2]
  /// ```
  public func ifft2(normalization: FourierNormalization = .backward) -> Tensor {
    requirePictures("ifft2", and: 3)
    return ifft(normalization: normalization).ifft(axis: -2, normalization: normalization)
  }

  /// The two-dimensional discrete Fourier transform of real pictures: [..., height, width] → complex [..., height,
  /// width/2 + 1, 2].
  ///
  /// ```swift
  /// Tensor.ones([2, 2]).rfft2()[0, 0]  // → [4.0, 0.0]
  /// ```
  public func rfft2(normalization: FourierNormalization = .backward) -> Tensor {
    requirePictures("rfft2", and: 2)
    return rfft(normalization: normalization).fft(axis: -2, normalization: normalization)
  }

  /// The inverse of `rfft2`: complex [..., height, w, 2] → [..., height, width]; the width is 2·(w − 1) unless said
  /// otherwise.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).rfft2().irfft2(width: 2)  // → [[1.0, 2.0], [3.0, 4.0]]
  /// ```
  public func irfft2(width: Int? = nil, normalization: FourierNormalization = .backward) -> Tensor {
    requirePictures("irfft2", and: 3)
    return ifft(axis: -2, normalization: normalization).irfft(length: width, normalization: normalization)
  }

  private func requirePictures(_ op: String, and axes: Int) {
    if rank < axes {
      stop(
        op, "\(shape) is no picture",
        fix: axes == 3 ? "pass complex [..., height, width, 2]" : "pass [..., height, width]")
    }
  }
}

extension Op {
  static let fft2 = pictures("fft2", "Σ x·e^(−2πi(jk/height + lm/width))") { $0.fft2(normalization: $1) }
  static let ifft2 = pictures("ifft2", "the inverse of fft2") { $0.ifft2(normalization: $1) }

  private static func pictures(
    _ name: String, _ formula: String, _ f: @escaping @Sendable (Tensor, FourierNormalization) -> Tensor
  ) -> Op {
    Op(
      name, formula,
      samples: [
        Sample("batch", [.uniform([2, 3, 4, 2])]) { f($0[0], .backward) },
        Sample("orthonormal", [.uniform([4, 5, 2])]) { f($0[0], .orthonormal) },
        Sample("no pictures", [.uniform([0, 3, 4, 2])]) { f($0[0], .backward) },
      ],
      misuses: [Misuse("row", says: [name, "[3, 2]", "no picture"]) { _ = f(.ones([3, 2]), .backward) }])
  }

  static let rfft2 = Op(
    "rfft2", "fft2 of real pictures",
    samples: [
      Sample("batch", [.uniform([2, 3, 4])]) { $0[0].rfft2() },
      Sample("odd", [.uniform([4, 5])]) { $0[0].rfft2(normalization: .orthonormal) },
      Sample("no pictures", [.uniform([0, 3, 4])]) { $0[0].rfft2() },
    ],
    misuses: [Misuse("row", says: ["rfft2", "[3]", "no picture"]) { _ = Tensor.ones([3]).rfft2() }])
  static let irfft2 = Op(
    "irfft2", "the inverse of rfft2",
    samples: [
      Sample("batch", [.uniform([2, 3, 4, 2])]) { $0[0].irfft2() },
      Sample("odd", [.uniform([4, 3, 2])]) { $0[0].irfft2(width: 5, normalization: .forward) },
      Sample("no pictures", [.uniform([0, 3, 4, 2])]) { $0[0].irfft2() },
    ],
    misuses: [Misuse("row", says: ["irfft2", "[3, 2]", "no picture"]) { _ = Tensor.ones([3, 2]).irfft2() }])
}
