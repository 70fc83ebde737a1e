import DataPipelines
import Foundation
import Testing

@Suite("A download that fails")
struct DownloadFailureTests {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// The error of downloading the sample from these addresses.
  func fetch(_ mirrors: String..., idleSeconds: Int = 10) async -> DownloadError? {
    let file = RemoteFile(name: "file", mirrors: mirrors, published: fingerprint(sample))
    return await failure { () throws(DownloadError) in
      try await Downloader(idleSeconds: idleSeconds).fetch(file, into: folder.url)
    }
  }

  @Test("names every mirror with its reason")
  func everyMirror() async throws {
    let server = try LoopbackServer { request, connection in
      connection.answer(request.path == "/1" ? "404 Not Found" : "500 Internal Server Error")
    }
    let error = try #require(await fetch(server.address("/1"), server.address("/2"), "file:///etc/passwd", "::"))
    #expect(error.reasons == [.status(404), .status(500), .badAddress, .badAddress])
    for part in [server.address("/1"), "404", server.address("/2"), "500", "file:///etc/passwd"] {
      #expect(error.description.contains(part))
    }
    #expect(!error.description.contains("network?"))
    #expect(folder.names.isEmpty)
  }

  @Test("says, off line, where to put the file and how to know it")
  func offline() async throws {
    // Nothing has listened on port 1 for decades, and no name ends in .invalid (RFC 6761, 2013).
    let error = try #require(await fetch("http://127.0.0.1:1/a", "http://name.invalid/b"))
    for reason in error.reasons {
      guard case .unreachable = reason else { return #expect(Bool(false), "\(reason)") }
    }
    #expect(error.reasons.count == 2)
    #expect(error.description.contains("is there a network?"))
    #expect(error.description.contains(folder.path("file") + "\n"))
    #expect(error.description.contains(fingerprint(sample).sha256))
    #expect(folder.names.isEmpty)
  }

  @Test("keeps no bytes with the wrong hash")
  func wrongHash() async throws {
    var other = sample
    other[299_999] ^= 1
    let server = try LoopbackServer { [other] request, connection in connection.serve(other, for: request) }
    let error = await fetch(server.address())
    #expect(error?.reasons == [.wrongHash(expected: fingerprint(sample).sha256, found: fingerprint(other).sha256)])
    #expect(folder.names.isEmpty)
    #expect(server.requests.count == 1)
  }

  @Test("refuses a file of another size before it is sent")
  func wrongLength() async throws {
    let server = try LoopbackServer { _, connection in
      connection.head("200 OK", ["Content-Length": "12"])
      connection.send("<html>Hello".utf8)
    }
    #expect(await fetch(server.address())?.reasons == [.wrongLength(expected: 300_000, found: 12)])
    #expect(folder.names.isEmpty)
  }

  @Test("keeps nothing of a complete body that is too short, or of one that is too long")
  func wrongLengthUnannounced() async throws {
    let server = try LoopbackServer { request, connection in
      connection.head("200 OK")
      connection.send(sample.prefix(request.path == "/short" ? 200_000 : .max))
      if request.path == "/long" { connection.send(sample) }
    }
    let error = await fetch(server.address("/short"), server.address("/long"))
    #expect(
      error?.reasons == [
        .wrongLength(expected: 300_000, found: 200_000), .wrongLength(expected: 300_000, found: nil),
      ])
    #expect(folder.names.isEmpty)
  }

  @Test("refuses a body that was compressed on its way")
  func encoded() async throws {
    let server = try LoopbackServer { _, connection in
      let body = gzip(sample)
      connection.head("200 OK", ["Content-Length": "\(body.count)", "Content-Encoding": "gzip"])
      connection.send(body)
    }
    #expect(await fetch(server.address())?.reasons == [.encoded("gzip")])
  }

  @Test("gives up on a server that is silent, before its answer or in the middle", arguments: [nil, 100_000])
  func silence(after count: Int?) async throws {
    let server = try LoopbackServer { request, connection in
      if let count { connection.serve(sample, for: request, limit: count) }
      sleep(600)
    }
    let start = ContinuousClock.now
    #expect(await fetch(server.address(), idleSeconds: 1)?.reasons == [.timedOut(seconds: 1)])
    #expect(ContinuousClock.now - start < .seconds(300))
    #expect(folder.read("file.partial")?.count == count)
  }

  @Test("has patience with a server that is slow but not silent")
  func slow() async throws {
    let server = try LoopbackServer { request, connection in
      connection.serve(sample, for: request, limit: 10)
      for start in stride(from: 10, to: 100, by: 10) {
        usleep(300_000)
        connection.send(sample[start..<start + 10])
      }
      connection.send(sample[100...])
    }
    #expect(await fetch(server.address(), idleSeconds: 2) == nil)
    #expect(folder.read("file") == sample)
  }

  @Test("follows no redirect to another protocol, and none without end")
  func redirects() async throws {
    let server = try LoopbackServer { request, connection in
      let target = request.path == "/loop" ? "/loop" : "ftp://127.0.0.1/file"
      connection.answer("302 Found", ["Location": target])
    }
    let error = await fetch(server.address("/ftp"), server.address("/loop"))
    #expect(error?.reasons.first == .unsafeRedirect("ftp://127.0.0.1/file"))
    #expect(error?.reasons.count == 2)
    #expect(server.requests.count < 40)
  }

  @Test(
    "survives answers that are no HTTP",
    arguments: [
      "", "\r\n\r\n", "HTTP/1.1 200\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "SSH-2.0-OpenSSH_9.2\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Length: 3\r\nContent-Length: 300000\r\n\r\nabc", "HTTP/1.1 206 OK\r\n\r\nabc",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n", "HTTP/1.1 304 Not Modified\r\n\r\n", "HTTP/1.1 100 Continue\r\n\r\n",
      "HTTP/1.1 103 Early Hints\r\nLink: <a>\r\n\r\nHTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 407 Proxy\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
    ])
  func notHTTP(answer: String) async throws {
    let server = try LoopbackServer { _, connection in connection.send(answer.utf8) }
    let error = await fetch(server.address(), idleSeconds: 2)
    #expect(error?.reasons.count == 1, "\(String(describing: error))")
    #expect(folder.read("file") == nil)
  }

  @Test(
    "survives redirects to nowhere",
    arguments: [
      "", "http://", "http:", "http:///", "//", "///", "?", "#", "?q=%zz", "http://[::1", "mailto:a@b", "a b\u{1}",
      "http://127.0.0.1:99999/", "HTTP://127.0.0.1:1/", "data:,x", "file:///etc/passwd", "http://a@127.0.0.1:1/",
    ])
  func redirectToNowhere(target: String) async throws {
    let server = try LoopbackServer { request, connection in
      if request.path == "/start" { return connection.answer("302 Found", ["Location": target]) }
      connection.answer("404 Not Found")
    }
    let error = await fetch(server.address("/start"), idleSeconds: 2)
    #expect(error?.reasons.count == 1, "\(String(describing: error))")
    #expect(folder.names.isEmpty)
  }

  @Test("says that the disk is full, asks no further mirror, and leaves other files whole")
  func noSpace() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    try folder.write(sample, "other")
    // Every write to this device fails as on a full disk.
    try FileManager.default.createSymbolicLink(atPath: folder.path("file.partial"), withDestinationPath: "/dev/full")
    let error = await fetch(server.address(), server.address())
    guard case .noSpace(let path, _)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(path == folder.path("file.partial"))
    #expect(folder.read("other") == sample)
    #expect(folder.read("file") == nil)
    #expect(server.requests.count == 1)
  }

  @Test("says so before it begins when the disk has too little room")
  func tooLittleRoom() async throws {
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let huge = RemoteFile(
      name: "file", mirrors: [server.address()],
      published: Fingerprint(byteCount: 1 << 60, sha256: fingerprint(sample).sha256))
    let error = await failure { () throws(DownloadError) in try await Downloader().fetch(huge, into: folder.url) }
    guard case .noSpace(_, 1 << 60)? = error else { return #expect(Bool(false), "\(String(describing: error))") }
    #expect(server.requests.isEmpty)
    #expect(folder.names.isEmpty)
  }

  @Test("names a folder that cannot be made, and a file that is none")
  func fileSystem() async throws {
    try folder.write([], "plain")
    let file = sampleFile("http://127.0.0.1:1/")
    let inside = await failure { () throws(DownloadError) in
      try await Downloader().fetch(file, into: folder.url.appending(path: "plain/deeper"))
    }
    guard case .fileSystem(let path, _, _)? = inside else {
      return #expect(Bool(false), "\(String(describing: inside))")
    }
    #expect(path.contains("plain/deeper"))

    try FileManager.default.createDirectory(at: folder.url.appending(path: "file"), withIntermediateDirectories: true)
    guard case .fileSystem(folder.path("file"), _, _)? = await fetch("http://127.0.0.1:1/") else {
      return #expect(Bool(false))
    }
  }
}
