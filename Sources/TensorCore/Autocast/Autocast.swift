import CKernels

/// Runs `body` with automatic casts: products and convolutions take their float32 inputs rounded to bfloat16 and give bfloat16, which
/// processors with such products do twice as fast, while parameters, their gradients and the optimiser stay float32 (Micikevicius et
/// al., "Mixed precision training", 2018; Kalamkar et al., "A study of BFLOAT16 for deep learning training", 2019). As PyTorch's
/// `torch.autocast("cpu", dtype=torch.bfloat16)`:
///
/// - **in bfloat16**: `matmul`, `linear`, the products in `einsum`, all convolutions, attention, recurrent layers, `prelu`;
/// - **in float32**: losses, `product`, grid sampling, 3-D pooling, Fourier transforms, linear algebra;
/// - **in the dtype of their input**, with parameters of any: normalisations, whose sums are float32 always;
/// - everything else takes its inputs as they are, and where they differ (bfloat16 and a float32 residual) **the widest**.
///
/// float64 is left alone. Casts are on the tape, so gradients reach float32 parameters in float32; the cast of a parameter is made once and
/// kept until the region ends or the parameter changes. Put the forward pass and the loss inside; backward passes run outside of every
/// region wherever they are called, in the dtypes of the forward pass. Bfloat16 has float32's range, so no scaling of losses is needed.
/// A thread's regions are its own; they nest, and ``withoutAutocast(_:)`` switches off inside. Stops for other dtypes than bfloat16.
///
/// ```swift
/// let w = Tensor([[1.0, 2.0], [3.0, 4.0]]).requiringGradient()
/// let x = Tensor([[1.0, 1.0]])
/// let y = withAutocast(to: .bfloat16) { linear(x, w) }
/// y.dtype  // → bfloat16
/// gradients(of: y.sum(), withRespectTo: [w])[0].dtype  // → float32
/// ```
public func withAutocast<R, E: Error>(to dtype: DType, _ body: () throws(E) -> R) throws(E) -> R {
  guard dtype == .bfloat16 else {
    stop("withAutocast", "casts to \(dtype)", fix: "cast to .bfloat16, the one dtype that products gain by")
  }
  return try Autocast.with(dtype, body)
}

/// Runs `body` without the automatic casts of ``withAutocast(to:_:)``: for a part that needs all digits. Tensors that come in as bfloat16
/// stay so; cast them.
///
/// ```swift
/// let x = Tensor([[1.0, 2.0]])
/// withAutocast(to: .bfloat16) { withoutAutocast { matmul(x, x.transposed()) } }  // → [[5.0]]
/// ```
public func withoutAutocast<R, E: Error>(_ body: () throws(E) -> R) throws(E) -> R {
  try Autocast.with(nil, body)
}

/// The one place where automatic casts are made: ops name a rule of it, and their own code then runs outside of the region.
package enum Autocast {
  /// What this thread's innermost region casts to; nil outside of all.
  static var dtype: DType? { Region.current?.dtype }

  @inline(__always)
  package static var isOn: Bool { gb_autocast() != nil }

  static func with<R, E: Error>(_ dtype: DType?, _ body: () throws(E) -> R) throws(E) -> R {
    let outer = gb_autocast()
    let region = dtype.map(Region.init)
    gb_set_autocast(region.map { Unmanaged.passUnretained($0).toOpaque() })
    defer {
      gb_set_autocast(outer)
      withExtendedLifetime(region) {}
    }
    return try body()
  }

  /// Runs `op` on the float32 tensors rounded to the region's dtype.
  package static func lowering<R>(_ tensors: [Tensor], _ op: ([Tensor]) -> R) -> R {
    let region = Region.current
    let lowered = tensors.map { $0.dtype == .float32 ? region?.cast($0) ?? $0 : $0 }
    return with(nil) { op(lowered) }
  }

  /// The same for an input, a weight and a bias.
  package static func lowering(
    _ x: Tensor, _ weight: Tensor, _ bias: Tensor? = nil, _ op: (Tensor, Tensor, Tensor?) -> Tensor
  ) -> Tensor {
    lowering([x, weight] + (bias.map { [$0] } ?? [])) { op($0[0], $0[1], $0.count > 2 ? $0[2] : nil) }
  }

  /// Runs `op` on the bfloat16 tensors as float32.
  package static func widening<R, E: Error>(
    _ tensors: [Tensor], _ op: ([Tensor]) throws(E) -> R
  ) throws(E) -> R {
    let wide = tensors.map(\.widened)
    return try with(nil) { () throws(E) in try op(wide) }
  }

  /// The same for one tensor.
  package static func widening<R, E: Error>(_ x: Tensor, _ op: (Tensor) throws(E) -> R) throws(E) -> R {
    let x = x.widened
    return try with(nil) { () throws(E) in try op(x) }
  }

  /// A bfloat16 tensor as float32 where a region is on, for ops that have no products inside.
  package static func widened(_ x: Tensor) -> Tensor { isOn ? x.widened : x }

  /// Runs `op` on bfloat16 tensors as float32, and gives its result in the dtype of `x`.
  static func keepingDType(
    of x: Tensor, _ weight: Tensor?, _ bias: Tensor?, _ op: (Tensor, Tensor?, Tensor?) -> Tensor
  ) -> Tensor {
    with(nil) { op(x.widened, weight?.widened, bias?.widened).cast(to: x.dtype) }
  }

  /// Runs `op` on tensors of different dtypes, all cast to the widest. Outside of regions, and unless all are floating, it stops.
  package static func promoting<R>(_ name: String, _ tensors: [Tensor], _ op: ([Tensor]) -> R) -> R {
    guard let first = tensors.first, let other = tensors.first(where: { $0.dtype != first.dtype }) else {
      return op(tensors)
    }
    guard isOn, tensors.allSatisfy({ $0.dtype.isFloatingPoint }) else { Elementwise.stopOnDTypes(name, first, other) }
    let widest: DType = tensors.contains { $0.dtype == .float64 } ? .float64 : .float32
    return with(nil) { op(tensors.map { $0.cast(to: widest) }) }
  }

  /// The same for two.
  static func promoting(_ name: String, _ a: Tensor, _ b: Tensor, _ op: (Tensor, Tensor) -> Tensor) -> Tensor {
    promoting(name, [a, b]) { op($0[0], $0[1]) }
  }
}

extension Tensor {
  fileprivate var widened: Tensor { dtype == .bfloat16 ? cast(to: .float32) : self }
}

/// A call of `withAutocast`, on its thread alone.
private final class Region {
  let dtype: DType
  /// The casts of leaves by the storage they were made of. That is held, so a write to it makes another one: a cast is never stale.
  private var kept: [ObjectIdentifier: (source: Tensor, cast: Tensor)] = [:]

  init(_ dtype: DType) { self.dtype = dtype }

  static var current: Region? {
    gb_autocast().map { Unmanaged<Region>.fromOpaque($0).takeUnretainedValue() }
  }

  /// `x` in the region's dtype, on the tape anew each time, so that a backward pass may let go of it.
  func cast(_ x: Tensor) -> Tensor {
    guard x.node?.accumulator != nil else { return x.cast(to: dtype) }
    let value = values(of: x)
    guard Tape.records(x) else { return value }
    let source = x.dtype
    return value.recorded("cast", from: x) { g in g.cast(to: source) }
  }

  private func values(of leaf: Tensor) -> Tensor {
    let key = ObjectIdentifier(leaf.storage)
    if let (source, cast) = kept[key], source.offset == leaf.offset, source.shape == leaf.shape,
      source.strides == leaf.strides
    {
      return cast
    }
    let cast = Tensor.copying(leaf, to: dtype)
    kept[key] = (leaf.detached(), cast)
    return cast
  }
}
