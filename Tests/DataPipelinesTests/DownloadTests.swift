import DataPipelines
import Foundation
import Synchronization
import Testing

@Suite("A download")
struct DownloadTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test("gives the file its name when it is whole, and leaves nothing else behind")
  func whole() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let seen = Mutex<[DownloadProgress]>([])
    let place = try await Downloader().fetch(sampleFile(server.address()), into: folder.url) { progress in
      seen.withLock { $0.append(progress) }
    }
    #expect(place.path() == folder.path("file"))
    #expect(folder.read("file") == sample)
    #expect(folder.names == ["file"])
    let received = seen.withLock { $0.map(\.received) }
    #expect(received == received.sorted() && received.last == sample.count)
    #expect(seen.withLock { $0.allSatisfy { $0.total == sample.count && $0.file == "file" } })
    #expect(server.requests.count == 1)
    #expect(server.requests[0].headers["range"] == nil)
    #expect(server.requests[0].headers["accept-encoding"] == "identity")
  }

  @Test("makes the folders that are missing")
  func makesFolders() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let deep = folder.url.appending(path: "a b/ü")
    try await Downloader().fetch(sampleFile(server.address()), into: deep)
    #expect(folder.read("a b/ü/file") == sample)
  }

  @Test("takes a body without a length, in chunks")
  func chunked() async throws {
    let server = try LoopbackServer { _, connection in
      connection.head("200 OK", ["Transfer-Encoding": "chunked"])
      for start in stride(from: 0, to: sample.count, by: 70_000) {
        let chunk = sample[start..<min(start + 70_000, sample.count)]
        connection.send("\(String(chunk.count, radix: 16))\r\n".utf8)
        connection.send(chunk)
        connection.send("\r\n".utf8)
      }
      connection.send("0\r\n\r\n".utf8)
    }
    try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    #expect(folder.read("file") == sample)
  }

  @Test("goes to the next mirror after 404 and 500")
  func nextMirror() async throws {
    let server = try LoopbackServer { request, connection in
      switch request.path {
      case "/absent": connection.answer("404 Not Found")
      case "/broken": connection.answer("500 Internal Server Error")
      default: connection.serve(sample, for: request)
      }
    }
    let file = sampleFile(server.address("/absent"), server.address("/broken"), server.address("/good"))
    try await Downloader().fetch(file, into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.path) == ["/absent", "/broken", "/good"])
  }

  @Test("follows a redirect, for a part too")
  func redirect() async throws {
    let server = try LoopbackServer { request, connection in
      request.path == "/old"
        ? connection.answer("302 Found", ["Location": "/new"]) : connection.serve(sample, for: request)
    }
    try folder.write(Array(sample[..<100_000]), "file.partial")
    try await Downloader().fetch(sampleFile(server.address("/old")), into: folder.url)
    #expect(folder.read("file") == sample)
    #expect(server.requests.map(\.path) == ["/old", "/new"])
    #expect(server.requests.map(\.rangeStart) == [100_000, 100_000])
  }

  @Test("runs once when two ask for the same file at the same time")
  func twoAtOnce() async throws {
    let server = try LoopbackServer { request, connection in
      usleep(300_000)
      connection.serve(sample, for: request)
    }
    let file = sampleFile(server.address())
    async let first = Downloader().fetch(file, into: folder.url)
    async let second = Downloader().fetch(file, into: folder.url)
    #expect(try await first == second)
    #expect(folder.read("file") == sample)
    #expect(folder.names == ["file"])
    #expect(server.requests.count == 1)
  }

  @Test("waits for another process that holds the file, and tells how far that one is")
  func anotherProcess() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    try folder.write(Array(sample[..<1000]), "file.partial")
    let holder = open(folder.path("file.partial"), O_RDONLY)
    defer { close(holder) }
    try #require(flock(holder, LOCK_EX) == 0)
    let (sizes, seen) = AsyncStream.makeStream(of: Int.self)
    async let place = Downloader().fetch(sampleFile(server.address()), into: folder.url) { progress in
      seen.yield(progress.received)
    }
    var waits = 0
    for await size in sizes {
      #expect(size == 1000)
      waits += 1
      if waits == 3 { break }
    }
    #expect(server.requests.isEmpty)
    flock(holder, LOCK_UN)
    _ = try await place
    #expect(server.requests.map(\.rangeStart) == [1000])
    #expect(folder.read("file") == sample)
  }

  @Test("uses a file that is there, without asking a server")
  func present() async throws {
    try folder.write(sample, "file")
    try await Downloader().fetch(sampleFile("http://127.0.0.1:1/file"), into: folder.url)
    #expect(folder.names == ["file"])
  }

  @Test("uses an archive that was compressed in another way, if its contents are right")
  func presentRecompressed() async throws {
    let file = RemoteFile(
      name: "file.gz", mirrors: [], published: fingerprint([1, 2, 3]), contents: fingerprint(sample))
    try folder.write(gzip(sample, level: 1), "file.gz")
    try await Downloader().fetch(file, into: folder.url)

    var damaged = gzip(sample, level: 1)
    damaged[200_000] ^= 1
    try folder.write(damaged, "file.gz")
    let error = await failure { () throws(DownloadError) in try await Downloader().fetch(file, into: folder.url) }
    guard case .differs? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(folder.read("file.gz") == damaged)
  }

  @Test("leaves a file that differs as it is, and names file, expectation and finding")
  func presentDiffers() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let mine = Array(sample.reversed())
    try folder.write(mine, "file")
    let error = await failure { () throws(DownloadError) in
      try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    }
    let text = try #require(error).description
    #expect(text.contains(folder.path("file")))
    #expect(text.contains(fingerprint(sample).sha256))
    #expect(text.contains(fingerprint(mine).sha256))
    #expect(folder.read("file") == mine)
    #expect(folder.names == ["file"])
    #expect(server.requests.isEmpty)
  }

  @Test("does not overwrite a file that appears meanwhile")
  func appearsMeanwhile() async throws {
    let mine: [UInt8] = [1, 2, 3]
    let server = try LoopbackServer { [folder] request, connection in
      try? folder.write(mine, "file")
      connection.serve(sample, for: request)
    }
    let error = await failure { () throws(DownloadError) in
      try await Downloader().fetch(sampleFile(server.address()), into: folder.url)
    }
    guard case .differs? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(folder.read("file") == mine)
  }
}
