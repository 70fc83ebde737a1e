import TensorCore

/// PyTorch's element types, by the names of the storages that hold them.
struct PyTorchElement: Sendable, Equatable {
  /// As in `torch.float32`.
  let name: String
  /// Bytes.
  let size: Int
  /// The dtype of the tensors made from it; nil where there is none.
  let dtype: DType?

  static let float16 = PyTorchElement(name: "float16", size: 2, dtype: .float32)

  /// By the storage's class in module `torch`.
  static let ofStorage: [String: PyTorchElement] = [
    "FloatStorage": PyTorchElement(name: "float32", size: 4, dtype: .float32),
    "DoubleStorage": PyTorchElement(name: "float64", size: 8, dtype: .float64),
    "HalfStorage": float16,
    "BFloat16Storage": PyTorchElement(name: "bfloat16", size: 2, dtype: .bfloat16),
    "LongStorage": PyTorchElement(name: "int64", size: 8, dtype: .int64),
    "IntStorage": PyTorchElement(name: "int32", size: 4, dtype: .int32),
    "ShortStorage": PyTorchElement(name: "int16", size: 2, dtype: nil),
    "CharStorage": PyTorchElement(name: "int8", size: 1, dtype: nil),
    "ByteStorage": PyTorchElement(name: "uint8", size: 1, dtype: .uint8),
    "BoolStorage": PyTorchElement(name: "bool", size: 1, dtype: .bool),
    "ComplexFloatStorage": PyTorchElement(name: "complex64", size: 8, dtype: nil),
    "ComplexDoubleStorage": PyTorchElement(name: "complex128", size: 16, dtype: nil),
  ]

  /// The names of the dtypes in module `torch`.
  static let dtypeNames: Set<String> = [
    "float16", "float32", "float64", "bfloat16", "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32",
    "uint64",
    "bool", "complex32", "complex64", "complex128", "float8_e4m3fn", "float8_e5m2",
  ]
}
