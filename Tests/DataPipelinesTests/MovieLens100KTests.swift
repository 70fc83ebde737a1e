import CZlib
import DataPipelines
import Foundation
import TensorIO
import Testing

/// A zip file of members that are not compressed.
private func zip(_ members: [(name: String, text: String)]) -> Data {
  func little(_ numbers: [(value: Int, size: Int)]) -> [UInt8] {
    numbers.flatMap { value, size in (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
  }
  var (bytes, directory): ([UInt8], [UInt8]) = ([], [])
  for member in members {
    let (name, contents) = (Array(member.name.utf8), Array(member.text.utf8))
    let sum = Int(crc32(0, contents, UInt32(contents.count)))
    // What the header of a member and its entry in the directory have in common.
    let common = little([
      (20, 2), (0, 2), (0, 2), (0, 4), (sum, 4), (contents.count, 4), (contents.count, 4), (name.count, 2), (0, 2),
    ])
    directory += little([(0x0201_4B50, 4), (20, 2)]) + common + little([(0, 6), (0, 4), (bytes.count, 4)]) + name
    bytes += little([(0x0403_4B50, 4)]) + common + name + contents
  }
  let end = little([
    (0x0605_4B50, 4), (0, 4), (members.count, 2), (members.count, 2), (directory.count, 4), (bytes.count, 4), (0, 2),
  ])
  return Data(bytes + directory + end)
}

@Suite("MovieLens's archive")
struct MovieLens100KTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private static let whole: [(name: String, text: String)] =
    [
      ("u.data", "1\t7\t5\t9\n2\t7\t3\t9\n2\t8\t1\t9\n"), ("u.user", "1|24|M|artist|0\n2|60|F|writer|0\n"),
      ("u.genre", "Comedy|0\nDrama|1\n"), ("u.item", "7|Up (2009)|||u|1|0\n8|Jaws (1975)|||j|0|1\n"),
    ] + (1...5).flatMap { [("u\($0).base", "1\t7\t5\t9\n"), ("u\($0).test", "2\t8\t1\t9\n")] }

  private func reading(_ name: String = "", _ text: String = "") throws -> MovieLens100K {
    let archive = folder.url.appending(path: "ml.zip")
    try zip(Self.whole.map { ("ml-100k/" + $0.name, $0.name == name ? text : $0.text) }).write(to: archive)
    return try MovieLens100K.read(archive)
  }

  @Test("is read with people and films")
  func read() throws {
    let data = try reading()
    #expect(data.ratings.ratings == [5, 3, 1] && data.titles == ["Up (2009)", "Jaws (1975)"])
    #expect(
      data.userTraits == [["age 18–24", "sex M", "occupation artist"], ["age 56+", "sex F", "occupation writer"]])
    #expect(data.itemTraits == [["Comedy"], ["Drama"]])
    #expect(data.folds.count == 5 && data.folds[4].test.ratings == [1])
  }

  @Test(
    "that lacks something is refused by member and line",
    arguments: [
      ("u.user", "1|24|M|artist|0\n2|old|F|writer|0\n", "\"u.user:2\": expected an age, found old"),
      ("u.user", "1|24|M|artist|0\n", "\"u.user\": expected user 2, found none"),
      ("u.item", "7|Up (2009)|||u|1|0\n", "\"u.item\": expected film 8, found none"),
      ("u.item", "7|Up (2009)|||u|1\n", "\"u.item:1\": expected 7 fields, found 6"),
      ("u.data", "1\t7\t5\t9\n\t7\t3\t9\n", "\"u.data:2\": expected a user, found none"),
      ("u3.test", "2\t9\t1\t9\n", "\"u3.test\": expected users and films of u.data, found others"),
    ])
  func refused(member: String, text: String, words: String) throws {
    let error = #expect(throws: FileError.self) { try reading(member, text) }
    #expect("\(try #require(error))".contains(words))
  }
}
