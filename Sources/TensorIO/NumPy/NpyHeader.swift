import TensorCore

/// What stands before the elements of a npy file.
struct NpyHeader {
  /// The element type as NumPy names it: `<f4`.
  let type: String
  let isColumnMajor: Bool
  /// The shape, checked, but that the elements are there.
  let shape: Shape
  /// The bytes before the elements.
  let size: Int
  private let element: Element

  /// The bytes that the elements take.
  var byteCount: Int { shape.elementCount * element.size }

  /// The longest dictionary that is read. The types that tensors have need a hundred bytes.
  static let maximumSize = 1 << 16

  private static let magic: [UInt8] = [0x93] + "NUMPY".utf8

  /// How many bytes must be there to tell the header's size.
  static let prefixSize = 12

  /// The size that the first ``prefixSize`` bytes state, themselves included.
  static func size(_ bytes: UnsafeRawBufferPointer, file: String, key: String?) throws(FileError) -> Int {
    guard bytes.starts(with: magic) else {
      throw .contents(
        file: file, key: key, expected: "a npy file, which begins with \\x93NUMPY", found: "another beginning")
    }
    guard bytes.count >= prefixSize else {
      throw .contents(file: file, key: key, expected: "at least \(prefixSize) bytes", found: "\(bytes.count)")
    }
    let length: Int
    switch (bytes[6], bytes[7]) {
    case (1, 0): length = 10 + Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
    case (2, 0), (3, 0):
      length = 12 + Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    case (let major, let minor):
      throw .contents(file: file, key: key, expected: "version 1.0, 2.0 or 3.0", found: "\(major).\(minor)")
    }
    guard length <= maximumSize else {
      throw .contents(file: file, key: key, expected: "a header of at most \(maximumSize) bytes", found: "\(length)")
    }
    return length
  }

  /// Reads the header of a whole file, or of its beginning.
  init(_ bytes: UnsafeRawBufferPointer, file: String, key: String?) throws(FileError) {
    size = try Self.size(bytes, file: file, key: key)
    guard size <= bytes.count else {
      throw .contents(file: file, key: key, expected: "a header of \(size) bytes", found: "\(bytes.count)")
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[(bytes[6] == 1 ? 10 : 12)..<size])
    let part = key.map { "the header of \(quoted($0))" } ?? "the header"
    var scanner = ByteScanner(text, file: file, part: part)
    let fields = try scanner.npyDictionary(key)
    type = fields.type
    isColumnMajor = fields.isColumnMajor
    element = try Element(fields.type, file: file, key: key)
    shape = try StoredShape(fields.shape, file: file, key: key).shape
  }

  /// A tensor from the elements, which must be ``byteCount`` bytes.
  func tensor(
    _ bytes: UnsafeRawBufferPointer, file: String, key: String?, owner: FileBytes? = nil
  ) throws(FileError) -> Tensor {
    if let owner, let dtype = element.dtype, dtype != .bool, !element.isBigEndian, !isColumnMajor,
      let address = bytes.baseAddress, Int(bitPattern: address) % dtype.size == 0
    {
      return Tensor(borrowing: bytes, shape: shape, dtype: dtype, owner: owner)
    }
    if element.isBigEndian {
      let reversed = reversingElements(bytes, size: element.size)
      return try reversed.span.bytes.withUnsafeBytes { bytes throws(FileError) in
        try rowMajor(bytes, file: file, key: key)
      }
    }
    return try rowMajor(bytes, file: file, key: key)
  }

  private func rowMajor(_ bytes: UnsafeRawBufferPointer, file: String, key: String?) throws(FileError) -> Tensor {
    let stored = isColumnMajor ? Shape(shape.dimensions.reversed()) : shape
    let tensor: Tensor
    if let dtype = element.dtype {
      tensor = try Tensor(stored: bytes, shape: stored, dtype: dtype, file: file, key: key)
    } else {
      tensor = Tensor(float16: bytes, shape: stored)
    }
    return isColumnMajor && shape.rank > 1 ? tensor.permuted(Array((0..<shape.rank).reversed())).contiguous() : tensor
  }

  /// The header of the file for a tensor, in version 1.0: NumPy's own words, padded to a multiple of 64 bytes.
  static func encode(_ tensor: Tensor) -> [UInt8] {
    let sizes = tensor.shape.dimensions.map(String.init).joined(separator: ", ") + (tensor.rank == 1 ? "," : "")
    let type = Element.name(of: tensor.dtype)
    var text = Array("{'descr': '\(type)', 'fortran_order': False, 'shape': (\(sizes)), }".utf8)
    text += [UInt8](repeating: UInt8(ascii: " "), count: 63 - (10 + text.count) % 64) + [UInt8(ascii: "\n")]
    return magic + [1, 0, UInt8(text.count & 0xff), UInt8(text.count >> 8)] + text
  }

  /// An element type of NumPy's that a tensor can be made from.
  private struct Element {
    let isBigEndian: Bool
    let size: Int
    /// nil for half precision.
    let dtype: DType?

    init(_ name: String, file: String, key: String?) throws(FileError) {
      let known: [String: (size: Int, dtype: DType?)] = [
        "f2": (2, nil), "f4": (4, .float32), "f8": (8, .float64), "i4": (4, .int32), "i8": (8, .int64),
        "u1": (1, .uint8), "b1": (1, .bool),
      ]
      let order = name.first
      guard let order, "<>=|".contains(order), let element = known[String(name.dropFirst())],
        element.size == 1 || order != "|"
      else {
        throw .contents(
          file: file, key: key, expected: "elements of float16, float32, float64, int32, int64, uint8 or bool",
          found: "\(quoted(name))\(Self.advice(name))")
      }
      isBigEndian = order == ">"
      (size, dtype) = element
    }

    private static func advice(_ name: String) -> String {
      switch name.dropFirst().first {
      case "O": " (Python objects, which are never unpickled)"
      case "i", "u": " (save it from NumPy with .astype('int32') or .astype('int64'))"
      default: ""
      }
    }

    static func name(of dtype: DType) -> String {
      switch dtype {
      case .float32: "<f4"
      case .float64: "<f8"
      case .int32: "<i4"
      case .int64: "<i8"
      case .uint8: "|u1"
      case .bool: "|b1"
      case .bfloat16: stop("Npy", "NumPy has no bfloat16", fix: "cast(to: .float32) first")
      }
    }
  }
}
