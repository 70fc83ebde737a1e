import TensorCore

/// A shape as a file states it, checked: no more dimensions than a tensor has, no product beyond what an `Int` counts.
struct StoredShape {
  let shape: Shape

  /// - Parameter key: The tensor's name, for messages.
  init(_ dimensions: [Int], file: String, key: String?) throws(FileError) {
    if dimensions.count > Shape.maximumRank {
      throw .contents(
        file: file, key: key, expected: "at most \(Shape.maximumRank) dimensions", found: "\(dimensions.count)")
    }
    // Strides count an empty dimension as 1, and bytes come eight to an element.
    var product = 8
    for size in dimensions {
      let (next, overflow) = product.multipliedReportingOverflow(by: max(size, 1))
      if overflow {
        throw .contents(
          file: file, key: key, expected: "a shape of fewer than 2^60 elements", found: "\(dimensions)")
      }
      product = next
    }
    shape = Shape(dimensions)
  }
}

extension Tensor {
  /// A tensor that copies bytes from a file.
  ///
  /// - Throws: ``FileError`` when a bool is neither 0 nor 1.
  init(stored bytes: UnsafeRawBufferPointer, shape: Shape, dtype: DType, file: String, key: String?) throws(FileError) {
    self.init(bytes: bytes, shape: shape, dtype: dtype)
    if dtype == .bool { try Tensor(bytes: bytes, shape: [bytes.count], dtype: .uint8).requireBools(file, key) }
  }

  /// Confirms that these uint8 elements are all 0 or 1, as a bool's must be.
  func requireBools(_ file: String, _ key: String?) throws(FileError) {
    if count == 0 { return }
    let largest = max().item(Int.self)
    if largest > 1 { throw .contents(file: file, key: key, expected: "bools of 0 or 1", found: "a byte of \(largest)") }
  }

  /// Calls `body` with the row-major bytes of the elements.
  func withStoredBytes(_ body: (UnsafeRawBufferPointer) throws(FileError) -> Void) throws(FileError) {
    let result = withUnsafeBytes { bytes -> Result<Void, FileError> in
      do throws(FileError) {
        return .success(try body(bytes))
      } catch {
        return .failure(error)
      }
    }
    try result.get()
  }
}
