import Testing

// What the generated tests are made of: see Plugins/DocumentedExamples.

/// The value of `expression  // → text`: it is to print as the text.
func expect(_ value: Any, shows text: String, _ file: String, _ line: Int) {
  let found = String(describing: value)
  if found != text {
    Issue.record(
      "shows \(found), not \(text)",
      sourceLocation: SourceLocation(fileID: "Examples/\(file)", filePath: file, line: line, column: 1))
  }
}

/// Takes a value that an example leaves unused.
func unused<Value: ~Copyable>(_ value: borrowing Value) {}
