import CKernels

// Activations that are made of pieces. At a kink the derivative is that of the piece that PyTorch takes, and so it is at NaN; where PyTorch
// itself takes one or the other, by where an element stands in memory, it is that of its vectors.
extension Tensor {
  /// xᵢ for xᵢ > 0, else slope·xᵢ. (Maas, Hannun & Ng, 2013.)
  ///
  /// ```swift
  /// Tensor([-1.0, 2.0]).leakyRelu(slope: 0.25)  // → [-0.25, 2.0]
  /// ```
  public func leakyRelu(slope: Double = 0.01) -> Tensor {
    Activation.recorded(GB_LEAKY_RELU, "leakyRelu", self, slope) { x in
      Tensor.where(x.detached() .> 0, x, x * slope)
    }
  }

  /// xᵢ for xᵢ > 0, else a learned slope times xᵢ; `slopes` broadcasts: [1] for one slope, [channels, 1, 1] for one a
  /// channel. (He et al., 2015.)
  ///
  /// ```swift
  /// Tensor([-4.0, 2.0]).prelu(Tensor([0.5]))  // → [-2.0, 2.0]
  /// ```
  public func prelu(_ slopes: Tensor) -> Tensor {
    if Autocast.isOn { return Autocast.lowering(self, slopes) { x, slopes, _ in x.prelu(slopes) } }
    guard let shape = Shape.broadcast(shape, slopes.shape), shape == self.shape else {
      stop(
        "prelu", "slopes \(slopes.shape) do not broadcast to \(self.shape)",
        fix: "pass [1], or [channels, 1, 1] for pictures")
    }
    let positive = detached() .> 0
    let rest = Tensor.where(positive, Tensor.zeros([], dtype: dtype), self)
    return Tensor.where(positive, self, slopes * rest)
  }

  /// xᵢ for xᵢ > 0, else α(e^xᵢ − 1). (Clevert, Unterthiner & Hochreiter, 2016.)
  ///
  /// ```swift
  /// Tensor([-1.0, 2.0]).elu()  // → [-0.63212055, 2.0]
  /// ```
  public func elu(alpha: Double = 1) -> Tensor { elu("elu", alpha: alpha, scale: 1) }

  /// λ·elu(x) with the λ and α that keep mean 0 and variance 1 from layer to layer. (Klambauer et al., 2017.)
  ///
  /// ```swift
  /// Tensor([0.0, 1.0]).selu()  // → [0.0, 1.050701]
  /// ```
  public func selu() -> Tensor { elu("selu", alpha: 1.6732632423543772, scale: 1.0507009873554805) }

  /// xᵢ for xᵢ > 0, else α(e^(xᵢ/α) − 1), whose slope at 0 is 1 for any α. (Barron, 2017.)
  ///
  /// ```swift
  /// Tensor([0.0, 2.0]).celu(alpha: 2)  // → [0.0, 2.0]
  /// ```
  public func celu(alpha: Double = 1) -> Tensor {
    Elementwise.requireFloatingPoint("celu", self)
    return (self / alpha).elu("celu", alpha: 1, scale: alpha)
  }

  private func elu(_ name: String, alpha: Double, scale: Double) -> Tensor {
    Activation.recorded(GB_ELU, name, self, alpha, scale) { x in
      let positive = x.detached() .> 0
      let negative = Tensor.where(positive, Tensor.zeros([], dtype: x.dtype), x).expm1() * alpha
      return Tensor.where(positive, x, negative) * scale
    }
  }

  /// min(max(xᵢ, 0), 6).
  ///
  /// ```swift
  /// Tensor([-1.0, 3.0, 8.0]).relu6()  // → [0.0, 3.0, 6.0]
  /// ```
  public func relu6() -> Tensor { hardTanh(0...6) }

  /// xᵢ within the range, its ends outside; no gradient at the ends.
  ///
  /// ```swift
  /// Tensor([-3.0, 0.5, 2.0]).hardTanh()  // → [-1.0, 0.5, 1.0]
  /// ```
  public func hardTanh(_ range: ClosedRange<Double> = -1...1) -> Tensor {
    let y = detached().clamped(to: range)
    guard Tape.records(self) else { return y }
    let inside = (detached() .> range.lowerBound) .& (detached() .< range.upperBound)
    return y.recorded("hardTanh", from: self) { g in g * inside.cast(to: g.dtype) }
  }

  /// min(max(xᵢ/6 + ½, 0), 1).
  ///
  /// ```swift
  /// Tensor([-3.0, 0.0, 3.0]).hardSigmoid()  // → [0.0, 0.5, 1.0]
  /// ```
  public func hardSigmoid() -> Tensor {
    Activation.recorded(GB_HARD_SIGMOID, "hardSigmoid", self) { x in
      let inside = (x.detached() .> -3) .& (x.detached() .< 3)
      return Tensor.where(inside, x / 6 + 0.5, (x.detached() .>= 3).cast(to: x.dtype))
    }
  }

  /// xᵢ·min(max(xᵢ + 3, 0), 6)/6. (Howard et al., 2019.)
  ///
  /// ```swift
  /// Tensor([0.0, 3.0]).hardSwish()  // → [0.0, 3.0]
  /// ```
  public func hardSwish() -> Tensor {
    Activation.recorded(GB_HARD_SWISH, "hardSwish", self) { x in
      let (low, high) = (x.detached() .<= -3, x.detached() .>= 3)
      return Tensor.where(high, x, Tensor.where(low, x * 0, x * (x + 3) / 6))
    }
  }

  /// xᵢ − λ for xᵢ > λ, xᵢ + λ for xᵢ < −λ, else 0: the proximal step of the L1 norm.
  ///
  /// ```swift
  /// Tensor([-2.0, 0.25, 1.0]).softShrink()  // → [-1.5, 0.0, 0.5]
  /// ```
  public func softShrink(_ lambda: Double = 0.5) -> Tensor {
    Elementwise.requireFloatingPoint("softShrink", self)
    let y = detached() - detached().clamped(to: -lambda...lambda)
    guard Tape.records(self) else { return y }
    let outside = detached().abs() .> lambda
    return y.recorded("softShrink", from: self) { g in g * outside.cast(to: g.dtype) }
  }

  /// xᵢ where |xᵢ| > λ, else 0.
  ///
  /// ```swift
  /// Tensor([-2.0, 0.25, 1.0]).hardShrink()  // → [-2.0, 0.0, 1.0]
  /// ```
  public func hardShrink(_ lambda: Double = 0.5) -> Tensor {
    let y = Tensor.where(detached().abs() .<= lambda, Tensor.zeros([], dtype: dtype), detached())
    guard Tape.records(self) else { return y }
    let outside = detached().abs() .> lambda
    return y.recorded("hardShrink", from: self) { g in Tensor.where(outside, g, Tensor.zeros([], dtype: g.dtype)) }
  }

  /// xᵢ where xᵢ > threshold, else `value`.
  ///
  /// ```swift
  /// Tensor([0.5, 2.0]).thresholded(1, else: -1)  // → [-1.0, 2.0]
  /// ```
  public func thresholded(_ threshold: Double, else value: Double) -> Tensor {
    Tensor.where(detached() .<= threshold, Tensor.full([], value, dtype: dtype), self)
  }
}

extension Op {
  static let leakyRelu = Op.unary(
    "leakyRelu", "xᵢ for xᵢ > 0, else s·xᵢ"
  ) { $0.leakyRelu(slope: 0.1) }
  static let prelu = Op(
    "prelu", "xᵢ for xᵢ > 0, else aᵢ·xᵢ",
    samples: [
      Sample("one slope", [.uniform([3, 5]), .uniform([1], 0.1...0.4)]) { $0[0].prelu($0[1]) },
      Sample("channels", [.uniform([2, 3, 4]), .uniform([3, 1], 0.1...0.4)]) { $0[0].prelu($0[1]) },
      Sample("empty", [.uniform([0, 3]), .uniform([1], 0.1...0.4)]) { $0[0].prelu($0[1]) },
    ],
    misuses: [Misuse("slopes", says: ["prelu", "[4]", "[2, 3]"]) { _ = Tensor.ones([2, 3]).prelu(.ones([4])) }])
  static let elu = Op.unary("elu", "xᵢ for xᵢ > 0, else α(e^xᵢ − 1)") {
    $0.elu(alpha: 1.3)
  }
  static let selu = Op.unary("selu", "λ·elu(xᵢ)") { $0.selu() }
  static let celu = Op.unary("celu", "xᵢ for xᵢ > 0, else α(e^(xᵢ/α) − 1)") { $0.celu(alpha: 1.25) }
  static let relu6 = Op.unary("relu6", "min(max(xᵢ, 0), 6)", over: -3...8, misuses: []) { $0.relu6() }
  static let hardTanh = Op.unary("hardTanh", "min(max(xᵢ, −1), 1)", misuses: []) { $0.hardTanh() }
  static let hardSigmoid = Op.unary("hardSigmoid", "min(max(xᵢ/6 + ½, 0), 1)", over: -5...5) { $0.hardSigmoid() }
  static let hardSwish = Op.unary("hardSwish", "xᵢ·min(max(xᵢ + 3, 0), 6)/6", over: -5...5) { $0.hardSwish() }
  static let softShrink = Op.unary("softShrink", "sign(xᵢ)·max(|xᵢ| − λ, 0)") { $0.softShrink(0.4) }
  static let hardShrink = Op.unary("hardShrink", "xᵢ where |xᵢ| > λ", misuses: []) { $0.hardShrink(0.4) }
  static let thresholded = Op.unary("thresholded", "xᵢ where xᵢ > t, else v", misuses: []) {
    $0.thresholded(0.3, else: 7)
  }
}
