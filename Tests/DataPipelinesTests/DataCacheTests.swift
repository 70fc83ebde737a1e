import DataPipelines
import Foundation
import Testing

@Suite("The data cache")
struct DataCacheTests {
  @Test("is where the environment says")
  func root() {
    func root(_ environment: [String: String]) -> String {
      DataCache(environment: environment).root.path(percentEncoded: false)
    }
    let home = ["HOME": "/home/ada"]
    #expect(root(home) == "/home/ada/.cache/glassbox/")
    #expect(root(["XDG_CACHE_HOME": "/var/c"].merging(home) { $1 }) == "/var/c/glassbox/")
    #expect(root(["XDG_CACHE_HOME": "relative"].merging(home) { $1 }) == "/home/ada/.cache/glassbox/")
    #expect(root(["XDG_CACHE_HOME": "", "GLASSBOX_DATA": ""].merging(home) { $1 }) == "/home/ada/.cache/glassbox/")
    #expect(root(["GLASSBOX_DATA": "/data", "XDG_CACHE_HOME": "/var/c"]) == "/data/")
    #expect(root(["GLASSBOX_DATA": "../d"]).hasSuffix("d/"))
    #expect(root(["HOME": ""]).hasSuffix("/.cache/glassbox/"))
  }

  @Test("gives each data set its folder, and downloads what is absent")
  func fetch() async throws {
    let folder = try TemporaryFolder()
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let files = ["a", "b"].map {
      RemoteFile(name: $0, mirrors: [server.address("/\($0)")], published: fingerprint(sample))
    }
    let cache = DataCache(root: folder.url)
    let places = try await cache.fetch(files, for: "set")
    #expect(places.map { $0.path() } == [folder.path("set/a"), folder.path("set/b")])
    _ = try await cache.fetch(files, for: "set")
    #expect(server.requests.map(\.path) == ["/a", "/b"])
  }

  @Test("names all files that are absent when one cannot be had")
  func absent() async throws {
    let folder = try TemporaryFolder()
    let files = ["a", "b", "c", "d"].map { RemoteFile(name: $0, mirrors: [], published: fingerprint(sample)) }
    for name in ["a", "c"] { try folder.write(sample, name) }
    let error = await failure { () throws(DownloadError) in
      _ = try await DataCache(root: folder.url.deletingLastPathComponent())
        .fetch(files, for: folder.url.lastPathComponent)
    }
    guard case .unavailable(let file, folder.path("b"), [], ["d"])? = error, file.name == "b" else {
      return #expect(Bool(false), "\(String(describing: error))")
    }
  }
}
