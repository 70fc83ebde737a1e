import Synchronization

/// The stdin channel: asks the client whose cell wants input, and hands its answer over.
final class InputDesk: Sendable {
  private struct Question {
    let id: String
    let peer: ZMTPPeer
    let answer: CheckedContinuation<Result<String, InputError>, Never>
  }

  private let endpoint: ZMTPEndpoint
  private let codec: MessageCodec
  private let question = Mutex<Question?>(nil)

  /// `decode` gives the message of some parts, or nil where it is refused.
  init(_ endpoint: ZMTPEndpoint, codec: MessageCodec, decode: @escaping @Sendable ([[UInt8]]) -> Message?) {
    self.endpoint = endpoint
    self.codec = codec
    endpoint.start(
      receive: { [self] peer, parts in
        guard let message = decode(parts), message.type == "input_reply" else { return }
        answer(message, of: peer)
      },
      leave: { [self] peer in end(with: .nobodyThere) { $0.peer === peer } })
  }

  func ask(_ prompt: String, isPassword: Bool, for request: ServedRequest) async throws(InputError) -> String {
    guard let peer = await peer(named: request.peer.identity) else { throw .nobodyThere }
    let (parts, id) = codec.encode(
      "input_request", ["prompt": .string(prompt), "password": .bool(isPassword)], parent: request.message.header,
      prefix: request.message.identities)
    let answer = await withCheckedContinuation { continuation in
      let isFree = question.withLock { question in
        guard question == nil else { return false }
        question = Question(id: id, peer: peer, answer: continuation)
        return true
      }
      guard isFree else { return continuation.resume(returning: .failure(.alreadyWaiting)) }
      peer.send(parts)
      // It may have left before the question stood here, so that nobody told.
      if endpoint.peer(named: peer.identity) !== peer { end(with: .nobodyThere) { $0.peer === peer } }
    }
    return try answer.get()
  }

  func interrupt() { end(with: .interrupted) { _ in true } }

  /// A client connects its channels one after the other: a fast cell may ask before the last is there.
  private func peer(named identity: [UInt8]) async -> ZMTPPeer? {
    for _ in 0..<50 {
      if let peer = endpoint.peer(named: identity) { return peer }
      try? await Task.sleep(for: .milliseconds(20))
    }
    return nil
  }

  /// Some clients name the question that they answer; an answer to an older one is late.
  private func answer(_ message: Message, of peer: ZMTPPeer) {
    guard let value = message.content["value"]?.string else { return }
    let taken = question.withLock { question -> Question? in
      guard let waiting = question, waiting.peer === peer else { return nil }
      if let parent = message.parentID, parent != waiting.id { return nil }
      question = nil
      return waiting
    }
    taken?.answer.resume(returning: value == "\u{4}" ? .failure(.endOfInput) : .success(value))
  }

  private func end(with error: InputError, where condition: (Question) -> Bool) {
    let taken = question.withLock { question -> Question? in
      guard let waiting = question, condition(waiting) else { return nil }
      question = nil
      return waiting
    }
    taken?.answer.resume(returning: .failure(error))
  }
}
