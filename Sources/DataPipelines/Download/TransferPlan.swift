/// What to do with a server's answer, decided from its status and headers alone (RFC 9110, 2022, sections 14 and 15).
package enum TransferPlan: Equatable {
  /// Write the body from this position on.
  case receive(from: Int)
  /// The part asked for is not to be had: ask again for the whole file.
  case askForTheWhole(because: MirrorFailure.Reason)
  /// This mirror does not have the file.
  case refuse(MirrorFailure.Reason)

  /// - Parameters:
  ///   - headers: A header's value, by its name in lower case.
  ///   - offset: The first byte asked for; 0 when the whole file was.
  ///   - total: The file's expected size in bytes.
  package init(status: Int, headers: (String) -> String?, offset: Int, total: Int) {
    switch status {
    case 200, 206:
      if let coding = headers("content-encoding"), coding.lowercased() != "identity" {
        self = .refuse(.encoded(coding))
      } else if status == 206 {
        self.init(part: headers("content-range"), offset: offset, total: total)
      } else if let length = headers("content-length").flatMap({ Int($0) }), length != total {
        self = .refuse(.wrongLength(expected: total, found: length))
      } else {
        // To a request for a part, 200 is the answer of a server that only gives whole files.
        self = .receive(from: 0)
      }
    case 416 where offset > 0:
      self = .askForTheWhole(because: .status(416))
    default:
      self = .refuse(.status(status))
    }
  }

  /// The plan for a 206, by its `Content-Range: bytes FIRST-LAST/TOTAL`.
  private init(part header: String?, offset: Int, total: Int) {
    let reason = MirrorFailure.Reason.wrongRange(header.map { "Content-Range: \($0)" } ?? "206 without Content-Range")
    guard let range = ContentRange(header ?? "") else {
      self = offset > 0 ? .askForTheWhole(because: reason) : .refuse(reason)
      return
    }
    if let size = range.total, size != total {
      self = .refuse(.wrongLength(expected: total, found: size))
    } else if range.first == offset, range.last < total {
      self = .receive(from: offset)
    } else {
      self = offset > 0 ? .askForTheWhole(because: reason) : .refuse(reason)
    }
  }
}

/// A `Content-Range` header: `bytes FIRST-LAST/TOTAL`, where TOTAL may be `*`.
package struct ContentRange: Equatable {
  package let first: Int
  package let last: Int
  package let total: Int?

  package init?(_ text: String) {
    guard text.lowercased().hasPrefix("bytes ") else { return nil }
    let halves = text.dropFirst(6).split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return nil }
    let ends = halves[0].split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2, let first = Int(ends[0]), let last = Int(ends[1]), first >= 0, last >= first else {
      return nil
    }
    self.first = first
    self.last = last
    if halves[1] == "*" {
      total = nil
    } else {
      guard let size = Int(halves[1]), size > last else { return nil }
      total = size
    }
  }
}
