import NotebookDisplay
import Synchronization

/// The iopub channel: an XPUB socket that greets every subscription and sends each peer what it asked for.
final class Publisher: Sendable {
  private enum Beginning { case starting, announced, served }

  private let endpoint: ZMTPEndpoint
  private let codec: MessageCodec
  private let beginning = Mutex(Beginning.starting)

  init(_ endpoint: ZMTPEndpoint, codec: MessageCodec) {
    self.endpoint = endpoint
    self.codec = codec
    endpoint.start(receive: { [self] peer, parts in subscribe(peer, parts) })
  }

  /// Messages that were dropped because their readers are too slow.
  var dropped: Int { endpoint.peers.reduce(0) { $0 + $1.dropped } }

  func publish(_ type: String, _ content: JSON, parent: [UInt8]?) {
    if type == "status" { beginning.withLock { $0 = .served } }
    let topic = topic(type)
    let bytes = ZMTP.encode(codec.encode(type, content, parent: parent, prefix: [topic]).parts)
    for peer in endpoint.peers {
      peer.subscriptions.withLock { subscriptions in
        if subscriptions.contains(where: { topic.starts(with: $0) }) { peer.send(encoded: bytes) }
      }
    }
  }

  /// 1 and a topic's beginning subscribes, 0 takes that back (rfc.zeromq.org/spec/29).
  private func subscribe(_ peer: ZMTPPeer, _ parts: [[UInt8]]) {
    guard parts.count == 1, let kind = parts[0].first, kind <= 1 else { return }
    let prefix = Array(parts[0].dropFirst())
    peer.subscriptions.withLock { subscriptions in
      guard kind == 1 else {
        subscriptions.remove(prefix)
        return
      }
      guard subscriptions.count < 1024, subscriptions.insert(prefix).inserted else { return }
      let text = String(decoding: prefix, as: UTF8.self)
      let welcome = codec.encode(
        "iopub_welcome", ["subscription": .string(text)], parent: nil, prefix: prefix.isEmpty ? [] : [prefix])
      peer.send(welcome.parts)
      // Said once, to the first who can hear it, unless the kernel is past it.
      let topic = topic("status")
      guard topic.starts(with: prefix) else { return }
      beginning.withLock { beginning in
        guard beginning == .starting else { return }
        beginning = .announced
        let status = codec.encode("status", ["execution_state": "starting"], parent: nil, prefix: [topic])
        peer.send(status.parts)
      }
    }
  }

  private func topic(_ type: String) -> [UInt8] { Array("kernel.\(codec.session).\(type)".utf8) }
}
