import TensorCore

/// A storage as a pickle names it.
struct PyTorchStorage: Sendable {
  let key: String
  let element: PyTorchElement
  /// Elements.
  let count: Int
  let extent: FileExtent
}

/// Finds storages, and makes tensors of them.
struct PyTorchStorages {
  let file: String
  /// The archive's members, by name without the folder.
  private let members: [String: FileExtent]
  private let isBigEndian: Bool
  /// The bytes that may still be taken for tensors that cannot borrow theirs.
  private var rest: Int
  /// Storages of the other byte order, turned round.
  private var reversed: [String: FileExtent] = [:]

  init(file: String, members: [String: FileExtent], isBigEndian: Bool, limit: Int) {
    self.file = file
    self.members = members
    self.isBigEndian = isBigEndian
    rest = limit
  }

  /// The storage `data/KEY`, which must have `count` elements.
  mutating func storage(_ key: String, _ element: PyTorchElement, count: Int) throws(FileError) -> PyTorchStorage {
    guard let extent = members["data/\(key)"] else {
      throw .contents(file: file, key: "data/\(key)", expected: "a storage of that name", found: "none")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: element.size)
    guard count >= 0, !overflow, size == extent.range.count else {
      throw .contents(
        file: file, key: "data/\(key)", expected: "the bytes of \(count) elements of \(element.name)",
        found: "\(extent.range.count) bytes")
    }
    return PyTorchStorage(key: key, element: element, count: count, extent: try littleEndian(extent, key, element))
  }

  private mutating func littleEndian(
    _ extent: FileExtent, _ key: String, _ element: PyTorchElement
  ) throws(FileError) -> FileExtent {
    guard isBigEndian, element.dtype != nil, element.size > 1 else { return extent }
    let name = "\(key) \(element.name)"
    if let turned = reversed[name] { return turned }
    try take(extent.range.count, for: "data/\(key)")
    let bytes = withExtendedLifetime(extent.owner) { reversingElements(extent.bytes, size: element.size) }
    let owner = bytes.span.bytes.withUnsafeBytes { FileBytes(copying: $0, name: file) }
    let turned = FileExtent(owner: owner, range: 0..<owner.count)
    reversed[name] = turned
    return turned
  }

  /// The tensor whose element [i, j, …] is element offset + i·strides[0] + j·strides[1] + … of a storage.
  mutating func tensor(
    _ storage: PyTorchStorage, offset: Int, sizes: [Int], strides: [Int]
  ) throws(FileError) -> PyTorchValue {
    let key = "data/\(storage.key)"
    guard offset >= 0, sizes.count == strides.count, (sizes + strides).allSatisfy({ $0 >= 0 }) else {
      throw .contents(
        file: file, key: key, expected: "an offset, sizes and strides that are not negative, one stride a size",
        found: "offset \(offset), sizes \(sizes), strides \(strides)")
    }
    let shape = try StoredShape(sizes, file: file, key: key).shape
    let last = try lastElement(storage, offset, sizes, strides)
    guard let dtype = storage.element.dtype else {
      return .unsupportedTensor(elementType: storage.element.name, shape: sizes)
    }
    if shape.elementCount == 0 { return .tensor(Tensor.zeros(shape, dtype: dtype)) }

    // Dimensions that do not move in the storage repeat elements: they cost nothing as a view.
    let moving = sizes.indices.map { sizes[$0] > 1 && strides[$0] > 0 ? sizes[$0] : 1 }
    let size = storage.element.size
    let bytes = offset * size..<(last + 1) * size
    let window = FileExtent(
      owner: storage.extent.owner,
      range: storage.extent.range.lowerBound + bytes.lowerBound..<storage.extent.range.lowerBound + bytes.upperBound)
    let core: Tensor
    if Self.isRowMajor(moving, strides) {
      core = try tensor(window, storage.element, dtype, shape: Shape(moving), key)
    } else {
      // Eight bytes of index to each element.
      let count = moving.reduce(1, *)
      try take(count.multipliedReportingOverflow(by: dtype.size + 8), for: key)
      let flat = try tensor(window, storage.element, dtype, shape: [last + 1 - offset], key)
      core = flat.indexSelected(axis: 0, indices: Self.places(moving, strides)).reshaped(moving)
    }
    if moving == sizes { return .tensor(core) }
    try take(shape.elementCount.multipliedReportingOverflow(by: dtype.size), for: key)
    return .tensor(core.expanded(to: shape))
  }

  /// The storage's last element that the tensor has, checked to be there; `offset` - 1 for an empty tensor.
  private func lastElement(
    _ storage: PyTorchStorage, _ offset: Int, _ sizes: [Int], _ strides: [Int]
  ) throws(FileError) -> Int {
    var last = offset
    var overflows = false
    let isEmpty = sizes.contains(0)
    for (size, stride) in zip(sizes, strides) where !isEmpty {
      let (step, large) = (size - 1).multipliedReportingOverflow(by: stride)
      let (next, larger) = last.addingReportingOverflow(step)
      overflows = overflows || large || larger
      last = next
    }
    guard !overflows, isEmpty ? offset <= storage.count : last < storage.count else {
      throw .contents(
        file: file, key: "data/\(storage.key)",
        expected: "a tensor inside the \(storage.count) elements of its storage",
        found: "offset \(offset), sizes \(sizes), strides \(strides)")
    }
    return isEmpty ? offset - 1 : last
  }

  /// A row-major tensor over all bytes of an extent.
  private mutating func tensor(
    _ extent: FileExtent, _ element: PyTorchElement, _ dtype: DType, shape: Shape, _ key: String
  ) throws(FileError) -> Tensor {
    let isAligned = extent.bytes.baseAddress.map { Int(bitPattern: $0) % dtype.size == 0 } ?? true
    // Looking through bools takes no memory, but time.
    if element == .float16 || dtype == .bool || !isAligned {
      try take(shape.elementCount.multipliedReportingOverflow(by: dtype.size), for: key)
    }
    return try withExtendedLifetime(extent.owner) { owner throws(FileError) in
      if element == .float16 { return Tensor(float16: extent.bytes, shape: shape) }
      if !isAligned { return try Tensor(stored: extent.bytes, shape: shape, dtype: dtype, file: file, key: key) }
      if dtype == .bool {
        try Tensor(borrowing: extent.bytes, shape: [extent.range.count], dtype: .uint8, owner: owner)
          .requireBools(file, key)
      }
      return Tensor(borrowing: extent.bytes, shape: shape, dtype: dtype, owner: owner)
    }
  }

  private static func isRowMajor(_ sizes: [Int], _ strides: [Int]) -> Bool {
    var expected = 1
    for (size, stride) in zip(sizes, strides).reversed() where size > 1 {
      if stride != expected { return false }
      expected *= size
    }
    return true
  }

  /// Where each element stands, counted from the first, in row-major order.
  private static func places(_ sizes: [Int], _ strides: [Int]) -> Tensor {
    var places = Tensor.zeros([1], dtype: .int64)
    for (size, stride) in zip(sizes, strides) where size > 1 {
      let steps = Tensor.range(0, Double(size), dtype: .int64) * Double(stride)
      places = (places.unsqueezed(1) + steps).reshaped([places.count * size])
    }
    return places
  }

  private mutating func take(_ product: (partialValue: Int, overflow: Bool), for key: String) throws(FileError) {
    try take(product.overflow ? .max : product.partialValue, for: key)
  }

  private mutating func take(_ count: Int, for key: String) throws(FileError) {
    guard count <= rest else {
      throw .contents(
        file: file, key: key, expected: "at most \(rest) bytes more for tensors that are not stored as they are used",
        found: "\(count == .max ? "more than 2^63" : String(count))")
    }
    rest -= count
  }
}
