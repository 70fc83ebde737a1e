import TensorCore

/// Different terms, numbered in the order in which they came: their bytes in one array, found by hashing with open addressing.
struct TermTable: Sendable {
  private var bytes: [UInt8] = []
  /// Where each term ends in `bytes`.
  private var ends: [Int] = []
  /// A hash's 32 bits, and the number of its term, plus 1; 0 where nothing is. A power of two, at most half full.
  private var slots = [UInt64](repeating: 0, count: 1024)

  init() {}

  init(_ terms: [String]) {
    for var term in terms { _ = term.withUTF8 { insert(UnsafeRawBufferPointer($0)) } }
  }

  var count: Int { ends.count }

  /// Where a term's bytes are.
  func range(_ term: Int) -> Range<Int> { (term == 0 ? 0 : ends[term - 1])..<ends[term] }

  func text(_ term: Int) -> String { String(decoding: bytes[range(term)], as: UTF8.self) }

  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) -> Result) -> Result { bytes.withUnsafeBytes(body) }

  /// The number of a term; nil if it is not there.
  func find(_ term: UnsafeRawBufferPointer) -> Int? { place(of: term, Self.hash(term)).number }

  func contains(_ term: UnsafeRawBufferPointer) -> Bool { find(term) != nil }

  /// The number of a term, which it gets if it is new.
  mutating func insert(_ term: UnsafeRawBufferPointer) -> Int {
    let hash = Self.hash(term)
    let (slot, number) = place(of: term, hash)
    if let number { return number }
    bytes.append(contentsOf: term)
    ends.append(bytes.count)
    slots[slot] = UInt64(hash) << 32 | UInt64(ends.count)
    if 2 * ends.count > slots.count { grow() }
    return ends.count - 1
  }

  /// The slot that holds a term, or the one that it would get.
  @inline(__always)
  private func place(of term: UnsafeRawBufferPointer, _ hash: UInt32) -> (slot: Int, number: Int?) {
    slots.withUnsafeBufferPointer { slots in
      let mask = slots.count - 1
      var slot = Int(hash) & mask
      while true {
        let held = slots[slot]
        if held == 0 { return (slot, nil) }
        if UInt32(truncatingIfNeeded: held >> 32) == hash {
          let number = Int(held & 0xFFFF_FFFF) - 1
          let isSame = ends.withUnsafeBufferPointer { ends in
            let start = number == 0 ? 0 : ends[number - 1]
            return ends[number] - start == term.count && bytes.withUnsafeBytes { Self.areEqual($0, start, term) }
          }
          if isSame { return (slot, number) }
        }
        slot = (slot + 1) & mask
      }
    }
  }

  private mutating func grow() {
    var wider = [UInt64](repeating: 0, count: 2 * slots.count)
    let mask = wider.count - 1
    slots.withUnsafeBufferPointer { slots in
      wider.withUnsafeMutableBufferPointer { wider in
        for held in slots where held != 0 {
          var slot = Int(held >> 32) & mask
          while wider[slot] != 0 { slot = (slot + 1) & mask }
          wider[slot] = held
        }
      }
    }
    slots = wider
  }

  @inline(__always)
  private static func areEqual(_ bytes: UnsafeRawBufferPointer, _ start: Int, _ term: UnsafeRawBufferPointer) -> Bool {
    let count = term.count
    var place = 0
    while place + 8 <= count {
      if word(bytes, start + place) != word(term, place) { return false }
      place += 8
    }
    while place < count {
      if bytes[start + place] != term[place] { return false }
      place += 1
    }
    return true
  }

  @inline(__always)
  private static func word(_ bytes: UnsafeRawBufferPointer, _ place: Int) -> UInt64 {
    bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
  }

  /// Eight bytes at a time, each mixed in by a product of 128 bits, as wyhash does. It is not meant to withstand someone who looks for collisions.
  @inline(__always)
  private static func hash(_ term: UnsafeRawBufferPointer) -> UInt32 {
    let count = term.count
    var state = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
    var place = 0
    while place + 8 <= count {
      state = mixed(state ^ word(term, place), 0xA076_1D64_78BD_642F)
      place += 8
    }
    var tail: UInt64 = 0
    if count >= 8 {
      // The last eight bytes, some of them for the second time.
      if place < count { tail = word(term, count - 8) }
    } else {
      for offset in 0..<count { tail = tail << 8 | UInt64(term[offset]) }
    }
    state = mixed(state ^ tail, 0xE703_7ED1_A0B4_28DB)
    return UInt32(truncatingIfNeeded: state ^ state >> 32)
  }

  @inline(__always)
  private static func mixed(_ a: UInt64, _ b: UInt64) -> UInt64 {
    let (high, low) = a.multipliedFullWidth(by: b)
    return high ^ low
  }
}

extension TermTable {
  /// These terms, in this order.
  func picking(_ terms: [Int]) -> TermTable {
    var picked = TermTable()
    withBytes { bytes in
      for term in terms { _ = picked.insert(UnsafeRawBufferPointer(rebasing: bytes[range(term)])) }
    }
    return picked
  }

  /// The terms in the order of their bytes, which for UTF-8 is that of their scalars.
  func sorted(_ terms: [Int]) -> [Int] {
    withBytes { bytes in
      // Most are told apart by their first eight bytes, which need no look at the array.
      func key(_ term: Int) -> UInt64 {
        let range = range(term)
        if range.count >= 8 { return UInt64(bigEndian: Self.word(bytes, range.lowerBound)) }
        var key: UInt64 = 0
        for place in range { key = key << 8 | UInt64(bytes[place]) }
        return range.isEmpty ? 0 : key << UInt64(8 * (8 - range.count))
      }
      return terms.map { (key: key($0), term: $0) }.sorted { a, b in
        if a.key != b.key { return a.key < b.key }
        return bytes[range(a.term)].lexicographicallyPrecedes(bytes[range(b.term)])
      }.map(\.term)
    }
  }
}
