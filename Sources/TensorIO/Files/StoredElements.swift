import TensorCore

// Elements that a tensor does not have as they stand in a file: byte orders and types of other machines. Whole tensors are
// converted by kernels, so that this is quick in a debug build as well.
extension Tensor {
  /// float32 from IEEE 754 half precision, little-endian, exactly.
  init(float16 bytes: UnsafeRawBufferPointer, shape: Shape) {
    // In pieces, since the positions in the table take eight times the memory of the elements.
    let count = shape.elementCount
    let values = stride(from: 0, to: count, by: 1 << 16).map { start in
      let end = Swift.min(start + (1 << 16), count)
      let piece = UnsafeRawBufferPointer(rebasing: bytes[(2 * start)..<(2 * end)])
      let halves = Tensor(bytes: piece, shape: [end - start, 2], dtype: .uint8).cast(to: .int64)
      let patterns = halves[.all, 0] + halves[.all, 1] * 256
      return Tensor.everyFloat16.indexSelected(axis: 0, indices: patterns)
    }
    self = values.isEmpty ? Tensor.zeros(shape) : Tensor.concatenated(values).reshaped(shape)
  }

  /// The value of each of the 65,536 half-precision bit patterns.
  private static let everyFloat16 = Tensor((0..<0x10000).map { Float(Float16(bitPattern: UInt16($0))) })

  /// int32 from 16-bit integers, little-endian.
  init(int16 bytes: UnsafeRawBufferPointer, shape: Shape) {
    let count = shape.elementCount
    let halves = Tensor(bytes: bytes, shape: [count, 2], dtype: .uint8).cast(to: .int32)
    let values = halves[.all, 0] + halves[.all, 1] * 256
    self = Tensor.where(values .>= 32768, values - 65536, values).reshaped(shape)
  }

  /// int32 from 8-bit integers with a sign.
  init(int8 bytes: UnsafeRawBufferPointer, shape: Shape) {
    let values = Tensor(bytes: bytes, shape: shape, dtype: .uint8).cast(to: .int32)
    self = Tensor.where(values .>= 128, values - 256, values)
  }
}

/// Bytes of big-endian elements turned into little-endian ones.
func reversingElements(_ bytes: UnsafeRawBufferPointer, size: Int) -> [UInt8] {
  if size == 1 { return Array(bytes) }
  let rows = Tensor(bytes: bytes, shape: [bytes.count / size, size], dtype: .uint8)
  return rows.flipped([1]).withUnsafeBytes { Array($0) }
}
