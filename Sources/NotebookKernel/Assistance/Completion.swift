import NotebookDisplay

/// What can be written at the cursor.
///
/// A function's text goes to the place of its first argument: `append(contentsOf: `. That tells overloads apart that differ in what they
/// are called with first, as Swift's functions do, and leaves neither placeholders nor commas to clean up; IPython, which takes the name
/// alone, has no labels to tell.
package struct Completion: Equatable {
  /// What is compared with what was typed.
  package let name: String
  package let text: String
  /// What Jupyter calls it, which chooses an icon.
  package let kind: String
  /// Parameters and type.
  package let signature: String
  package let order: String

  /// An item of the server's answer; nil for what is not a name, such as operators and literals.
  ///
  /// - Parameter isCalled: whether an opening parenthesis follows already.
  package init?(_ item: JSON, isCalled: Bool) {
    guard let label = item["label"]?.string, let code = item["kind"]?.integer else { return nil }
    let inserted = item["textEdit"]?["newText"]?.string ?? item["insertText"]?.string ?? label
    // `name(label:label:)`, the labels `label:label:` of a call that has begun, or a name; behind an optional `.name` for `?.name`.
    let filter = item["filterText"]?.string ?? label
    let unwraps = inserted.hasPrefix("?.")
    let pattern = unwraps ? filter.drop { $0 == "." } : filter[...]
    let base = pattern.prefix { $0 != "(" && $0 != ":" }
    guard let first = base.unicodeScalars.first,
      first == "_" || first == "`" || first.properties.isXIDStart || !first.isASCII
    else {
      return nil
    }
    name = String(base)
    var rest = pattern.dropFirst(base.count)
    let written: String
    if rest.first == ":" {
      written = base + ": "
    } else if rest.isEmpty || isCalled {
      written = String(base)
    } else {
      rest = rest.dropFirst()
      let argument = rest.prefix { $0 != ":" && $0 != ")" }
      written = rest.first == ")" ? "\(base)()" : "\(base)(" + (argument.isEmpty ? "" : "\(argument): ")
    }
    text = (unwraps ? "?." : "") + written
    kind = rest.first == ":" ? "param" : Self.kinds[code] ?? "instance"
    let parameters = label.drop { $0 != "(" && $0 != ":" }
    let type = item["detail"]?.string ?? ""
    let isFunction = kind == "function"
    signature =
      (isFunction || kind == "param" ? String(parameters) : "") + (isFunction && !type.isEmpty ? " -> \(type)" : "")
    order = item["sortText"]?.string ?? label
  }

  /// A command of the kernel.
  package init(magic: String) {
    (name, text, kind, signature, order) = (magic, magic, "magic", "", magic)
  }

  /// The protocol's `CompletionItemKind`.
  private static let kinds = [
    2: "function", 3: "function", 4: "function", 5: "property", 7: "class", 8: "protocol", 9: "module", 10: "property",
    13: "enum", 14: "keyword", 20: "case", 22: "struct", 24: "operator", 25: "type",
  ]
}

extension CompleteReply {
  /// In their order, each text once. Overloads that begin with the same text are one match with several signatures.
  ///
  /// - Parameter range: What was typed of the name.
  package init(_ completions: [Completion], replacing range: Range<Int>) {
    // `?.name` replaces the point as well, so that all of them do.
    let unwraps = completions.contains { $0.text.hasPrefix("?.") }
    let range = unwraps ? range.lowerBound - 1..<range.upperBound : range
    var order: [String] = []
    var found: [String: (kind: String, signatures: [String])] = [:]
    for completion in completions {
      let text = unwraps && !completion.text.hasPrefix("?.") ? "." + completion.text : completion.text
      if found[text] == nil { order.append(text) }
      var entry = found[text] ?? (completion.kind, [])
      if !completion.signature.isEmpty, !entry.signatures.contains(completion.signature) {
        entry.signatures.append(completion.signature)
      }
      found[text] = entry
    }
    let types = order.map { text -> JSON in
      [
        "text": .string(text), "type": .string(found[text]?.kind ?? ""), "start": .integer(range.lowerBound),
        "end": .integer(range.upperBound),
        "signature": .string((found[text]?.signatures ?? []).joined(separator: "\n")),
      ]
    }
    self.init(matches: order, range: range, metadata: ["_jupyter_types_experimental": .array(types)])
  }
}
