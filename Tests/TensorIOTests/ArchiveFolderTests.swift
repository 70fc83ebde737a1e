import Foundation
import TensorIO
import Testing

/// Runs a command in a folder.
private func run(_ words: [String], in folder: Folder) throws {
  let process = Process()
  process.executableURL = URL(filePath: "/usr/bin/env")
  process.arguments = words
  process.currentDirectoryURL = folder.url
  try process.run()
  process.waitUntilExit()
  try #require(process.terminationStatus == 0)
}

@Suite("Unpacking an archive")
struct ArchiveFolderTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try FileManager.default.createDirectory(at: folder["a/b"], withIntermediateDirectories: true)
    try Data("one".utf8).write(to: folder["a/one"])
    try Data("größe".utf8).write(to: folder["a/b/größe"])
    return folder
  }

  @Test("makes the folder with all its files, once", arguments: ["cf", "czf"])
  func whole(mode: String) throws {
    let folder = try folder()
    try run(["tar", mode, "x.tar", "a"], in: folder)
    try ArchiveFolder.unpack(folder["x.tar"], into: folder["new"])
    #expect(try bytes(folder["new/a/one"]) == Array("one".utf8))
    #expect(try bytes(folder["new/a/b/größe"]) == Array("größe".utf8))
    #expect(folder.names == ["a", "new", "x.tar"])
    // It is taken as it is, though the archive is gone.
    try FileManager.default.removeItem(at: folder["x.tar"])
    try ArchiveFolder.unpack(folder["x.tar"], into: folder["new"])
  }

  @Test("refuses what leaves the folder, links, and more than the limits, and leaves nothing behind")
  func hostile() throws {
    let folder = try folder()
    try run(["tar", "-cPf", "up.tar", "--transform", "s,a/one,../one,", "a/one"], in: folder)
    try run(["tar", "-cPf", "root.tar", "--transform", "s,a/one,/tmp/glassbox-one,", "a/one"], in: folder)
    try run(["tar", "cf", "twice.tar", "--hard-dereference", "a/one", "a/one"], in: folder)
    try run(["ln", "-s", "/etc", "a/link"], in: folder)
    try run(["tar", "cf", "link.tar", "a/link"], in: folder)
    try run(["tar", "czf", "good.tar", "a/one", "a/b"], in: folder)
    try Data(try bytes(folder["good.tar"]).dropLast(30)).write(to: folder["short.tar"])
    try Data("no archive".utf8).write(to: folder["text.tar"])
    let before = folder.names
    for (name, words) in [
      ("up", "\"../one\": expected a path within the folder"), ("root", "expected a path within the folder"),
      ("twice", "\"a/one\": expected every member once"), ("link", "\"a/link\": expected a file or a folder"),
      ("short", "a whole zip or tar archive"), ("text", "a whole zip or tar archive"),
    ] {
      expectFailure("\(name).tar", words) { () throws(FileError) in
        try ArchiveFolder.unpack(folder["\(name).tar"], into: folder["new"])
      }
      #expect(folder.names == before)
    }
    expectFailure("bytes more, uncompressed, found more") { () throws(FileError) in
      try ArchiveFolder.unpack(folder["good.tar"], into: folder["new"], byteLimit: 8)
    }
    expectFailure("at most 2 files") { () throws(FileError) in
      try ArchiveFolder.unpack(folder["good.tar"], into: folder["new"], fileLimit: 2)
    }
    #expect(folder.names == before)
  }
}
