import DataPipelines
import Foundation
import Testing

@Suite("A download that was interrupted")
struct DownloadResumptionTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("goes on where it ended, and asks for the rest alone")
  func cutConnection() async throws {
    let server = try LoopbackServer { request, connection in
      connection.serve(sample, for: request, limit: request.rangeStart == nil ? 150_000 : .max)
    }
    let file = sampleFile(server.address())
    let error = await failure { () throws(DownloadError) in try await Downloader().fetch(file, into: folder.url) }
    guard case .interrupted(150_000, sample.count, _)? = error?.reasons.first else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
    #expect(folder.names == ["file.partial"])
    #expect(folder.read("file.partial") == Array(sample[..<150_000]))

    try await Downloader().fetch(file, into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(folder.names == ["file"])
    #expect(server.requests.map(\.rangeStart) == [nil, 150_000])
  }

  @Test("goes on from the next mirror at once")
  func cutThenNextMirror() async throws {
    let server = try LoopbackServer { request, connection in
      connection.serve(sample, for: request, limit: request.path == "/cut" ? 1 : .max)
    }
    try await Downloader().fetch(sampleFile(server.address("/cut"), server.address("/good")), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.rangeStart) == [nil, 1])
  }

  @Test("starts again when the server gives whole files only")
  func rangeIgnored() async throws {
    let server = try LoopbackServer { _, connection in
      connection.head("200 OK", ["Content-Length": "\(sample.count)"])
      connection.send(sample)
    }
    try folder.write(Array(sample[..<150_000]), "file.partial")
    try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.rangeStart) == [150_000])
  }

  @Test(
    "asks for the whole file when the rest is refused or another part comes",
    arguments: [
      ("416 Range Not Satisfiable", "bytes */300000"), ("206 Partial Content", "bytes 0-299999/300000"),
      ("206 Partial Content", "bytes 100001-299999/300000"), ("206 Partial Content", "pages 1-2/3"),
    ])
  func rangeRefused(status: String, range: String) async throws {
    let server = try LoopbackServer { request, connection in
      if request.rangeStart == nil { return connection.serve(sample, for: request) }
      connection.answer(status, ["Content-Range": range])
    }
    try folder.write(Array(sample[..<100_000]), "file.partial")
    try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.rangeStart) == [100_000, nil])
  }

  @Test("starts again when what was there does not fit the rest")
  func wrongBeginning() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    try folder.write([UInt8](repeating: 7, count: 1000), "file.partial")
    try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.rangeStart) == [1000, nil])
  }

  @Test("needs no server when everything had arrived")
  func allThere() async throws {
    try folder.write(sample, "file.partial")
    try await Downloader().fetch(sampleFile("http://127.0.0.1:1/file"), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(folder.names == ["file"])
  }

  @Test("starts again when as much or more was there, but wrong", arguments: [300_000, 300_001, 900_000])
  func tooMuchThere(count: Int) async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    try folder.write([UInt8](repeating: 7, count: count), "file.partial")
    try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.rangeStart) == [nil])
  }

  @Test("keeps what had arrived when it was cancelled, at once")
  func cancelled() async throws {
    let server = try LoopbackServer { request, connection in
      if request.rangeStart != nil { return connection.serve(sample, for: request) }
      connection.serve(sample, for: request, limit: 120_000)
      sleep(600)
    }
    let file = sampleFile(server.address())
    let (arrivals, arrived) = AsyncStream.makeStream(of: Int.self)
    let start = ContinuousClock.now
    let task = Task { [folder] in
      await failure { () throws(DownloadError) in
        try await Downloader().fetch(file, into: folder.url) { arrived.yield($0.received) }
      }
    }
    for await received in arrivals where received == 120_000 { break }
    task.cancel()
    guard case .cancelled? = await task.value else { return #expect(Bool(false)) }
    #expect(ContinuousClock.now - start < .seconds(300))
    #expect(folder.read("file.partial") == Array(sample[..<120_000]))

    try await Downloader().fetch(file, into: folder.url)
    #expect(server.requests.map(\.rangeStart) == [nil, 120_000])
    #expect(folder.read("file") == sample)
  }

  @Test("never asks when it was cancelled before it began")
  func cancelledBefore() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let file = sampleFile(server.address())
    let task = Task { [folder] in
      while !Task.isCancelled { await Task.yield() }
      return await failure { () throws(DownloadError) in try await Downloader().fetch(file, into: folder.url) }
    }
    task.cancel()
    guard case .cancelled? = await task.value else { return #expect(Bool(false)) }
    #expect(server.requests.isEmpty)
    #expect(folder.names.isEmpty)
  }
}
