// Printing like NumPy's: columns aligned, long axes abbreviated.
extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
  /// The elements in nested brackets; more than 1,000 of them are abbreviated to three at each end of an axis.
  ///
  /// ```swift
  /// Tensor([[1.0, -20.5], [0.0, 3.25]])  // → [[1.0, -20.5], [0.0, 3.25]]
  /// ```
  public var description: String {
    if rank <= 1 || (count <= 12 && rank <= 2) || count == 0 { return text(separator: ", ", aligned: false) }
    return text(separator: ",\n", aligned: true)
  }

  /// The elements, aligned in columns, with shape and dtype: what a debugger or a notebook shows.
  ///
  /// ```swift
  /// Tensor([1.0, 2.0]).debugDescription  // → [1.0, 2.0] float32 [2]
  /// ```
  public var debugDescription: String { "\(description) \(dtype) \(shape)" }

  private func text(separator: String, aligned: Bool) -> String {
    let shown = Formatter(self)
    let width = aligned ? shown.widest : 0
    return shown.text(axis: 0, offset: 0, separator: separator, width: width)
  }

  /// The shown elements of a tensor as texts.
  struct Formatter {
    let shape: Shape
    let steps: [Int]
    let abbreviated: Bool
    /// Texts by row-major position.
    let texts: [Int: String]

    init(_ x: Tensor) {
      shape = x.shape
      steps = x.shape.rowMajorStrides
      abbreviated = x.count > 1000 || x.shape.dimensions.contains { $0 > 1000 }
      let row = x.contiguous()
      var positions = [0]
      for (axis, size) in x.shape.dimensions.enumerated() {
        let chosen = Formatter.shown(size, abbreviated).compactMap(\.self)
        let step = steps[axis]
        positions = positions.flatMap { base in chosen.map { base + $0 * step } }
      }
      if x.count == 0 { positions = [] }
      let flat = withoutGradients { row.reshaped([x.count]) }
      texts = Dictionary(uniqueKeysWithValues: positions.map { ($0, Formatter.text(of: flat, at: $0)) })
    }

    var widest: Int { texts.values.map(\.count).max() ?? 0 }

    /// The positions of an axis that are shown, nil standing for those left out.
    static func shown(_ size: Int, _ abbreviated: Bool) -> [Int?] {
      guard abbreviated, size > 6 else { return (0..<size).map { $0 } }
      return [0, 1, 2, nil, size - 3, size - 2, size - 1]
    }

    static func text(of flat: Tensor, at position: Int) -> String {
      let element = withoutGradients { flat.sliced(axis: 0, from: position, to: position + 1) }
      switch flat.dtype {
      case .float64: return element.item(Double.self).description
      case .float32: return element.item(Float.self).description
      case .bfloat16: return element.item(Float.self).description
      case .bool: return element.item(Bool.self) ? "true" : "false"
      default: return element.item(Int.self).description
      }
    }

    func text(axis: Int, offset: Int, separator: String, width: Int) -> String {
      if axis == shape.rank {
        let text = texts[offset] ?? "…"
        return String(repeating: " ", count: Swift.max(width - text.count, 0)) + text
      }
      let parts = Formatter.shown(shape.dimensions[axis], abbreviated).map { position in
        position.map { text(axis: axis + 1, offset: offset + $0 * steps[axis], separator: separator, width: width) }
          ?? "…"
      }
      let last = axis == shape.rank - 1
      guard !last, separator != ", " else { return "[" + parts.joined(separator: ", ") + "]" }
      let indent = String(repeating: " ", count: axis + 1)
      let blank = String(repeating: "\n", count: Swift.max(shape.rank - axis - 2, 0))
      return "[" + parts.joined(separator: separator + blank + indent) + "]"
    }
  }
}
