import CKernels

/// Swift values that a tensor can be made from: numbers, Booleans, and arrays of such, nested to any depth.
public protocol TensorConvertible {
  associatedtype Scalar: TensorScalar
  /// The shape of the nested arrays, following first elements.
  var tensorShape: [Int] { get }
  /// Appends the elements in row-major order; false when an inner array's shape differs from `shape`.
  func appendScalars(to scalars: inout [Scalar], shape: ArraySlice<Int>) -> Bool
}

extension TensorConvertible where Self: TensorScalar, Scalar == Self {
  public var tensorShape: [Int] { [] }
  public func appendScalars(to scalars: inout [Self], shape: ArraySlice<Int>) -> Bool {
    scalars.append(self)
    return shape.isEmpty
  }
}

extension Float: TensorConvertible { public typealias Scalar = Float }
extension Double: TensorConvertible { public typealias Scalar = Double }
extension BFloat16: TensorConvertible { public typealias Scalar = BFloat16 }
extension Int32: TensorConvertible { public typealias Scalar = Int32 }
extension Int64: TensorConvertible { public typealias Scalar = Int64 }
extension Int: TensorConvertible { public typealias Scalar = Int }
extension UInt8: TensorConvertible { public typealias Scalar = UInt8 }
extension Bool: TensorConvertible { public typealias Scalar = Bool }

extension Array: TensorConvertible where Element: TensorConvertible {
  public typealias Scalar = Element.Scalar
  public var tensorShape: [Int] { [count] + (first?.tensorShape ?? []) }
  public func appendScalars(to scalars: inout [Element.Scalar], shape: ArraySlice<Int>) -> Bool {
    guard shape.first == count else { return false }
    return allSatisfy { $0.appendScalars(to: &scalars, shape: shape.dropFirst()) }
  }
}

extension Tensor {
  /// A tensor of the given numbers: a scalar, or arrays nested as deep as its rank.
  ///
  /// Without a dtype, `Double`s become float32, the default dtype, so that literals work with everything else;
  /// every other type keeps its own (`Int` is int64). Stops when inner arrays differ in length.
  ///
  /// ```swift
  /// Tensor([[1.0, 2.0], [3.0, 4.0]]).dtype  // → float32
  /// Tensor([1, 2, 3]).dtype  // → int64
  /// Tensor(0.5).shape  // → []
  /// ```
  public init<Values: TensorConvertible>(_ values: Values, dtype: DType? = nil) {
    let shape = values.tensorShape
    var scalars: [Values.Scalar] = []
    scalars.reserveCapacity(shape.reduce(1, *))
    guard values.appendScalars(to: &scalars, shape: shape[...]) else {
      stop("Tensor", "nested arrays of shape \(shape) have rows of other lengths", fix: "make all rows equally long")
    }
    self.init(scalars, shape: Shape(shape), dtype: dtype)
  }

  /// A tensor of the given shape, filled in row-major order. Stops when the number of scalars differs from the shape's.
  ///
  /// ```swift
  /// Tensor([1, 2, 3, 4, 5, 6], shape: [2, 3])[1, 0].item(Int.self)  // → 4
  /// ```
  public init<Scalar: TensorScalar>(_ scalars: [Scalar], shape: Shape, dtype: DType? = nil) {
    guard scalars.count == shape.elementCount else {
      stop(
        "Tensor", "shape \(shape) holds \(shape.elementCount) elements, but \(scalars.count) are given",
        fix: "use a shape whose product is \(scalars.count)")
    }
    let target = dtype ?? (Scalar.dtype == .float64 ? .float32 : Scalar.dtype)
    let source = Tensor(uninitialized: shape, dtype: Scalar.dtype)
    scalars.withUnsafeBytes { bytes in
      if let base = bytes.baseAddress { source.storage.pointer.copyMemory(from: base, byteCount: bytes.count) }
    }
    self = target == Scalar.dtype ? source : Tensor.copying(source, to: target)
  }

  /// The only element, as a `Double`. Stops unless there is exactly one.
  ///
  /// ```swift
  /// Tensor([[2.5]]).item()  // → 2.5
  /// ```
  public func item() -> Double { item(Double.self) }

  /// The only element, converted. Stops unless there is exactly one.
  ///
  /// ```swift
  /// Tensor([7]).item(Int.self)  // → 7
  /// ```
  public func item<Scalar: TensorScalar>(_ type: Scalar.Type) -> Scalar {
    guard count == 1 else {
      stop(
        "item", "a tensor of shape \(shape) has \(count) elements, not one",
        fix: "reduce it (sum, mean), index it, or read scalars(as:)")
    }
    let converted = dtype == Scalar.dtype ? self : Tensor.copying(self, to: Scalar.dtype)
    return converted.pointer.load(as: Scalar.self)
  }

  /// All elements in row-major order, converted: to an integer towards zero, to `Bool` by x ≠ 0.
  ///
  /// ```swift
  /// Tensor([[1.5, -2.5]]).scalars(as: Int.self)  // → [1, -2]
  /// ```
  public func scalars<Scalar: TensorScalar>(as type: Scalar.Type) -> [Scalar] {
    withUnsafeBuffer(of: type) { Array($0) }
  }

  /// Calls `body` with the elements in row-major order, converted to `Scalar` if they have another dtype.
  public func withUnsafeBuffer<Scalar: TensorScalar, R>(
    of type: Scalar.Type, _ body: (UnsafeBufferPointer<Scalar>) throws -> R
  ) rethrows -> R {
    let converted = dtype == Scalar.dtype && isContiguous ? self : Tensor.copying(self, to: Scalar.dtype)
    return try withExtendedLifetime(converted.storage) {
      try body(
        UnsafeBufferPointer(
          start: UnsafePointer(converted.pointer.assumingMemoryBound(to: Scalar.self)), count: count))
    }
  }

  /// Calls `body` with the elements to write in place, row-major; the tensor leaves its views first. Leaves the tape.
  /// Stops when `Scalar` is not the tensor's element type.
  public mutating func withUnsafeMutableBuffer<Scalar: TensorScalar, R>(
    of type: Scalar.Type, _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> R
  ) rethrows -> R {
    guard Scalar.dtype == dtype else {
      stop(
        "withUnsafeMutableBuffer", "a \(dtype) tensor can't be written as \(Scalar.dtype)",
        fix: "cast(to: .\(Scalar.dtype)) first")
    }
    node = nil
    makeWritable()
    return try withExtendedLifetime(storage) {
      try body(UnsafeMutableBufferPointer(start: pointer.assumingMemoryBound(to: Scalar.self), count: count))
    }
  }

  /// The row-major bytes of the elements, little-endian.
  public func withUnsafeBytes<R>(_ body: (UnsafeRawBufferPointer) throws -> R) rethrows -> R {
    let row = contiguous()
    return try withExtendedLifetime(row.storage) {
      try body(UnsafeRawBufferPointer(start: row.pointer, count: count * dtype.size))
    }
  }

  /// A tensor over bytes that `owner` keeps, unchanged, for as long as it lives: a memory-mapped file. Writing to it
  /// copies. Stops when `bytes` has another length than the shape and dtype need, or is not aligned to the dtype.
  public init(borrowing bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, owner: any AnyObject & Sendable) {
    guard bytes.count == shape.elementCount * dtype.size else {
      stop(
        "Tensor(borrowing:)", "\(dtype) \(shape) needs \(shape.elementCount * dtype.size) bytes, not \(bytes.count)",
        fix: "pass exactly the tensor's bytes")
    }
    guard let base = bytes.baseAddress, bytes.count > 0 else {
      self.init(uninitialized: shape, dtype: dtype)
      return
    }
    guard Int(bitPattern: base) % dtype.size == 0 else {
      stop(
        "Tensor(borrowing:)", "the bytes are not aligned to \(dtype.size)",
        fix: "copy them with Tensor(bytes:shape:dtype:)")
    }
    self.init(
      storage: Storage(
        borrowing: UnsafeMutableRawPointer(mutating: base), count: shape.elementCount, dtype: dtype, owner: owner),
      layout: Layout(shape))
  }

  /// A tensor that copies its row-major, little-endian bytes. Stops when their number is not the shape's and dtype's.
  public init(bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType) {
    guard bytes.count == shape.elementCount * dtype.size else {
      stop(
        "Tensor(bytes:)", "\(dtype) \(shape) needs \(shape.elementCount * dtype.size) bytes, not \(bytes.count)",
        fix: "pass exactly the tensor's bytes")
    }
    self.init(uninitialized: shape, dtype: dtype)
    if let base = bytes.baseAddress { storage.pointer.copyMemory(from: base, byteCount: bytes.count) }
  }
}
