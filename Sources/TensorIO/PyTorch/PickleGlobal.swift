/// A global that a pickle may name: what tensors, dictionaries and sizes need, and nothing that could do harm.
enum PickleGlobal: Sendable {
  /// `torch._utils._rebuild_tensor_v2(storage, offset, size, stride, requires_grad, backward_hooks)`
  case rebuildTensor
  /// `torch._utils._rebuild_parameter(data, requires_grad, backward_hooks)`
  case rebuildParameter
  /// `collections.OrderedDict()`
  case orderedDictionary
  /// `torch.Size(sizes)`
  case size
  case storage(PyTorchElement)
  case elementType(String)

  init?(module: String, name: String) {
    switch (module, name) {
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch", "Size"): self = .size
    case ("torch", _):
      if let element = PyTorchElement.ofStorage[name] {
        self = .storage(element)
      } else if PyTorchElement.dtypeNames.contains(name) {
        self = .elementType(name)
      } else {
        return nil
      }
    default: return nil
    }
  }

  /// What to do about some that are refused.
  static func advice(module: String, name: String) -> String {
    switch (module, name) {
    case ("torch._utils", "_rebuild_tensor_v3"): " (a tensor of an element type such as uint16 or float8)"
    case ("torch._utils", "_rebuild_sparse_tensor"): " (a sparse tensor; save its to_dense())"
    case ("torch._utils", "_rebuild_qtensor"): " (a quantised tensor; save its dequantize())"
    case ("torch", "device"): " (save str(device))"
    case ("numpy", _), ("numpy._core.multiarray", _), ("numpy.core.multiarray", _):
      " (a NumPy value; save a tensor or .item())"
    default: module.hasPrefix("torch.nn") ? " (a whole module; save its state_dict())" : ""
    }
  }
}
