import NotebookDisplay

/// Sends what is displayed with what is printed, so that their order holds.
struct NotebookSink: DisplaySink {
  var isRich: Bool { true }

  func show(_ bundle: MimeBundle, in place: String?, isUpdate: Bool) {
    Host.current?.emit(["display", place.map(encoded) ?? "", isUpdate ? "1" : "0"] + fields(of: bundle))
  }

  func clear(wait: Bool) { Host.current?.emit(["clear", wait ? "1" : "0"]) }
}

/// Shows the value of a cell's last expression, which is nothing for `Void`.
public func _cellResult<Value>(_ value: Value) {
  if Value.self == Void.self { return }
  let bundle = MimeBundle(showing: value)
  guard let host = Host.current else { return print(bundle.text) }
  host.emit(["result"] + fields(of: bundle))
}

/// Each entry is three fields: the type, `text` or `data`, and the content.
private func fields(of bundle: MimeBundle) -> [String] {
  bundle.entries.sorted { $0.key < $1.key }.flatMap { type, content in
    switch content {
    case .text(let text): [encoded(type), "text", encoded(text)]
    case .data(let bytes): [encoded(type), "data", base64(bytes)]
    }
  }
}

func encoded(_ text: String) -> String { base64(Array(text.utf8)) }
