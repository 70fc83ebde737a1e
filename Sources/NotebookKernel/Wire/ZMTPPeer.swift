import Foundation
import Synchronization

/// A connected client of one of our sockets.
final class ZMTPPeer: Sendable {
  /// What the client calls itself, or is called.
  let identity: [UInt8]
  /// The topics that it wants to hear of, if it is a subscriber.
  let subscriptions = Mutex<Set<[UInt8]>>([])
  private let socket: LoopbackSocket
  private let outbox: Outbox
  private let written = DispatchSemaphore(value: 0)

  init(_ socket: LoopbackSocket, identity: [UInt8], room: Int) {
    self.socket = socket
    self.identity = identity
    outbox = Outbox(limit: room)
    Thread.detachNewThread { [self] in
      while let messages = outbox.take() {
        do {
          for message in messages { try socket.write(message) }
        } catch {
          outbox.close()
        }
      }
      written.signal()
    }
  }

  /// How many messages found no room.
  var dropped: Int { outbox.dropped }

  /// Never waits.
  func send(_ parts: [[UInt8]]) { send(encoded: ZMTP.encode(parts)) }

  func send(encoded bytes: [UInt8]) { outbox.put(bytes) }

  /// The next message; answers PING in passing. Subscriptions that come as commands (3.1) become messages (3.0).
  func next(limit: Int) throws -> [[UInt8]] {
    while true {
      switch try ZMTP.next(on: socket, limit: limit, idling: true) {
      case .message(let parts): return parts
      case .command("PING", let body) where (2...18).contains(body.count):
        send(encoded: ZMTP.command("PONG", Array(body[2...])))
      case .command("SUBSCRIBE", let topic): return [[1] + topic]
      case .command("CANCEL", let topic): return [[0] + topic]
      case .command: continue
      }
    }
  }

  /// Ends the connection when what waits is written, or at the deadline.
  func close(by deadline: DispatchTime = .now()) {
    outbox.close()
    _ = written.wait(timeout: deadline)
    socket.shutDown()
  }
}
