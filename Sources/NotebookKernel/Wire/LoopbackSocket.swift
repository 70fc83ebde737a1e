import Glibc

/// A TCP socket on the loopback interface, blocking, closed when nobody holds it any more. Child processes do not inherit it.
final class LoopbackSocket: Sendable {
  private let descriptor: Int32

  private init(owning descriptor: Int32) { self.descriptor = descriptor }
  deinit { close(descriptor) }

  /// Listens on an address of 127.0.0.0/8. The port may have been another kernel's just before: a restart keeps the connection file.
  static func listening(on ip: String, port: UInt16) throws(SocketError) -> LoopbackSocket {
    let descriptor = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw .failed("socket", errno) }
    let socket = LoopbackSocket(owning: descriptor)
    socket.set(SO_REUSEADDR, at: SOL_SOCKET, to: Int32(1))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = inet_addr(ip)
    let size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let bound = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard bound == 0 else { throw .failed("bind", errno) }
    guard listen(descriptor, 64) == 0 else { throw .failed("listen", errno) }
    return socket
  }

  /// Waits for the next connection; nil after `shutDown`.
  func accept() -> LoopbackSocket? {
    while true {
      let peer = Glibc.accept(descriptor, nil, nil)
      if peer >= 0 {
        _ = fcntl(peer, F_SETFD, FD_CLOEXEC)
        let socket = LoopbackSocket(owning: peer)
        socket.set(Int32(TCP_NODELAY), at: Int32(IPPROTO_TCP), to: Int32(1))
        return socket
      }
      switch errno {
      case EINTR, ECONNABORTED: continue
      // No descriptors or memory left: others may give some back.
      case EMFILE, ENFILE, ENOBUFS, ENOMEM: usleep(100_000)
      default: return nil
      }
    }
  }

  /// How long a read waits for a byte before it asks itself whether it may.
  func setPatience(seconds: Double) {
    let whole = seconds.rounded(.down)
    set(SO_RCVTIMEO, at: SOL_SOCKET, to: timeval(tv_sec: Int(whole), tv_usec: Int((seconds - whole) * 1e6)))
  }

  /// The next `count` bytes. Only the first may take longer than the patience, and only if `idling`. Memory grows with the bytes that
  /// come, not with `count`, which is the peer's word.
  func read(_ count: Int, idling: Bool) throws(SocketError) -> [UInt8] {
    var bytes: [UInt8] = []
    while bytes.count < count {
      let step = min(count - bytes.count, 65_536)
      let result = withUnsafeTemporaryAllocation(byteCount: step, alignment: 1) { buffer in
        let received = recv(descriptor, buffer.baseAddress, step, 0)
        if received > 0 { bytes += buffer[..<received] }
        return (received, errno)
      }
      switch result {
      case (1..., _), (..<0, EINTR): continue
      case (0, _): throw .closed
      case (_, EAGAIN):
        if !(idling && bytes.isEmpty) { throw .stalled }
      default: throw .closed
      }
    }
    return bytes
  }

  /// Waits until all is written, or throws if the peer is gone.
  func write(_ bytes: [UInt8]) throws(SocketError) {
    var offset = 0
    while offset < bytes.count {
      let (sent, code) = bytes.withUnsafeBytes { buffer in
        let rest = UnsafeRawBufferPointer(rebasing: buffer[offset...])
        return (send(descriptor, rest.baseAddress, rest.count, Int32(MSG_NOSIGNAL)), errno)
      }
      if sent > 0 {
        offset += sent
      } else if code != EINTR {
        throw .closed
      }
    }
  }

  /// Wakes everyone who waits in `accept`, `read` or `write`.
  func shutDown() {
    _ = shutdown(descriptor, Int32(SHUT_RDWR))
  }

  private func set<Value>(_ option: Int32, at level: Int32, to value: Value) {
    _ = withUnsafeBytes(of: value) {
      setsockopt(descriptor, level, option, $0.baseAddress, socklen_t($0.count))
    }
  }
}

enum SocketError: Error, CustomStringConvertible {
  case failed(String, Int32)
  case closed
  case stalled

  var description: String {
    switch self {
    case .failed(let call, let code): "\(call) failed: \(String(cString: strerror(code)))"
    case .closed: "the peer closed the connection"
    case .stalled: "the peer stopped in the middle of a message"
    }
  }
}
