import TensorCore

/// Blanks a rectangle of every picture with the given probability: `scale` is its share of the area, `ratio` its width by its height, even on
/// a logarithmic scale (Zhong et al., "Random erasing data augmentation", 2020).
public struct RandomErasing: PictureTransform {
  public var probability: Double
  public var scale: ClosedRange<Double>
  public var ratio: ClosedRange<Double>
  public var value: Double

  public init(
    probability: Double = 0.5, scale: ClosedRange<Double> = 0.02...0.33, ratio: ClosedRange<Double> = 0.3...3.3,
    value: Double = 0
  ) {
    (self.probability, self.scale, self.ratio, self.value) = (probability, scale, ratio, value)
  }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    let boxes = random.uniforms(41).map { draws -> (Range<Int>, Range<Int>)? in
      draws[0] >= probability
        ? nil
        : RandomBox(Array(draws[1...]), scale: scale, ratio: ratio)
          .ranges(height: x.shape[2], width: x.shape[3], fitting: false)
    }
    return erasing(boxes, in: x, value)
  }
}

/// Blanks a square of every picture, whose centre is anywhere in it, so that a part may fall beyond the edge (DeVries & Taylor, "Improved
/// regularization of convolutional neural networks with cutout", 2017).
///
/// ```swift
/// let batch = Batch(inputs: Tensor.ones([1, 1, 8, 8]), targets: Tensor([0]))
/// batch.transformed(by: [Cutout(4)], seed: 3).inputs.sum().item() < 64  // → true
/// ```
public struct Cutout: PictureTransform {
  public var size: Int
  public var value: Double

  public init(_ size: Int, value: Double = 0) { (self.size, self.value) = (size, value) }

  public func pictures(_ x: Tensor, _ random: TransformRandom) -> Tensor {
    func span(_ draw: Double, _ length: Int) -> Range<Int> {
      let start = Int(draw * Double(length)) - size / 2
      return max(start, 0)..<max(0, min(start + size, length))
    }
    let boxes = random.uniforms(2).map { (span($0[0], x.shape[2]), span($0[1], x.shape[3])) }
    return erasing(boxes, in: x, value)
  }
}

private func erasing(_ boxes: [(Range<Int>, Range<Int>)?], in x: Tensor, _ value: Double) -> Tensor {
  var y = x
  for case (let row, let box?) in boxes.enumerated() {
    y[row, .all, box.0, box.1] = Tensor.full([], value, dtype: x.dtype)
  }
  return y
}
