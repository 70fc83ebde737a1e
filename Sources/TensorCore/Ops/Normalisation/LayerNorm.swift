import CKernels

/// Layer normalisation: y = weight·(x − μ)/√(σ² + ε) + bias, with the mean μ and the biased variance σ² over the last
/// axes, for each sample and place by itself (Ba, Kiros & Hinton, 2016).
///
/// x [..., shape], weight and bias of shape `shape`, or left out for 1 and 0. Same shape out. Stops when the shapes do
/// not fit.
///
/// ```swift
/// layerNorm(Tensor([[1.0, 3.0], [5.0, 5.0]]), over: [2], epsilon: 0.0625)  // → [[-0.9701425, 0.9701425], [0.0, 0.0]]
/// ```
public func layerNorm(
  _ x: Tensor, over shape: Shape, weight: Tensor? = nil, bias: Tensor? = nil, epsilon: Double = 1e-5
) -> Tensor {
  RowNorm(op: "layerNorm", shape: shape, epsilon: epsilon, centred: true)(x, weight, bias)
}

/// Root mean square normalisation: y = weight·x/√(x̄² + ε), with the mean square x̄² over the last axes: layer
/// normalisation without the mean (Zhang & Sennrich, 2019).
///
/// x [..., shape], weight of shape `shape`, or left out for 1. Same shape out. ε is the dtype's distance from 1 to the
/// next number unless given, as in PyTorch. Stops when the shapes do not fit.
///
/// ```swift
/// rmsNorm(Tensor([[3.0, 4.0]]), over: [2], epsilon: 0) * 12.5.squareRoot()  // → [[3.0, 4.0]]
/// ```
public func rmsNorm(_ x: Tensor, over shape: Shape, weight: Tensor? = nil, epsilon: Double? = nil) -> Tensor {
  let ulp = x.dtype == .float64 ? 0x1p-52 : x.dtype == .bfloat16 ? 0x1p-7 : 0x1p-23
  return RowNorm(op: "rmsNorm", shape: shape, epsilon: epsilon ?? ulp, centred: false)(x, weight, nil)
}

/// What normalises rows: the last axes of a tensor, of the given shape, as one.
struct RowNorm: Sendable {
  let op: String
  let shape: Shape
  let epsilon: Double
  /// Whether the mean is subtracted.
  let centred: Bool

  func callAsFunction(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    if Autocast.isOn { return Autocast.keepingDType(of: x, weight, bias) { self($0, $1, $2) } }
    check(x, weight, bias)
    if x.dtype == .bfloat16 {
      return self(x.cast(to: .float32), weight?.cast(to: .float32), bias?.cast(to: .float32)).cast(to: .bfloat16)
    }
    let n = shape.elementCount
    let rows = n == 0 ? 0 : x.count / n
    let row = x.rowMajor().detached()
    let (w, b) = (weight?.rowMajor().detached(), bias?.rowMajor().detached())
    let y = Tensor(uninitialized: row.layout, dtype: x.dtype)
    let mean = centred ? Tensor(uninitialized: [rows], dtype: x.dtype) : nil
    let r = Tensor(uninitialized: [rows], dtype: x.dtype)
    kernels.row_norm(
      x.dtype.code, rows, n, epsilon, row.pointer, w?.pointer, b?.pointer, y.pointer, mean?.pointer, r.pointer)
    withExtendedLifetime((w, b, mean)) {}
    guard Tape.records(x, weight ?? x, bias) else { return y }
    let inputs = [x, weight, bias].compactMap(\.self)
    let (hasWeight, hasBias) = (weight != nil, bias != nil)
    return y.recorded(
      op, from: inputs,
      jointly: { g in
        if Tape.isRecording {
          return Tape.gradientsOfComposite(inputs, from: g) {
            composed($0[0], hasWeight ? $0[1] : nil, hasBias ? $0[$0.count - 1] : nil)
          }
        }
        return gradients(g, row, mean, r, w, hasBias: hasBias)
      })
  }

  /// In the order of the inputs that there are.
  private func gradients(
    _ g: Tensor, _ x: Tensor, _ mean: Tensor?, _ r: Tensor, _ weight: Tensor?, hasBias: Bool
  ) -> [Tensor?] {
    let g = g.rowMajor()
    let dx = Tensor(uninitialized: x.layout, dtype: x.dtype)
    // The sums for both are one pass, so a bias without a weight costs no more.
    let dweight = weight == nil && !hasBias ? nil : Tensor(uninitialized: shape, dtype: x.dtype)
    let dbias = hasBias ? Tensor(uninitialized: shape, dtype: x.dtype) : nil
    kernels.row_norm_gradient(
      x.dtype.code, r.count, shape.elementCount, g.pointer, x.pointer, mean?.pointer, r.pointer, weight?.pointer,
      dx.pointer, dweight?.pointer, dbias?.pointer)
    withExtendedLifetime((mean, weight)) {}
    return [dx] + (weight == nil ? [] : [dweight]) + (hasBias ? [dbias] : [])
  }

  /// The same from simpler ops: the reference for the fused kernels, and what higher derivatives are taken of.
  func composed(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) -> Tensor {
    let axes = Array((x.rank - shape.rank)..<x.rank)
    let centre = centred ? x - x.mean(axes: axes, keepingDimensions: true) : x
    var y = centre * (centre.square().mean(axes: axes, keepingDimensions: true) + epsilon).rsqrt()
    if let weight { y = y * weight }
    if let bias { y = y + bias }
    return y
  }

  private func check(_ x: Tensor, _ weight: Tensor?, _ bias: Tensor?) {
    Elementwise.requireFloatingPoint(op, x)
    func fits(_ given: Tensor?) -> Bool { given.map { $0.shape == shape && $0.dtype == x.dtype } ?? true }
    let ends = x.rank >= shape.rank && x.shape.dimensions.suffix(shape.rank).elementsEqual(shape.dimensions)
    guard shape.rank > 0, ends, fits(weight), fits(bias) else {
      let others = [weight, bias].compactMap(\.self).map { ", \($0.dtype) \($0.shape)" }.joined()
      stop(
        op, "x \(x.dtype) \(x.shape)\(others) do not fit a normalisation over \(shape)",
        fix:
          "x is [..., \(shape.dimensions.map(String.init).joined(separator: ", "))], weight and bias have the shape that is normalised over, all of one dtype"
      )
    }
  }
}

extension Op {
  static let layerNorm = Op(
    "layerNorm", "y = weight·(x − μ)/√(σ² + ε) + bias",
    samples: [
      Sample("affine", [.uniform([3, 5]), .uniform([5], 0.5...1.5), .uniform([5])]) {
        TensorCore.layerNorm($0[0], over: [5], weight: $0[1], bias: $0[2])
      },
      Sample("two axes", [.uniform([2, 3, 4]), .uniform([3, 4], 0.5...1.5), .uniform([3, 4])]) {
        TensorCore.layerNorm($0[0], over: [3, 4], weight: $0[1], bias: $0[2], epsilon: 0.1)
      },
      Sample("without bias", [.uniform([2, 2, 19]), .uniform([19], 0.5...1.5)]) {
        TensorCore.layerNorm($0[0], over: [19], weight: $0[1])
      },
      Sample("bias alone", [.uniform([4, 3]), .uniform([3])]) { TensorCore.layerNorm($0[0], over: [3], bias: $0[1]) },
      Sample("plain", [.uniform([6])]) { TensorCore.layerNorm($0[0], over: [6]) },
      Sample("no rows", [.uniform([0, 5]), .uniform([5], 0.5...1.5), .uniform([5])]) {
        TensorCore.layerNorm($0[0], over: [5], weight: $0[1], bias: $0[2])
      },
    ],
    misuses: [
      Misuse("shape", says: ["layerNorm", "[2, 3]", "[4]"]) { _ = TensorCore.layerNorm(.ones([2, 3]), over: [4]) },
      Misuse("weight", says: ["layerNorm", "[2, 3]", "[2]"]) {
        _ = TensorCore.layerNorm(.ones([2, 3]), over: [3], weight: .ones([2]))
      },
    ])
  static let rmsNorm = Op(
    "rmsNorm", "y = weight·x/√(x̄² + ε)",
    samples: [
      Sample("weighted", [.uniform([3, 5]), .uniform([5], 0.5...1.5)]) {
        TensorCore.rmsNorm($0[0], over: [5], weight: $0[1], epsilon: 1e-5)
      },
      Sample("two axes", [.uniform([2, 3, 7]), .uniform([3, 7], 0.5...1.5)]) {
        TensorCore.rmsNorm($0[0], over: [3, 7], weight: $0[1], epsilon: 0.1)
      },
      Sample("plain", [.uniform([2, 6])]) { TensorCore.rmsNorm($0[0], over: [6], epsilon: 1e-5) },
      Sample("no rows", [.uniform([0, 5]), .uniform([5])]) { TensorCore.rmsNorm($0[0], over: [5], weight: $0[1]) },
    ],
    misuses: [
      Misuse("shape", says: ["rmsNorm", "[2, 3]", "[4]"]) { _ = TensorCore.rmsNorm(.ones([2, 3]), over: [4]) }
    ])
}
