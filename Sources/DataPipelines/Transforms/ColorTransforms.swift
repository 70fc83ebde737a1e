import TensorCore

/// Changes brightness, contrast, saturation and hue of every picture, in random order: the first three by factors even in
/// 1 − amount … 1 + amount (not below 0), the hue by a share of the circle in −amount … amount.
///
/// ```swift
/// let batch = Batch(inputs: Tensor.full([1, 3, 2, 2], 0.5), targets: Tensor([0]))
/// let jitter = ColorJitter(brightness: 0.4, contrast: 0.4, saturation: 0.4, hue: 0.1)
/// batch.transformed(by: [jitter], seed: 1).inputs.shape  // → [1, 3, 2, 2]
/// ```
public struct ColorJitter: PictureTransform {
  public var brightness, contrast, saturation, hue: Double

  public init(brightness: Double = 0, contrast: Double = 0, saturation: Double = 0, hue: Double = 0) {
    guard min(brightness, contrast, saturation, hue) >= 0, hue <= 0.5 else {
      stop("ColorJitter", "an amount below 0, or a hue of \(hue)", fix: "use amounts of 0 or more, hue up to 0.5")
    }
    (self.brightness, self.contrast, self.saturation, self.hue) = (brightness, contrast, saturation, hue)
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    let draws = random.uniforms(8)
    return PictureBytes.each(x) { row, picture in
      let draw = draws[row]
      func factor(_ amount: Double, _ place: Int) -> Double { max(0, 1 + amount * (2 * draw[place] - 1)) }
      return (0..<4).sorted { draw[4 + $0] < draw[4 + $1] }.reduce(picture) { y, step in
        switch step {
        case 0 where brightness > 0: ColorAdjustment.brightness(y, by: factor(brightness, 0))
        case 1 where contrast > 0: ColorAdjustment.contrast(y, by: factor(contrast, 1))
        case 2 where saturation > 0: ColorAdjustment.saturation(y, by: factor(saturation, 2))
        case 3 where hue > 0: ColorAdjustment.hue(y, by: hue * (2 * draw[3] - 1))
        default: y
        }
      }
    }
  }
}

/// (x − mean)/σ for each channel, in float32. Bytes are divided by 255 first, so mean and σ are on the scale from 0 to 1.
///
/// ```swift
/// let batch = Batch(inputs: Tensor([[[[0, 255]]]], dtype: .uint8), targets: Tensor([0]))
/// let scaled = batch.transformed(by: [Normalize(mean: [0.5], standardDeviation: [0.25])], seed: 0)
/// scaled.inputs.scalars(as: Int.self)  // → [-2, 2]
/// ```
public struct Normalize: PictureTransform {
  public var mean: [Double]
  public var standardDeviation: [Double]

  /// Stops unless there are as many means as deviations, these above 0.
  public init(mean: [Double], standardDeviation: [Double]) {
    guard mean.count == standardDeviation.count, standardDeviation.allSatisfy({ $0 > 0 }) else {
      stop("Normalize", "means \(mean), deviations \(standardDeviation)", fix: "give one of each for every channel")
    }
    (self.mean, self.standardDeviation) = (mean, standardDeviation)
  }

  /// The statistics of ImageNet's training set, which its models expect.
  public static let imageNet = Normalize(mean: [0.485, 0.456, 0.406], standardDeviation: [0.229, 0.224, 0.225])
  /// The statistics of CIFAR-10's training set.
  public static let cifar10 = Normalize(mean: [0.4914, 0.4822, 0.4465], standardDeviation: [0.2470, 0.2435, 0.2616])

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    guard x.shape[1] == mean.count else {
      stop("Normalize", "\(mean.count) means for pictures \(x.shape)", fix: "give a mean for each channel")
    }
    let values = x.dtype == .uint8 ? x.cast(to: .float32) / 255 : x
    let mean = Tensor(mean, shape: [mean.count, 1, 1], dtype: values.dtype)
    let deviation = Tensor(standardDeviation, shape: [standardDeviation.count, 1, 1], dtype: values.dtype)
    return (values - mean) / deviation
  }
}
