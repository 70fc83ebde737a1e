/// One thing in several media types, of which whoever shows it takes the richest that it knows.
///
/// ```swift
/// let bundle = MimeBundle(text: "a red square", ["text/html": .text("<b>red</b>")])
/// bundle["text/html"] == .text("<b>red</b>")  // → true
/// ```
public struct MimeBundle: Sendable, Hashable {
  public enum Content: Sendable, Hashable {
    /// Text, or the text of JSON for types that end in `json`.
    case text(String)
    /// Bytes: pictures, sound.
    case data([UInt8])
  }

  public private(set) var entries: [String: Content]

  /// `text` is what a terminal shows, and a notebook that knows none of the other types.
  public init(text: String, _ others: [String: Content] = [:]) {
    entries = others
    entries["text/plain"] = .text(text)
  }

  public subscript(type: String) -> Content? { entries[type] }

  /// What a terminal shows.
  public var text: String {
    guard case .text(let text)? = entries["text/plain"] else { return "" }
    return text
  }
}

/// A value that says what a notebook's cell shows of it. A value that does not is shown as `String(describing:)` has it.
///
/// ```swift
/// struct Grade: NotebookDisplayable {
///   var points: Int
///   var notebookDisplay: MimeBundle {
///     MimeBundle(text: "\(points) points", ["text/html": .text("<b>\(points)</b> points")])
///   }
/// }
/// MimeBundle(showing: Grade(points: 7)).text  // → 7 points
/// MimeBundle(showing: [1, 2]).text  // → [1, 2]
/// ```
public protocol NotebookDisplayable {
  var notebookDisplay: MimeBundle { get }
}

extension MimeBundle {
  /// What `value` says of itself, or its description; a string in quotes.
  public init(showing value: Any) {
    switch value {
    case let value as any NotebookDisplayable: self = value.notebookDisplay
    case let bundle as MimeBundle: self = bundle
    case let text as String: self.init(text: text.debugDescription)
    default: self.init(text: String(describing: value))
    }
  }
}
