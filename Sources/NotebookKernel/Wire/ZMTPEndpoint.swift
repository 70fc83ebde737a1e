import Foundation
import Synchronization

/// Bounds on what a peer may cost.
package struct WireLimits: Sendable {
  /// Bytes of one message.
  package var message = 256 << 20
  /// Bytes that wait to be written to one peer.
  package var outbox = 64 << 20
  /// Peers of one socket; each has two threads.
  package var peers = 64
  /// Seconds for which a peer may be silent in the middle of a handshake or a message.
  package var patience = 10.0

  package init() {}
}

/// A listening socket and its peers. Every peer is read on a thread of its own and written to on another.
final class ZMTPEndpoint: Sendable {
  private struct State {
    var peers: [ZMTPPeer] = []
    /// Connections, with those that have not shaken hands yet.
    var connections = 0
    var unnamed: UInt32 = 0
    var isClosed = false
  }

  let name: String
  private let type: ZMTP.SocketType
  private let limits: WireLimits
  private let listener: LoopbackSocket
  private let log: @Sendable (String) -> Void
  private let state = Mutex(State())

  init(
    _ channel: ConnectionFile.Channel, of connection: ConnectionFile, as type: ZMTP.SocketType, limits: WireLimits,
    log: @escaping @Sendable (String) -> Void
  ) throws(EndpointError) {
    self.type = type
    self.limits = limits
    self.log = log
    name = channel.rawValue
    do {
      listener = try LoopbackSocket.listening(on: connection.ip, port: connection.port(of: channel))
    } catch {
      throw EndpointError(channel: channel, ip: connection.ip, port: connection.port(of: channel), reason: error)
    }
  }

  var peers: [ZMTPPeer] { state.withLock { $0.peers } }

  /// Accepts peers from now on. `receive` is called with each message, on its peer's thread; `leave` when the peer is gone.
  func start(
    receive: @escaping @Sendable (ZMTPPeer, [[UInt8]]) -> Void, leave: @escaping @Sendable (ZMTPPeer) -> Void = { _ in }
  ) {
    Thread.detachNewThread { [self] in
      while let socket = listener.accept() {
        let hasRoom = state.withLock { state in
          guard state.connections < limits.peers else { return false }
          state.connections += 1
          return true
        }
        guard hasRoom else {
          log("\(name): a peer was turned away, because there are \(limits.peers) already")
          continue
        }
        Thread.detachNewThread { [self] in
          serve(socket, receive: receive, leave: leave)
          state.withLock { $0.connections -= 1 }
        }
      }
    }
  }

  private func serve(
    _ socket: LoopbackSocket, receive: (ZMTPPeer, [[UInt8]]) -> Void, leave: (ZMTPPeer) -> Void
  ) {
    do {
      socket.setPatience(seconds: limits.patience)
      let peer = ZMTPPeer(socket, identity: name(try ZMTP.shakeHands(on: socket, as: type)), room: limits.outbox)
      guard add(peer) else { return peer.close() }
      defer {
        state.withLock { $0.peers.removeAll { $0 === peer } }
        peer.close()
        leave(peer)
      }
      let limit = type == .router ? limits.message : min(limits.message, 65_536)
      while true { receive(peer, try peer.next(limit: limit)) }
    } catch SocketError.closed {
      // Clients come and go.
    } catch {
      socket.shutDown()
      log("\(name): a peer was cut off: \(error)")
    }
  }

  /// A peer without an identity gets one that begins with a zero, which a client's own may not.
  private func name(_ identity: [UInt8]) -> [UInt8] {
    guard identity.isEmpty else { return identity }
    let number = state.withLock { state in
      state.unnamed += 1
      return state.unnamed
    }
    return [0] + withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private func add(_ peer: ZMTPPeer) -> Bool {
    state.withLock { state in
      if !state.isClosed { state.peers.append(peer) }
      return !state.isClosed
    }
  }

  /// The peer of this identity that came last: a client that connects anew may be faster than the end of its old connection.
  func peer(named identity: [UInt8]) -> ZMTPPeer? { peers.last { $0.identity == identity } }

  /// Accepts nobody any more, and ends all connections when what waits is written, or at the deadline.
  func close(by deadline: DispatchTime) {
    listener.shutDown()
    let peers = state.withLock { state in
      state.isClosed = true
      return state.peers
    }
    for peer in peers { peer.close(by: deadline) }
  }
}

/// A channel's port could not be had.
package struct EndpointError: Error, CustomStringConvertible {
  let channel: ConnectionFile.Channel
  let ip: String
  let port: UInt16
  let reason: any Error

  package var description: String {
    "cannot listen on \(ip):\(port) for the channel \(channel): \(reason); another kernel may have the same connection file"
  }
}
