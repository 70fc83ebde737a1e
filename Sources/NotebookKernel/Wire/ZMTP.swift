/// ZeroMQ's message transport protocol 3.0 (rfc.zeromq.org/spec/23) with the NULL mechanism: what goes over the line.
enum ZMTP {
  /// What one of our sockets is, and what it may be connected to.
  enum SocketType: String {
    case router = "ROUTER"
    case reply = "REP"
    case publisher = "XPUB"

    var peers: Set<String> {
      switch self {
      case .router: ["DEALER", "REQ", "ROUTER"]
      case .reply: ["REQ", "DEALER"]
      case .publisher: ["SUB", "XSUB"]
      }
    }
  }

  enum Traffic {
    case message([[UInt8]])
    case command(name: String, body: [UInt8])
  }

  private enum Flag {
    static let more: UInt8 = 1
    static let long: UInt8 = 2
    static let command: UInt8 = 4
  }

  static let maximumParts = 1024
  private static let maximumCommand = 65_536
  private static let mechanism = Array("NULL".utf8) + [UInt8](repeating: 0, count: 16)

  /// Signature, version 3.0, mechanism, not a server, and filler: 64 bytes.
  static let greeting =
    [0xff] + [UInt8](repeating: 0, count: 8) + [0x7f, 3, 0] + mechanism + [UInt8](repeating: 0, count: 32)

  /// Greets the peer and tells it our type; returns its identity, which is empty if it has none.
  static func shakeHands(on socket: LoopbackSocket, as type: SocketType) throws -> [UInt8] {
    try socket.write(greeting)
    let signature = try socket.read(10, idling: false)
    guard signature[0] == 0xff, signature[9] & 1 == 1 else { throw ZMTPError.notZMTP }
    let rest = try socket.read(54, idling: false)
    guard rest[0] >= 3 else { throw ZMTPError.version(rest[0]) }
    guard rest[2..<22].elementsEqual(mechanism) else { throw ZMTPError.mechanism }

    try socket.write(command("READY", property("Socket-Type", Array(type.rawValue.utf8)) + property("Identity", [])))
    guard case .command("READY", let metadata) = try next(on: socket, limit: maximumCommand, idling: false) else {
      throw ZMTPError.notReady
    }
    let properties = try parse(metadata)
    let peer = properties["socket-type"].map { String(decoding: $0, as: UTF8.self) } ?? ""
    guard type.peers.contains(peer) else {
      let reason = Array("Invalid socket type".utf8)
      try socket.write(command("ERROR", [UInt8(reason.count)] + reason))
      throw ZMTPError.socketType(peer, type)
    }
    return properties["identity"] ?? []
  }

  /// The next message or command. `limit` bounds a message's bytes; `idling` says that there need not be one soon.
  static func next(on socket: LoopbackSocket, limit: Int, idling: Bool) throws -> Traffic {
    var parts: [[UInt8]] = []
    var room = limit
    while true {
      let flags = try socket.read(1, idling: idling && parts.isEmpty)[0]
      guard flags & ~(Flag.more | Flag.long | Flag.command) == 0 else { throw ZMTPError.flags(flags) }
      let isCommand = flags & Flag.command != 0
      let isLong = flags & Flag.long != 0
      let size = try socket.read(isLong ? 8 : 1, idling: false).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard size <= UInt64(isCommand ? min(room, maximumCommand) : room) else { throw ZMTPError.size(size) }
      let body = try socket.read(Int(size), idling: false)
      if isCommand {
        guard flags & Flag.more == 0, parts.isEmpty, let length = body.first.map(Int.init), body.count > length else {
          throw ZMTPError.flags(flags)
        }
        return .command(name: String(decoding: body[1...length], as: UTF8.self), body: Array(body[(length + 1)...]))
      }
      parts.append(body)
      room -= body.count
      if flags & Flag.more == 0 { return .message(parts) }
      guard parts.count < maximumParts else { throw ZMTPError.parts }
    }
  }

  static func encode(_ parts: [[UInt8]]) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(parts.reduce(0) { $0 + $1.count + 9 })
    for (index, part) in parts.enumerated() {
      append(part, flags: index + 1 < parts.count ? Flag.more : 0, to: &bytes)
    }
    return bytes
  }

  static func command(_ name: String, _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    append([UInt8(name.utf8.count)] + Array(name.utf8) + body, flags: Flag.command, to: &bytes)
    return bytes
  }

  private static func append(_ body: [UInt8], flags: UInt8, to bytes: inout [UInt8]) {
    if let size = UInt8(exactly: body.count) {
      bytes += [flags, size]
    } else {
      bytes.append(flags | Flag.long)
      bytes += bigEndian(UInt64(body.count))
    }
    bytes += body
  }

  private static func bigEndian<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
    withUnsafeBytes(of: number.bigEndian) { Array($0) }
  }

  private static func property(_ name: String, _ value: [UInt8]) -> [UInt8] {
    [UInt8(name.utf8.count)] + Array(name.utf8) + bigEndian(UInt32(value.count)) + value
  }

  /// The properties by name, in lower case: names do not depend on it.
  private static func parse(_ metadata: [UInt8]) throws -> [String: [UInt8]] {
    var properties: [String: [UInt8]] = [:]
    var rest = metadata[...]
    func take(_ count: Int) throws -> ArraySlice<UInt8> {
      guard count <= rest.count else { throw ZMTPError.metadata }
      defer { rest = rest.dropFirst(count) }
      return rest.prefix(count)
    }
    while let length = rest.popFirst() {
      let name = String(decoding: try take(Int(length)), as: UTF8.self).lowercased()
      let size = try take(4).reduce(0) { $0 << 8 | Int($1) }
      properties[name] = Array(try take(size))
    }
    return properties
  }
}

/// Why a peer was cut off.
enum ZMTPError: Error, CustomStringConvertible {
  case notZMTP, mechanism, notReady, metadata, parts
  case version(UInt8)
  case socketType(String, ZMTP.SocketType)
  case flags(UInt8)
  case size(UInt64)

  var description: String {
    switch self {
    case .notZMTP: "expected the signature of ZMTP, found other bytes"
    case .mechanism: "expected the mechanism NULL, found another"
    case .notReady: "expected the command READY, found something else"
    case .metadata: "the properties in READY end before their lengths say"
    case .parts: "a message of more than \(ZMTP.maximumParts) parts"
    case .version(let found): "expected ZMTP 3, found version \(found)"
    case .socketType(let found, let type): "a socket of type \"\(found)\" cannot talk to a \(type.rawValue)"
    case .flags(let flags): "a frame with the flags 0x\(String(flags, radix: 16)), which mean nothing here"
    case .size(let size): "a frame of \(size) bytes, more than a message may have here"
    }
  }
}
