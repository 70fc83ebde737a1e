import CKernels

/// A block of elements, shared by the tensors that view it.
///
/// It is `@unchecked Sendable` because its bytes are written only by code that holds the one reference to it: a kernel
/// filling a fresh block, or a mutating call after `isKnownUniquelyReferenced`. Everything shared is read only.
public final class Storage: @unchecked Sendable {
  let pointer: UnsafeMutableRawPointer
  let count: Int
  let dtype: DType
  /// Who owns the bytes when it is not the allocator: a memory-mapped file, say.
  private let owner: (any AnyObject & Sendable)?

  /// A fresh block from the caching allocator, its contents undefined.
  init(count: Int, dtype: DType) {
    self.count = count
    self.dtype = dtype
    owner = nil
    guard let block = gb_allocate(count * dtype.size) else {
      stop(
        "Storage", "\(count) \(dtype) elements need \(count * dtype.size) bytes, more than there are",
        fix: "use smaller tensors or batches")
    }
    pointer = block
  }

  /// A block that someone else owns and keeps unchanged for as long as `owner` lives.
  init(borrowing pointer: UnsafeMutableRawPointer, count: Int, dtype: DType, owner: any AnyObject & Sendable) {
    self.pointer = pointer
    self.count = count
    self.dtype = dtype
    self.owner = owner
  }

  /// Whether the bytes may be written: borrowed ones may not.
  var isWritable: Bool { owner == nil }

  deinit {
    if owner == nil { gb_free(pointer, count * dtype.size) }
  }
}

/// What the caching allocator holds.
public struct MemoryStatistics: Sendable {
  /// Bytes that tensors hold now.
  public let inUse: Int
  /// The most bytes that tensors have held since the last reset.
  public let peak: Int
  /// Freed bytes kept for reuse.
  public let cached: Int

  public static var current: MemoryStatistics {
    let memory = gb_memory_statistics()
    return MemoryStatistics(inUse: Int(memory.in_use), peak: Int(memory.peak), cached: Int(memory.cached))
  }

  /// Starts measuring the peak anew.
  public static func resetPeak() { gb_memory_reset_peak() }

  /// Hands the cached bytes back to the system.
  public static func trim() { gb_memory_trim() }
}
