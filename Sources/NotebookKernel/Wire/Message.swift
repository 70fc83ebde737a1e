import Foundation
import NotebookDisplay
import Synchronization

/// A message that came from a client (Jupyter's messaging protocol 5.4: "The wire protocol").
package struct Message: Sendable {
  /// The routing prefix, which the reply bears too.
  package let identities: [[UInt8]]
  package let id: String
  package let type: String
  /// The header as it came: the parent header of everything that the message causes.
  package let header: [UInt8]
  /// The identifier of the message that caused this one.
  package let parentID: String?
  package let metadata: JSON
  package let content: JSON
}

/// Why a message was not taken.
package enum MessageRefusal: Error, Hashable, CaseIterable {
  case missingParts, badSignature, replayed, malformedJSON
}

/// Turns messages into signed parts and back, for one kernel's session.
final class MessageCodec: Sendable {
  private struct State {
    var sent = 0
    /// The signatures of the last messages that were taken, oldest at `oldest`.
    var seen: Set<SIMD4<UInt64>> = []
    var order: [SIMD4<UInt64>] = []
    var oldest = 0
  }

  static let delimiter = Array("<IDS|MSG>".utf8)
  private static let remembered = 65_536

  let session = UUID().uuidString
  private let key: [UInt8]
  private let username = NSUserName()
  private let state = Mutex(State())

  init(key: [UInt8]) { self.key = key }

  func decode(_ parts: [[UInt8]]) throws(MessageRefusal) -> Message {
    guard let start = parts.firstIndex(of: Self.delimiter), parts.count >= start + 6 else { throw .missingParts }
    let dictionaries = parts[(start + 2)...(start + 5)]
    var digest: SIMD4<UInt64>?
    if !key.isEmpty {
      let signature = MessageSignature(of: dictionaries, key: key)
      guard signature.matches(parts[start + 1]) else { throw .badSignature }
      digest = signature.digest
    }
    var values: [JSON] = []
    for dictionary in dictionaries {
      guard let value = try? JSON(parsing: dictionary), value.object != nil else { throw .malformedJSON }
      values.append(value)
    }
    guard let id = values[0]["msg_id"]?.string, let type = values[0]["msg_type"]?.string else { throw .malformedJSON }
    if let digest, !isNew(digest) { throw .replayed }
    return Message(
      identities: Array(parts[..<start]), id: id, type: type, header: parts[start + 2],
      parentID: values[1]["msg_id"]?.string, metadata: values[2], content: values[3])
  }

  private func isNew(_ digest: SIMD4<UInt64>) -> Bool {
    state.withLock { state in
      guard state.seen.insert(digest).inserted else { return false }
      if state.order.count < Self.remembered {
        state.order.append(digest)
      } else {
        state.seen.remove(state.order[state.oldest])
        state.order[state.oldest] = digest
        state.oldest = (state.oldest + 1) % Self.remembered
      }
      return true
    }
  }

  /// The parts of a new message, behind its routing prefix; and its identifier.
  func encode(_ type: String, _ content: JSON, parent: [UInt8]?, prefix: [[UInt8]]) -> (
    parts: [[UInt8]], id: String
  ) {
    let number = state.withLock { state in
      state.sent += 1
      return state.sent
    }
    let id = "\(session)_\(number)"
    let header: JSON = [
      "msg_id": .string(id), "msg_type": .string(type), "session": .string(session), "username": .string(username),
      "date": .string(Date().formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))), "version": "5.4",
    ]
    let empty = Array("{}".utf8)
    let dictionaries = [header.encoded, parent ?? empty, empty, content.encoded]
    let signature = key.isEmpty ? [] : MessageSignature(of: dictionaries, key: key).text
    return (prefix + [Self.delimiter, signature] + dictionaries, id)
  }
}
