import TensorCore

/// Rows of a kernel's matrix, float32 as LIBSVM keeps them: as many as fit, those that were used last.
///
/// A row that is not there comes with others that will be asked for soon: a product of many rows takes hardly longer
/// than one of a few.
final class KernelCache {
  /// The rows that one product computes.
  static let block = 128

  let count: Int
  private let products: KernelProducts
  private let rows: UnsafeMutablePointer<Float>
  private let slots: Int
  /// Where each sample's row is; −1 if nowhere.
  private var slotOfRow: [Int]
  private var rowOfSlot: [Int]
  private var lastUse: [Int]
  private var time = 0

  /// - Parameter bytes: Room for rows; two blocks of them are kept in any case.
  init(_ products: KernelProducts, bytes: Int) {
    self.products = products
    count = products.count
    slots = min(count, max(2 * Self.block, bytes / max(1, count * MemoryLayout<Float>.size)))
    rows = .allocate(capacity: max(1, slots * count))
    slotOfRow = Array(repeating: -1, count: count)
    rowOfSlot = Array(repeating: -1, count: slots)
    lastUse = Array(repeating: -1, count: slots)
  }

  deinit { rows.deallocate() }

  func holds(_ row: Int) -> Bool { slotOfRow[row] >= 0 }

  /// A sample's row, [samples]. It stays while one other is asked for.
  ///
  /// - Parameter next: Rows that will be needed too, the likeliest first; asked for only if the row must be computed.
  func row(_ row: Int, next: () -> [Int]) -> UnsafePointer<Float> {
    if slotOfRow[row] < 0 {
      let others = count <= Self.block ? Array(0..<count) : next()
      compute([row] + others.lazy.filter { $0 != row && !self.holds($0) }.prefix(Self.block - 1))
    }
    let slot = slotOfRow[row]
    time += 1
    lastUse[slot] = time
    return UnsafePointer(rows + slot * count)
  }

  private func compute(_ wanted: [Int]) {
    let free = lastUse.indices.sorted { lastUse[$0] < lastUse[$1] }.prefix(wanted.count)
    products.values(at: wanted).withUnsafeBuffer(of: Float.self) { values in
      guard let values = values.baseAddress else { return }
      for (place, (row, slot)) in zip(wanted, free).enumerated() {
        if rowOfSlot[slot] >= 0 { slotOfRow[rowOfSlot[slot]] = -1 }
        (rowOfSlot[slot], slotOfRow[row], lastUse[slot]) = (row, slot, time)
        (rows + slot * count).update(from: values + place * count, count: count)
      }
    }
  }
}
