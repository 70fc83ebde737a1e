// `pointer` as what the C functions take. Like it, valid while the tensor is alive, and for the caller to know the dtype of.
extension Tensor {
  var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
  var doubles: UnsafeMutablePointer<Double> { pointer.assumingMemoryBound(to: Double.self) }
  /// The bits of bfloat16 elements.
  var halves: UnsafeMutablePointer<UInt16> { pointer.assumingMemoryBound(to: UInt16.self) }
  var int64Pointer: UnsafeMutablePointer<Int64> { pointer.assumingMemoryBound(to: Int64.self) }
}
