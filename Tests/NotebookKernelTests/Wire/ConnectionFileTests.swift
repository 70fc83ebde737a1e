import Foundation
import NotebookDisplay
import NotebookKernel
import Testing

@Suite("A connection file")
struct ConnectionFileTests {
  static let valid = """
    {"shell_port": 50001, "iopub_port": 50002, "stdin_port": 50003, "control_port": 50004, "hb_port": 50005,
     "ip": "127.0.0.1", "key": "a-b", "transport": "tcp", "signature_scheme": "hmac-sha256", "kernel_name": "swift"}
    """

  @Test("names the ports, the address and the key")
  func valid() throws {
    let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).json")
    try Data(Self.valid.utf8).write(to: file)
    defer { try? FileManager.default.removeItem(at: file) }
    let connection = try ConnectionFile(path: file.path)
    #expect(connection.ip == "127.0.0.1")
    #expect(connection.key == Array("a-b".utf8))
    #expect(ConnectionFile.Channel.allCases.map { connection.port(of: $0) } == [50001, 50004, 50002, 50003, 50005])
  }

  @Test(
    "is refused with its name, the key, what was expected and what was found",
    arguments: [
      (#""127.0.0.1""#, #""192.168.0.1""#, #"key "ip": expected a loopback address such as "127.0.0.1", "#),
      (#""127.0.0.1""#, #""0.0.0.0""#, #"found "0.0.0.0""#),
      (#""127.0.0.1""#, #""127.0.0.1.evil.org""#, #"key "ip""#),
      (#""127.0.0.1""#, "null", "found null"),
      ("50001", "0", #"key "shell_port": expected a port from 1 to 65535, found 0"#),
      ("50002", "65536", #"key "iopub_port": expected a port from 1 to 65535, found 65536"#),
      ("50003", "-1", #"key "stdin_port""#),
      ("50004", #""50004""#, #"key "control_port": expected a port from 1 to 65535, found "50004""#),
      (#""hb_port": 50005,"#, "", #"key "hb_port": expected a port from 1 to 65535, found nothing"#),
      (#""tcp""#, #""ipc""#, #"key "transport": expected "tcp", found "ipc""#),
      ("hmac-sha256", "hmac-md5", #"key "signature_scheme": expected "hmac-sha256", found "hmac-md5""#),
      (#""a-b""#, "1", #"key "key": expected a string, empty for no signatures, found 1"#),
      ("{", "[", "expected a JSON object"),
    ])
  func refused(_ part: String, _ replacement: String, _ message: String) throws {
    let json = Self.valid.replacingOccurrences(of: part, with: replacement)
    let error = #expect(throws: ConnectionFileError.self) {
      try ConnectionFile(json: Array(json.utf8), path: "kernel-1.json")
    }
    let text = try #require(error).description
    #expect(text.hasPrefix("connection file kernel-1.json") && text.contains(message), "\(text)")
  }

  @Test("that does not exist is refused by its path")
  func absent() {
    let error = #expect(throws: ConnectionFileError.self) { try ConnectionFile(path: "/nowhere/kernel.json") }
    #expect(error?.description == "connection file /nowhere/kernel.json: expected a file that can be read, found none")
  }
}
