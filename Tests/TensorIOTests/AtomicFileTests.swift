import Foundation
import TensorCore
import TensorIO
import Testing

@Suite("Writing a file atomically")
struct AtomicFileTests {
  @Test("puts it there whole, over an old one too, and leaves nothing else")
  func success() throws {
    let folder = try Folder()
    for text in ["first", "", "third, é"] {
      try AtomicFile.write(to: folder["file"]) { file throws(FileError) in
        try file.write(text)
        try file.write([0x0a])
      }
      #expect(try String(contentsOf: folder["file"], encoding: .utf8) == text + "\n")
      #expect(folder.names == ["file"])
    }
    // A file that others could read before must not turn private.
    let attributes = try FileManager.default.attributesOfItem(atPath: folder["file"].path())
    let mask = umask(0)
    umask(mask)
    #expect(attributes[.posixPermissions] as? Int == Int(0o666 & ~mask))
  }

  @Test("leaves the old file, and nothing else, when it fails half-way")
  func failure() throws {
    let folder = try Folder()
    try AtomicFile.write(to: folder["file"]) { file throws(FileError) in try file.write("old") }
    let broken = FileError.system(operation: "write", path: "x", code: ENOSPC)
    #expect(throws: broken) {
      try AtomicFile.write(to: folder["file"]) { file throws(FileError) in
        try file.write("new")
        throw broken
      }
    }
    #expect(throws: broken) {
      try AtomicFile.write(to: folder["another"]) { _ throws(FileError) in throw broken }
    }
    #expect(try String(contentsOf: folder["file"], encoding: .utf8) == "old")
    #expect(folder.names == ["file"])
  }

  @Test("keeps the old file's bytes in place until the new one is complete")
  func meanwhile() throws {
    let folder = try Folder()
    try AtomicFile.write(to: folder["file"]) { file throws(FileError) in try file.write("old") }
    try AtomicFile.write(to: folder["file"]) { file throws(FileError) in
      try file.write("new")
      let seen = try? String(contentsOf: folder["file"], encoding: .utf8)
      #expect(seen == "old")
    }
    #expect(try String(contentsOf: folder["file"], encoding: .utf8) == "new")
  }

  @Test("follows a symbolic link, and refuses one that leads nowhere")
  func links() throws {
    let folder = try Folder()
    try AtomicFile.write(to: folder["file"]) { file throws(FileError) in try file.write("old") }
    for (link, target) in [("link", "file"), ("dangling", "nowhere")] {
      try FileManager.default.createSymbolicLink(atPath: folder[link].path(), withDestinationPath: target)
    }
    try AtomicFile.write(to: folder["link"]) { file throws(FileError) in try file.write("new") }
    #expect(try String(contentsOf: folder["file"], encoding: .utf8) == "new")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: folder["link"].path()) == "file")
    expectFailure("dangling") { () throws(FileError) in try AtomicFile.write(to: folder["dangling"]) { _ in } }
  }

  @Test("refuses folders, devices and absent folders")
  func refusals() throws {
    let folder = try Folder()
    for (url, words) in [
      (folder.url, "Is a directory"), (URL(filePath: "/dev/null"), "a device"), (folder["absent/file"], "No such file"),
      (folder["file/file"], "Not a directory"), (folder[String(repeating: "x", count: 256)], "File name too long"),
    ] {
      try Data().write(to: folder["file"])
      expectFailure(words) { () throws(FileError) in
        try AtomicFile.write(to: url) { file throws(FileError) in try file.write("x") }
      }
    }
    #expect(folder.names == ["file"])
    try AtomicFile.write(to: folder[String(repeating: "ä", count: 127)]) { file throws(FileError) in try file.write("x")
    }
  }

  @Test("says so when the disk is full, and leaves the old file")
  func fullDisk() async throws {
    // A limit on the size of files stands for the disk: it lies in another process, since it holds for a whole one.
    await #expect(processExitsWith: .success) {
      let folder = try Folder()
      try SafeTensors.write(["x": Tensor([1.0])], to: folder["file"])
      let old = try bytes(folder["file"])
      signal(SIGXFSZ, SIG_IGN)
      var limit = rlimit(rlim_cur: 100_000, rlim_max: 100_000)
      #expect(setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit) == 0)
      let large = ["x": Tensor.uniform([100_000])]
      expectFailure("file", "File too large") { () throws(FileError) in try SafeTensors.write(large, to: folder["file"])
      }
      expectFailure("file", "File too large") { () throws(FileError) in try Npz.write(large, to: folder["file"]) }
      expectFailure("b", "File too large") { () throws(FileError) in
        try Npz.write(large, to: folder["b"], compressed: true)
      }
      #expect(try bytes(folder["file"]) == old)
      #expect(folder.names == ["file"])
    }
    #expect(FileError.system(operation: "write", path: "a", code: ENOSPC).isDiskFull)
    #expect(
      "\(FileError.system(operation: "write", path: "a", code: EDQUOT))" == "Cannot write a: no space left on the disk."
    )
  }
}
