import Foundation
import NotebookDisplay

/// The file by which Jupyter tells a kernel where to listen and with what key to sign.
package struct ConnectionFile: Sendable, Hashable {
  package enum Channel: String, Sendable, CaseIterable {
    case shell, control, iopub, stdin
    case heartbeat = "hb"
    var key: String { "\(rawValue)_port" }
  }

  /// An address of 127.0.0.0/8.
  package let ip: String
  private let ports: [Channel: UInt16]
  /// The key of HMAC-SHA256; messages are unsigned if it is empty.
  package let key: [UInt8]

  package func port(of channel: Channel) -> UInt16 { ports[channel, default: 0] }

  package init(path: String) throws(ConnectionFileError) {
    guard let bytes = FileManager.default.contents(atPath: path) else {
      throw ConnectionFileError(path: path, expected: "a file that can be read", found: "none")
    }
    try self.init(json: Array(bytes), path: path)
  }

  /// `path` is what errors call the file.
  package init(json: [UInt8], path: String) throws(ConnectionFileError) {
    guard let members = (try? JSON(parsing: json))?.object else {
      throw ConnectionFileError(path: path, expected: "a JSON object", found: "\(json.count) bytes of something else")
    }
    func failure(_ key: String, expected: String) -> ConnectionFileError {
      let found = members[key].map { String(decoding: $0.encoded, as: UTF8.self) } ?? "nothing"
      return ConnectionFileError(path: path, key: key, expected: expected, found: found)
    }
    guard members["transport"] == "tcp" else { throw failure("transport", expected: "\"tcp\"") }
    guard let host = members["ip"]?.string, let ip = Self.loopback(host) else {
      throw failure("ip", expected: "a loopback address such as \"127.0.0.1\", because the channels are not encrypted")
    }
    guard members["signature_scheme", default: "hmac-sha256"] == "hmac-sha256" else {
      throw failure("signature_scheme", expected: "\"hmac-sha256\"")
    }
    guard let key = members["key"]?.string else { throw failure("key", expected: "a string, empty for no signatures") }
    var ports: [Channel: UInt16] = [:]
    for channel in Channel.allCases {
      guard let port = members[channel.key]?.integer.flatMap(UInt16.init(exactly:)), port > 0 else {
        throw failure(channel.key, expected: "a port from 1 to 65535")
      }
      ports[channel] = port
    }
    self.ip = ip
    self.ports = ports
    self.key = Array(key.utf8)
  }

  private static func loopback(_ host: String) -> String? {
    if host == "localhost" { return "127.0.0.1" }
    let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil) ? host : nil
  }
}

/// What is wrong with a connection file.
package struct ConnectionFileError: Error, Hashable, CustomStringConvertible {
  package let path: String
  package var key: String?
  package let expected: String
  package let found: String

  package var description: String {
    "connection file \(path)\(key.map { ", key \"\($0)\"" } ?? ""): expected \(expected), found \(found)"
  }
}
