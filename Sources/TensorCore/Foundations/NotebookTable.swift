import NotebookDisplay

// What a notebook's cell shows of a tensor.
extension Tensor: NotebookDisplayable {
  /// A table of the elements, abbreviated as they are when printed, with dtype, shape, range of the finite elements, and how
  /// many are NaN or infinite. With more than two axes, the elements stand as they are printed.
  ///
  /// ```swift
  /// Tensor([1.0, .nan, 3.0]).summary  // → float32 [3], 1.0 … 3.0, 1 NaN
  /// Tensor([[1, 2], [3, 4]]).notebookDisplay["text/html"] != nil  // → true
  /// ```
  public var notebookDisplay: MimeBundle {
    let elements = (1...2).contains(rank) && count > 0 ? htmlTable : "<pre>\(description)</pre>"
    return MimeBundle(
      text: debugDescription, ["text/html": .text("\(elements)<div style=\"opacity: 0.7\">\(summary)</div>")])
  }

  /// The dtype, the shape, the range of the finite elements, and how many are NaN or infinite.
  ///
  /// ```swift
  /// Tensor([[0, 7], [2, 5]]).summary  // → int64 [2, 2], 0 … 7
  /// ```
  public var summary: String {
    var parts = ["\(dtype) \(shape)"]
    guard count > 0, dtype != .bool else { return parts[0] }
    return withoutGradients {
      let x = detached()
      func text(_ x: Tensor) -> String { Formatter.text(of: x.reshaped([1]), at: 0) }
      guard dtype.isFloatingPoint else { return "\(parts[0]), \(text(x.min())) … \(text(x.max()))" }
      func number(_ condition: Tensor) -> Int { condition.cast(to: .int64).sum().item(Int.self) }
      let isFinite = x.isFinite()
      let (nans, finite) = (number(x.isNaN()), number(isFinite))
      if finite > 0 {
        func others(_ value: Double) -> Tensor { Tensor.full([1], value, dtype: dtype) }
        let low = Tensor.where(isFinite, x, others(.infinity)).min()
        let high = Tensor.where(isFinite, x, others(-.infinity)).max()
        parts.append("\(text(low)) … \(text(high))")
      }
      if nans > 0 { parts.append("\(nans) NaN") }
      if count - finite - nans > 0 { parts.append("\(count - finite - nans) infinite") }
      return parts.joined(separator: ", ")
    }
  }

  /// Of one row, or of rows.
  private var htmlTable: String {
    let shown = Formatter(self)
    let (rows, columns) = rank == 1 ? (1, shape[0]) : (shape[0], shape[1])
    let heading = { (index: Int?) in "<th style=\"opacity: 0.6\">\(index.map(String.init) ?? "…")</th>" }
    let cell = { (row: Int?, column: Int?) -> String in
      guard let row, let column else { return "<td>…</td>" }
      return "<td style=\"text-align: right\">\(shown.texts[row * columns + column] ?? "…")</td>"
    }
    let across = Formatter.shown(columns, shown.abbreviated)
    var lines = ["<tr><th></th>" + across.map(heading).joined() + "</tr>"]
    for row in Formatter.shown(rows, shown.abbreviated) {
      lines.append("<tr>" + (rank == 1 ? "<th></th>" : heading(row)) + across.map { cell(row, $0) }.joined() + "</tr>")
    }
    return "<table>\(lines.joined())</table>"
  }
}
