import Foundation
import NotebookDisplay

// What handlers say, as the protocol puts it ("Messages on the shell (ROUTER/DEALER) channel").

extension JSON {
  init(_ texts: some Sequence<String>) { self = .array(texts.map { .string($0) }) }

  /// A bundle's types, with bytes in base64 and the text of JSON as JSON.
  init(_ bundle: MimeBundle) {
    var data: [String: JSON] = [:]
    for (type, content) in bundle.entries {
      switch content {
      case .data(let bytes): data[type] = .string(Data(bytes).base64EncodedString())
      case .text(let text):
        let json = type.hasSuffix("json") ? try? JSON(parsing: Array(text.utf8)) : nil
        data[type] = json ?? .string(text)
      }
    }
    self = .object(data)
  }
}

extension KernelInfo {
  var reply: JSON {
    [
      "status": "ok", "protocol_version": "5.4", "implementation": .string(implementation),
      "implementation_version": .string(implementationVersion), "banner": .string(banner), "debugger": false,
      "help_links": [], "supported_features": [],
      "language_info": [
        "name": "swift", "version": .string(languageVersion), "mimetype": "text/x-swift", "file_extension": ".swift",
        "pygments_lexer": "swift", "codemirror_mode": "swift",
      ],
    ]
  }
}

extension CellError {
  /// The content of the message `error`.
  var content: JSON {
    ["ename": .string(name), "evalue": .string(value), "traceback": JSON(traceback)]
  }

  /// The content of a reply that reports it.
  var reply: [String: JSON] {
    ["status": "error", "ename": .string(name), "evalue": .string(value), "traceback": JSON(traceback)]
  }
}

extension ExecuteReply {
  func reply(count: Int, pages: [MimeBundle] = []) -> JSON {
    var content: [String: JSON]
    switch self {
    case .failed(let error): content = error.reply
    case .ok(let expressions):
      let values = expressions.mapValues { value -> JSON in
        switch value {
        case .success(let bundle): ["status": "ok", "data": JSON(bundle), "metadata": [:]]
        case .failure(let error): .object(error.reply)
        }
      }
      let payload = pages.map { page -> JSON in ["source": "page", "data": JSON(page), "start": 0] }
      content = ["status": "ok", "user_expressions": .object(values), "payload": .array(payload)]
    }
    content["execution_count"] = .integer(count)
    return .object(content)
  }
}

extension CompleteReply {
  var reply: JSON {
    [
      "status": "ok", "matches": JSON(matches), "cursor_start": .integer(range.lowerBound),
      "cursor_end": .integer(range.upperBound), "metadata": .object(metadata),
    ]
  }
}

extension Completeness {
  var reply: JSON {
    switch self {
    case .complete: ["status": "complete"]
    case .invalid: ["status": "invalid"]
    case .unknown: ["status": "unknown"]
    case .incomplete(let indent): ["status": "incomplete", "indent": .string(indent)]
    }
  }
}

extension HistoryEntry {
  func reply(withOutput: Bool) -> JSON {
    let input = JSON.string(input)
    let output = output.map { JSON.string($0) } ?? .null
    return [.integer(session), .integer(line), withOutput ? [input, output] : input]
  }
}
