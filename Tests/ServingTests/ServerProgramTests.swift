import Foundation
import Testing

/// The built program, `glassbox-server`, run as `glassbox serve` becomes it.
@Suite("glassbox-server")
struct ServerProgramTests {
  private static let path: String = {
    let arguments = CommandLine.arguments + [Bundle.main.bundlePath, Bundle.main.executablePath ?? ""]
    let folders = arguments.filter { $0.contains(".xctest") || $0.hasPrefix("/") }.flatMap { path -> [URL] in
      let url = URL(filePath: path)
      return [url.deletingLastPathComponent(), url.deletingLastPathComponent().deletingLastPathComponent()]
    }
    let programs = folders.map { $0.appending(path: "glassbox-server").path(percentEncoded: false) }
    return programs.first { FileManager.default.isExecutableFile(atPath: $0) } ?? "glassbox-server was not found"
  }()

  private let model: URL

  init() throws {
    model = FileManager.default.temporaryDirectory.appending(path: "glassbox-serving-\(UUID().uuidString).safetensors")
    try Sample.pictures().save(to: model)
  }

  private func start(_ arguments: [String]) throws -> (process: Process, output: FileHandle, errors: FileHandle) {
    let process = Process()
    let (output, errors) = (Pipe(), Pipe())
    process.executableURL = URL(filePath: Self.path)
    process.arguments = arguments
    (process.standardOutput, process.standardError) = (output, errors)
    try process.run()
    return (process, output.fileHandleForReading, errors.fileHandleForReading)
  }

  @Test(
    "finishes what is under way on SIGTERM and Ctrl-C, takes nothing new, and ends well", arguments: [SIGTERM, SIGINT])
  func stop(signal: Int32) async throws {
    defer { try? FileManager.default.removeItem(at: model) }
    let (process, output, _) = try start([model.path(percentEncoded: false), "--port", "0"])
    defer { process.terminate() }
    var said = ""
    while !said.contains("Ctrl-C ends it.\n"), case let data = output.availableData, !data.isEmpty {
      said += String(decoding: data, as: UTF8.self)
    }
    let address = try #require(said.firstMatch(of: /address  http:\/\/127\.0\.0\.1:(\d+)\//))
    let port = try #require(Int(address.output.1))

    let idle = try Client(port)
    #expect(try await idle.get("/health").status == 200)
    let client = try Client(port)
    let request = Client.post("/predict", Array(Sample.picture(1).json.utf8))
    client.send(request.prefix(200))
    // The server has the head when it has answered what came after it.
    #expect(try await Client(port).get("/health").status == 200)
    kill(process.processIdentifier, signal)
    #expect(try await idle.isEnded())
    while (try? Client(port)) != nil { try await Task.sleep(for: .milliseconds(5)) }
    client.send(request.dropFirst(200))
    let response = try await client.response()
    #expect(response.status == 200)
    #expect(try response.json["candidates"]?.array?.count == 10)
    #expect(try await client.isEnded())
    process.waitUntilExit()
    #expect(process.terminationReason == .exit && process.terminationStatus == 0)
  }

  @Test("says in a line what can't be")
  func failures() throws {
    defer { try? FileManager.default.removeItem(at: model) }
    func outcome(_ arguments: [String]) throws -> (status: Int32, errors: String) {
      let (process, _, errors) = try start(arguments)
      let text = String(decoding: errors.readDataToEndOfFile(), as: UTF8.self)
      process.waitUntilExit()
      return (process.terminationStatus, text)
    }
    let absent = try outcome(["/nowhere/model.safetensors"])
    #expect(
      absent.status == 1 && absent.errors.hasPrefix("glassbox: ")
        && absent.errors.contains("/nowhere/model.safetensors"))
    let port = try outcome([model.path(percentEncoded: false), "--port", "70000"])
    #expect(port == (64, "glassbox: --port must be in 0...65535. See 'glassbox serve --help'.\n"))
    let size = try outcome([model.path(percentEncoded: false), "--max-body", "0"])
    #expect(size == (64, "glassbox: --max-body must be 1 or more. See 'glassbox serve --help'.\n"))
    #expect(try outcome([]).status == 64)
    let host = try outcome([model.path(percentEncoded: false), "--port", "0", "--host", "192.0.2.1"])
    #expect(host.status == 1 && host.errors.contains("192.0.2.1"), "\(host)")
  }
}
