import CKernels

/// An n-dimensional array with value semantics.
///
/// Its elements share one dtype, known at run time. Copies and views share storage until one of them is written.
///
/// ```swift
/// let x = Tensor([[1.0, 2.0], [3.0, 4.0]])
/// let y = x * 2 + 1
/// y.sum().item()  // → 24.0
/// x.shape  // → [2, 2]
/// ```
public struct Tensor: Sendable {
  var storage: Storage
  var layout: Layout
  /// Where the first element stands in the storage.
  var offset: Int
  /// Where the tensor stands on the tape; nil when no gradient flows through it.
  var node: Node?

  @inline(__always)
  init(storage: Storage, layout: Layout, offset: Int = 0, node: Node? = nil) {
    self.storage = storage
    self.layout = layout
    self.offset = offset
    self.node = node
  }

  /// A fresh row-major tensor with undefined contents, for a kernel to fill.
  @inline(__always)
  init(uninitialized layout: Layout, dtype: DType) {
    let row = layout.isContiguous ? layout : Layout(layout.shape)
    self.init(storage: Storage(count: row.count, dtype: dtype), layout: row)
  }

  init(uninitialized shape: Shape, dtype: DType) {
    self.init(storage: Storage(count: shape.elementCount, dtype: dtype), layout: Layout(shape))
  }

  public var shape: Shape { layout.shape }
  public var dtype: DType { storage.dtype }
  public var device: Device { .cpu }
  /// The number of dimensions.
  public var rank: Int { layout.strides.count }
  /// The number of elements.
  public var count: Int { layout.count }
  /// Steps between neighbours along each axis, in elements.
  public var strides: [Int] { layout.strides }
  /// Whether the elements stand in row-major order without gaps.
  public var isContiguous: Bool { layout.isContiguous }

  /// The first element. Valid while `self` is alive: use it only on a named tensor, in a call to a kernel.
  @inline(__always)
  var pointer: UnsafeMutableRawPointer { storage.pointer + offset &* storage.dtype.size }

  /// The same elements in row-major order: itself if they stand so, else a copy. Stays on the tape.
  ///
  /// ```swift
  /// Tensor([[1, 2], [3, 4]]).transposed().contiguous().isContiguous  // → true
  /// ```
  public func contiguous() -> Tensor {
    if layout.isContiguous { return self }
    let copy = Tensor.copying(self, to: dtype)
    guard Tape.records(self) else { return copy }
    return copy.recorded("contiguous", from: self) { g in g }
  }

  /// A row-major copy off the tape.
  static func copying(_ source: Tensor, to dtype: DType) -> Tensor {
    let target = Tensor(uninitialized: Layout(source.shape), dtype: dtype)
    kernels.copy(
      source.rank, source.shape.dimensions, source.dtype.code, source.strides, source.pointer, dtype.code,
      target.strides, target.pointer)
    return target
  }

  /// Makes this tensor the only one that sees its storage, row-major, so that it can be written in place.
  mutating func makeWritable() {
    if layout.isContiguous, storage.isWritable, isKnownUniquelyReferenced(&storage) { return }
    let node = node
    self = Tensor.copying(self, to: dtype)
    self.node = node
  }
}
