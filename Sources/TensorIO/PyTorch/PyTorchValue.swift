import TensorCore

/// What can stand in a PyTorch checkpoint: Python's plain values, and tensors.
public enum PyTorchValue: Sendable {
  case none
  case bool(Bool)
  case integer(Int)
  case number(Double)
  case text(String)
  case list([PyTorchValue])
  /// A tuple, or a `torch.Size`.
  case tuple([PyTorchValue])
  /// A `dict` or an `OrderedDict`, in its order.
  case dictionary([(key: Key, value: PyTorchValue)])
  /// A tensor or a `Parameter`, without a gradient.
  case tensor(Tensor)
  /// A tensor whose elements ``Tensor`` does not have: complex numbers, 8-bit and 16-bit integers with a sign.
  case unsupportedTensor(elementType: String, shape: [Int])
  /// An element type: `float32` for `torch.float32`.
  case elementType(String)

  /// A key of a dictionary.
  public enum Key: Sendable, Hashable, CustomStringConvertible {
    case text(String)
    case integer(Int)

    public var description: String {
      switch self {
      case .text(let text): text
      case .integer(let number): String(number)
      }
    }
  }

  /// What it is, as messages say it.
  var kind: String {
    switch self {
    case .none: "None"
    case .bool: "a bool"
    case .integer(let number): "the integer \(number)"
    case .number(let number): "the number \(number)"
    case .text(let text): "the text \(quoted(text))"
    case .list(let items): "a list of \(items.count)"
    case .tuple(let items): "a tuple of \(items.count)"
    case .dictionary(let entries): "a dictionary of \(entries.count)"
    case .tensor(let tensor): "a \(tensor.dtype) tensor of shape \(tensor.shape)"
    case .unsupportedTensor(let type, let shape): "a tensor of \(type), shape \(shape)"
    case .elementType(let name): "the element type \(name)"
    }
  }
}
