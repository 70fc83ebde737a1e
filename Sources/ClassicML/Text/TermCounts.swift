import DataPipelines
import TensorCore

/// How often each term is in each of some texts, row by row.
struct TermCounts: Sendable {
  var table: TermTable
  /// A term's number in the upper 32 bits, how often it is there in the lower ones.
  private(set) var entries: [UInt64] = []
  private(set) var rowEnds: [Int] = []
  /// In how many texts each term is.
  private(set) var frequencies: [Int32]

  /// - Parameters:
  ///   - known: Terms to count; nil if all are counted that there are.
  init(_ texts: ArraySlice<String>, _ analysis: TextAnalysis, known: TermTable? = nil) {
    table = known ?? TermTable()
    let learns = known == nil
    var scanner = TextScanner(analysis)
    // Where a term's last entry is: in the row that is being counted if it is not before its start.
    var places = [Int](repeating: -1, count: table.count)
    frequencies = [Int32](repeating: 0, count: table.count)
    rowEnds.reserveCapacity(texts.count)
    for text in texts {
      let start = entries.count
      scanner.forEachTerm(of: text) { term in
        let number: Int
        if learns {
          number = table.insert(term)
          if number == places.count {
            places.append(-1)
            frequencies.append(0)
          }
        } else {
          guard let found = table.find(term) else { return }
          number = found
        }
        if places[number] >= start {
          entries[places[number]] += 1
        } else {
          places[number] = entries.count
          frequencies[number] += 1
          entries.append(UInt64(number) << 32 | 1)
        }
      }
      rowEnds.append(entries.count)
    }
  }

  /// How often each term is there, all in all.
  var totals: [Int] {
    var totals = [Int](repeating: 0, count: table.count)
    for entry in entries { totals[Int(entry >> 32)] += Int(entry & 0xFFFF_FFFF) }
    return totals
  }

  /// Lets go of the terms when their numbers are known elsewhere.
  mutating func forgetTerms() { (table, frequencies) = (TermTable(), []) }

  /// Each part of the texts by a thread: as many parts as threads, since each has a table of its own. What they count does not depend on it.
  static func inParts(_ texts: [String], _ analysis: TextAnalysis, known: TermTable? = nil) -> [TermCounts] {
    let parts = max(1, min(Runtime.threads, texts.count / 64))
    let sizes = texts.map(\.utf8.count)
    let total = sizes.reduce(0, +)
    var (bounds, sum) = ([0], 0)
    for (row, size) in sizes.enumerated() where bounds.count < parts {
      sum += size
      if sum * parts >= total * bounds.count { bounds.append(row + 1) }
    }
    let ends = bounds.dropFirst() + [texts.count]
    let ranges = zip(bounds, ends).map { $0..<$1 }
    return ParallelMap.map(count: ranges.count, threads: ranges.count) {
      TermCounts(texts[ranges[$0]], analysis, known: known)
    }
  }
}

extension SparseMatrix {
  /// Counts as a matrix.
  ///
  /// - Parameters:
  ///   - columns: The column of each part's terms; −1 for those that are left out.
  init(_ parts: [TermCounts], columns: [[Int32]], columnCount: Int, isBinary: Bool) {
    let parts = parts.enumerated().map { ($1, columns[$0]) }
    // Each part's rows by themselves, columns ascending; then one behind the other.
    let rows = ParallelMap.map(count: parts.count, threads: parts.count) { index in
      CountedRows(parts[index].0, parts[index].1)
    }
    let count = rows.reduce(0) { $0 + $1.entries.count }
    var starts = [0]
    starts.reserveCapacity(rows.reduce(1) { $0 + $1.ends.count })
    for part in rows {
      let offset = starts[starts.count - 1]
      starts += part.ends.lazy.map { $0 + offset }
    }
    let joined = [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      var place = 0
      for part in rows {
        for entry in part.entries {
          buffer.initializeElement(at: place, to: Int32(truncatingIfNeeded: entry >> 32))
          place += 1
        }
      }
      initialized = place
    }
    let values = [Double](unsafeUninitializedCapacity: count) { buffer, initialized in
      var place = 0
      for part in rows {
        for entry in part.entries {
          buffer.initializeElement(at: place, to: isBinary ? 1 : Double(entry & 0xFFFF_FFFF))
          place += 1
        }
      }
      initialized = place
    }
    self.init(trusted: starts, joined, values, columnCount)
  }
}

/// A part's entries with columns instead of terms, ascending in each row.
private struct CountedRows: Sendable {
  var entries: [UInt64] = []
  var ends: [Int] = []

  init(_ counts: TermCounts, _ columns: [Int32]) {
    entries.reserveCapacity(counts.entries.count)
    ends.reserveCapacity(counts.rowEnds.count)
    var start = 0
    for end in counts.rowEnds {
      let from = entries.count
      for place in start..<end {
        let entry = counts.entries[place]
        let column = columns[Int(entry >> 32)]
        if column >= 0 { entries.append(UInt64(column) << 32 | entry & 0xFFFF_FFFF) }
      }
      entries.withUnsafeMutableBufferPointer { $0[from...].sort() }
      ends.append(entries.count)
      start = end
    }
  }
}
