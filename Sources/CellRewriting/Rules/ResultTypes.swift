/// A function that differs from an earlier cell's in its result alone does not hide it: a call would be ambiguous. The new cell
/// declares the old signature too, as one that must not be used.
enum ResultTypes {
  static func shims(for functions: [FunctionSignature], in scope: NotebookScope, number: Int) -> [String] {
    functions.compactMap { function in
      // The body of an opaque result would have to be of a fitting type.
      guard let old = scope.function(like: function), old.result != function.result, !old.result.contains("some ")
      else { return nil }
      return """
        @available(*, unavailable, message: "cell [\(number)] declared `\(function.name)` with another result")
        \(old.declaration) { fatalError() }
        """.under(function.condition)
    }
  }
}

extension String {
  /// Declarations that are compiled if the condition of `#if` holds.
  func under(_ condition: String?) -> String { condition.map { "#if \($0)\n\(self)\n#endif" } ?? self }
}
