import Synchronization

/// Keeps tensors beside a text that is encoded: what goes to JSON then holds their names, and a file of tensors their numbers.
///
/// Give it to an encoder, and to the decoder afterwards, as `userInfo[.tensorShelf]`. A tensor's name is its coding path, joined by dots.
public final class TensorShelf: Sendable {
  private let held: Mutex<[String: Tensor]>

  public init(_ tensors: [String: Tensor] = [:]) { held = Mutex(tensors) }

  public var tensors: [String: Tensor] { held.withLock { $0 } }

  fileprivate func put(_ tensor: Tensor, _ name: String) { held.withLock { $0[name] = tensor } }
}

extension CodingUserInfoKey {
  /// A ``TensorShelf``.
  public static let tensorShelf: CodingUserInfoKey = {
    guard let key = CodingUserInfoKey(rawValue: "glassbox.tensorShelf") else {
      stop("CodingUserInfoKey", "a key that can't be made", fix: "report it")
    }
    return key
  }()
}

/// dtype, shape and elements; or a name, where a ``TensorShelf`` takes the tensor.
///
/// ```swift
/// let text = try JSONEncoder().encode(Tensor([[1.0, 2.0]]))
/// try JSONDecoder().decode(Tensor.self, from: text)  // → [[1.0, 2.0]]
/// ```
extension Tensor: Codable {
  private enum Key: String, CodingKey { case dtype, shape, elements }

  public func encode(to encoder: any Encoder) throws {
    if let shelf = encoder.userInfo[.tensorShelf] as? TensorShelf {
      let path = encoder.codingPath.map { $0.intValue.map(String.init) ?? $0.stringValue }
      let name = path.isEmpty ? "tensor" : path.joined(separator: ".")
      shelf.put(detached(), name)
      var container = encoder.singleValueContainer()
      try container.encode(name)
      return
    }
    var container = encoder.container(keyedBy: Key.self)
    try container.encode(dtype.description, forKey: .dtype)
    try container.encode(shape.dimensions, forKey: .shape)
    if dtype.isFloatingPoint {
      try container.encode(detached().cast(to: .float64).scalars(as: Double.self), forKey: .elements)
    } else {
      try container.encode(cast(to: .int64).scalars(as: Int.self), forKey: .elements)
    }
  }

  public init(from decoder: any Decoder) throws {
    if let shelf = decoder.userInfo[.tensorShelf] as? TensorShelf {
      let name = try decoder.singleValueContainer().decode(String.self)
      guard let tensor = shelf.tensors[name] else {
        throw DecodingError.dataCorrupted(
          .init(codingPath: decoder.codingPath, debugDescription: "there is no tensor \"\(name)\""))
      }
      self = tensor
      return
    }
    let container = try decoder.container(keyedBy: Key.self)
    let name = try container.decode(String.self, forKey: .dtype)
    guard let dtype = DType.allCases.first(where: { $0.description == name }) else {
      throw DecodingError.dataCorruptedError(
        forKey: .dtype, in: container, debugDescription: "\"\(name)\" is no dtype")
    }
    let shape = try container.decode([Int].self, forKey: .shape)
    func checked<Element>(_ elements: [Element]) throws -> [Element] {
      let count = shape.reduce((1, false)) { product, size in
        let (next, overflows) = product.0.multipliedReportingOverflow(by: size)
        return (next, product.1 || overflows || size < 0)
      }
      guard shape.count <= Shape.maximumRank, !count.1, count.0 == elements.count else {
        throw DecodingError.dataCorruptedError(
          forKey: .elements, in: container, debugDescription: "\(elements.count) elements for the shape \(shape)")
      }
      return elements
    }
    if dtype.isFloatingPoint {
      self = Tensor(
        try checked(try container.decode([Double].self, forKey: .elements)), shape: Shape(shape), dtype: dtype)
    } else {
      self = Tensor(try checked(try container.decode([Int].self, forKey: .elements)), shape: Shape(shape))
        .cast(to: dtype)
    }
  }
}
