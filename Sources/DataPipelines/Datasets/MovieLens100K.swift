import Foundation
import Tables
import TensorCore
import TensorIO

/// What people think of films, MovieLens 100K: 100,000 ratings of 1 to 5 stars by 943 people for 1,682 films, 1997–1998 (Harper & Konstan, "The MovieLens
/// datasets", 2015; for research, not to be passed on).
///
/// ```swift
/// func ratings() async throws -> MovieLens100K { try await MovieLens100K.load() }
/// ```
public struct MovieLens100K: Sendable {
  /// All ratings, users and films by their identifiers.
  public let ratings: RatingData
  /// The publisher's five divisions, each with a fifth of the ratings to test on.
  public let folds: [RatingFold]
  /// The films' titles, with the year, by position in ``RatingData/items``.
  public let titles: [String]
  /// What is known of each person: `age 25–34`, `sex F`, `occupation artist`; and the genres of each film: `Comedy`.
  public let userTraits: [[String]]
  public let itemTraits: [[String]]

  /// Reads the archive; nothing is unpacked. One that is not in the cache is downloaded.
  ///
  /// - Throws: ``DownloadError`` when it cannot be had; ``TensorIO/FileError`` and `TableError` when it does not hold what it should.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> MovieLens100K {
    let archive = try await cache.fetch(
      [MovieLens100KFiles.archive], for: "movielens-100k", with: downloader, progress: progress)[0]
    return try read(archive)
  }

  /// Reads the archive.
  ///
  /// - Throws: ``TensorIO/FileError`` and `TableError` that name the member, and the line, that is not what it should be.
  public static func read(_ archive: URL) throws -> MovieLens100K {
    let files = try MovieLensArchive(archive)
    let all = try files.ratings("u.data")
    let ratings = RatingData(users: all.users, items: all.items, ratings: all.ratings)
    func part(_ name: String) throws -> RatingData {
      let rows = try files.ratings(name)
      let part = ratings.numbering(users: rows.users, items: rows.items, ratings: rows.ratings)
      if part.count < rows.ratings.count {
        throw files.unexpected(name, "users and films of u.data", found: "others")
      }
      return part
    }
    let people = Dictionary(
      try files.rows("u.user", fields: 5).map { place, row in
        guard let age = Int(row[1]) else { throw files.unexpected(place, "an age", found: row[1]) }
        return (row[0], ["age \(ageGroup(age))", "sex \(row[2])", "occupation \(row[3])"])
      }, uniquingKeysWith: { first, _ in first })
    let genres = try files.rows("u.genre", fields: 2).map(\.fields[0])
    let films = Dictionary(
      try files.rows("u.item", fields: 5 + genres.count).map { _, row in
        (row[0], (title: row[1], genres: zip(genres, row.dropFirst(5)).filter { $0.1 == "1" }.map(\.0)))
      }, uniquingKeysWith: { first, _ in first })
    let rated = try ratings.items.map { item in
      guard let film = films[item] else { throw files.unexpected("u.item", "film \(item)", found: "none") }
      return film
    }
    let userTraits = try ratings.users.map { user in
      guard let traits = people[user] else { throw files.unexpected("u.user", "user \(user)", found: "none") }
      return traits
    }
    return MovieLens100K(
      ratings: ratings,
      folds: try (1...5).map { RatingFold(train: try part("u\($0).base"), test: try part("u\($0).test")) },
      titles: rated.map(\.title), userTraits: userTraits, itemTraits: rated.map(\.genres))
  }

  /// The groups of MovieLens 1M.
  private static func ageGroup(_ age: Int) -> String {
    let bounds = [18, 25, 35, 45, 50, 56]
    guard let next = bounds.firstIndex(where: { age < $0 }) else { return "56+" }
    return next == 0 ? "0–17" : "\(bounds[next - 1])–\(bounds[next] - 1)"
  }
}

/// The files in MovieLens 100K's archive.
private struct MovieLensArchive {
  private let path: String
  private let files: [String: [UInt8]]

  init(_ archive: URL) throws {
    path = archive.path(percentEncoded: false)
    var reader = try ArchiveReader(archive, .zip)
    var files: [String: [UInt8]] = [:]
    var limit = 1 << 26
    while let member = try reader.next() {
      guard member.isFile, member.path.hasPrefix("ml-100k/u") else { continue }
      files[String(member.path.dropFirst(8))] = try reader.contents(limit: &limit)
    }
    self.files = files
  }

  private func bytes(_ name: String) throws(FileError) -> [UInt8] {
    guard let bytes = files[name] else { throw unexpected(name, "this member", found: "none") }
    return bytes
  }

  func unexpected(_ place: String, _ expected: String, found: String) -> FileError {
    .contents(file: path, key: place, expected: expected, found: found)
  }

  /// A line a rating: user, item, rating and time.
  func ratings(_ name: String) throws -> (users: [String], items: [String], ratings: [Double]) {
    let kinds: [String: ColumnKind] = ["user": .category, "item": .category, "rating": .number, "time": .number]
    let table = try Table.read(
      csv: String(decoding: try bytes(name), as: UTF8.self), file: "\(path)/\(name)",
      format: CSVFormat(separator: "\t", header: .names(["user", "item", "rating", "time"])), kinds: kinds
    ).table
    for column in [table["user"], table["item"], table["rating"]] {
      guard let row = (0..<column.count).first(where: column.isMissing) else { continue }
      throw unexpected("\(name):\(row + 1)", "a \(column.name)", found: "none")
    }
    func texts(_ column: String) -> [String] { table[column].texts.compactMap(\.self) }
    return (texts("user"), texts("item"), table["rating"].numbers)
  }

  /// The fields of each line, with bars between, in ISO 8859-1, and where it stands.
  func rows(_ name: String, fields: Int) throws(FileError) -> [(place: String, fields: [String])] {
    let text = String(String.UnicodeScalarView(try bytes(name).map { Unicode.Scalar($0) }))
    var rows: [(place: String, fields: [String])] = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() where !line.isEmpty
    {
      let row = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      let place = "\(name):\(number + 1)"
      if row.count != fields { throw unexpected(place, "\(fields) fields", found: "\(row.count)") }
      rows.append((place, row))
    }
    return rows
  }
}
