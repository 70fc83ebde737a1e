// Values that are what they show.

/// HTML that a notebook draws.
///
/// ```swift
/// HTML("<b>bold</b>").notebookDisplay.text  // → <b>bold</b>
/// ```
public struct HTML: Sendable, Hashable, NotebookDisplayable {
  public var source: String
  public init(_ source: String) { self.source = source }
  public var notebookDisplay: MimeBundle { MimeBundle(text: source, ["text/html": .text(source)]) }
}

/// Markdown that a notebook draws; formulas stand between `$`.
///
/// ```swift
/// Markdown("the loss is $-\\log p$").notebookDisplay.text  // → the loss is $-\log p$
/// ```
public struct Markdown: Sendable, Hashable, NotebookDisplayable {
  public var source: String
  public init(_ source: String) { self.source = source }
  public var notebookDisplay: MimeBundle { MimeBundle(text: source, ["text/markdown": .text(source)]) }
}

/// A drawing in SVG.
///
/// ```swift
/// SVG("<svg xmlns='http://www.w3.org/2000/svg'/>").notebookDisplay.text  // → SVG of 41 bytes
/// ```
public struct SVG: Sendable, Hashable, NotebookDisplayable {
  public var source: String
  public init(_ source: String) { self.source = source }
  public var notebookDisplay: MimeBundle {
    MimeBundle(text: "SVG of \(source.utf8.count) bytes", ["image/svg+xml": .text(source)])
  }
}

/// A picture in PNG, with a line of text below it if there is a caption.
///
/// ```swift
/// PNG([0x89, 0x50]).notebookDisplay.text  // → PNG of 2 bytes
/// PNG([0x89, 0x50], caption: "a moon").notebookDisplay.text  // → a moon (PNG of 2 bytes)
/// ```
public struct PNG: Sendable, Hashable, NotebookDisplayable {
  public var bytes: [UInt8]
  public var caption: String?

  public init(_ bytes: [UInt8], caption: String? = nil) { (self.bytes, self.caption) = (bytes, caption) }

  public var notebookDisplay: MimeBundle {
    var entries: [String: MimeBundle.Content] = ["image/png": .data(bytes)]
    if let caption {
      let picture = "<img alt=\"\(caption.escapedForHTML)\" src=\"data:image/png;base64,\(base64(bytes))\">"
      entries["text/html"] = .text(picture + captionLine(caption))
    }
    return MimeBundle(text: captioned(caption, "PNG of \(bytes.count) bytes"), entries)
  }
}

/// Sound in WAV, shown as a player, with a line of text below it if there is a caption.
///
/// ```swift
/// WAV([0x52, 0x49], caption: "a bell").notebookDisplay.text  // → a bell (WAV of 2 bytes)
/// ```
public struct WAV: Sendable, Hashable, NotebookDisplayable {
  public var bytes: [UInt8]
  public var caption: String?

  public init(_ bytes: [UInt8], caption: String? = nil) { (self.bytes, self.caption) = (bytes, caption) }

  public var notebookDisplay: MimeBundle {
    let player = "<audio controls src=\"data:audio/wav;base64,\(base64(bytes))\"></audio>"
    return MimeBundle(
      text: captioned(caption, "WAV of \(bytes.count) bytes"),
      ["text/html": .text(player + (caption.map(captionLine) ?? ""))])
  }
}

private func captionLine(_ caption: String) -> String {
  "<div style=\"opacity: 0.7\">\(caption.escapedForHTML)</div>"
}

private func captioned(_ caption: String?, _ text: String) -> String { caption.map { "\($0) (\(text))" } ?? text }

/// RFC 4648, section 4.
package func base64(_ bytes: [UInt8]) -> String {
  let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
  var text: [UInt8] = []
  text.reserveCapacity((bytes.count + 2) / 3 * 4)
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let left = min(3, bytes.count - start)
    var group: UInt32 = 0
    for i in 0..<3 { group = group << 8 | (i < left ? UInt32(bytes[start + i]) : 0) }
    for i in 0..<4 { text.append(i <= left ? digits[Int(group >> UInt32(18 - 6 * i)) & 63] : UInt8(ascii: "=")) }
  }
  return String(decoding: text, as: UTF8.self)
}
