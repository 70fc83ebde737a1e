/// LLVM's bitstream container, in which the compiler writes its diagnostics: blocks of records, each with a code, numbers, and
/// perhaps text. The format is that of <https://llvm.org/docs/BitCodeFormat.html>.
struct Bitstream {
  struct Record {
    var code: Int
    var fields: [Int]
    var text: String
  }

  enum Item {
    case record(Record)
    case block(id: Int, [Item])
  }

  private enum Operand {
    case literal(Int)
    case fixed(Int)
    case variable(Int)
    case array
    case character
    case blob
  }

  private struct Malformed: Error {}

  private let bytes: [UInt8]
  private var position = 0  // in bits
  private var known: [Int: [[Operand]]] = [:]  // abbreviations by the block in which they hold

  /// What stands in the stream behind its signature of four bytes; nil where it is malformed.
  static func items(in bytes: [UInt8], signature: String) -> [Item]? {
    guard bytes.starts(with: Array(signature.utf8)) else { return nil }
    var stream = Bitstream(bytes: bytes)
    stream.position = 32
    return try? stream.items(width: 2, abbreviations: [], isTop: true)
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func items(width: Int, abbreviations: [[Operand]], isTop: Bool) throws -> [Item] {
    var abbreviations = abbreviations
    var items: [Item] = []
    while !isTop || position + 32 <= bytes.count * 8 {
      switch try fixed(width) {
      case 0:
        align()
        return items
      case 1:
        let (id, inner) = (try variable(8), try variable(4))
        align()
        _ = try fixed(32)
        if id == 0 {
          try readBlockInfo(width: inner)
        } else {
          items.append(.block(id: id, try self.items(width: inner, abbreviations: known[id] ?? [], isTop: false)))
        }
      case 2: abbreviations.append(try abbreviation())
      case 3: items.append(.record(try plainRecord()))
      case let number:
        guard number - 4 < abbreviations.count else { throw Malformed() }
        items.append(.record(try record(abbreviations[number - 4])))
      }
    }
    return items
  }

  /// Block 0 defines abbreviations for the others.
  private mutating func readBlockInfo(width: Int) throws {
    var block = 0
    while true {
      switch try fixed(width) {
      case 0: return align()
      case 2: known[block, default: []].append(try abbreviation())
      case 3:
        let record = try plainRecord()
        if record.code == 1, let id = record.fields.first { block = id }
      default: throw Malformed()
      }
    }
  }

  private mutating func plainRecord() throws -> Record {
    let code = try variable(6)
    var fields: [Int] = []
    for _ in 0..<(try variable(6)) { fields.append(try variable(6)) }
    return Record(code: code, fields: fields, text: "")
  }

  private mutating func abbreviation() throws -> [Operand] {
    var operands: [Operand] = []
    for _ in 0..<(try variable(5)) {
      if try fixed(1) == 1 {
        operands.append(.literal(try variable(8)))
        continue
      }
      switch try fixed(3) {
      case 1: operands.append(.fixed(try variable(5)))
      case 2: operands.append(.variable(try variable(5)))
      case 3: operands.append(.array)
      case 4: operands.append(.character)
      case 5: operands.append(.blob)
      default: throw Malformed()
      }
    }
    return operands
  }

  private mutating func record(_ operands: [Operand]) throws -> Record {
    var fields: [Int] = []
    var text = ""
    var rest = operands[...]
    while let operand = rest.popFirst() {
      switch operand {
      case .array:
        guard let element = rest.popFirst() else { throw Malformed() }
        for _ in 0..<(try variable(6)) { fields.append(try scalar(element)) }
      case .blob:
        let count = try variable(6)
        align()
        let begin = position / 8
        guard begin + count <= bytes.count else { throw Malformed() }
        text = String(decoding: bytes[begin..<begin + count], as: UTF8.self)
        position += count * 8
        align()
      default: fields.append(try scalar(operand))
      }
    }
    guard let code = fields.first else { throw Malformed() }
    return Record(code: code, fields: Array(fields.dropFirst()), text: text)
  }

  private mutating func scalar(_ operand: Operand) throws -> Int {
    switch operand {
    case .literal(let value): return value
    case .fixed(let width): return try fixed(width)
    case .variable(let width): return try variable(width)
    case .character: return try fixed(6)
    case .array, .blob: throw Malformed()
    }
  }

  private mutating func fixed(_ width: Int) throws -> Int {
    guard width <= 62, position + width <= bytes.count * 8 else { throw Malformed() }
    var value = 0
    for i in 0..<width {
      value |= Int(bytes[position >> 3] >> UInt8(position & 7) & 1) << i
      position += 1
    }
    return value
  }

  /// Groups of `width` bits, the highest of which says whether another follows.
  private mutating func variable(_ width: Int) throws -> Int {
    guard width > 1 else { throw Malformed() }
    var (value, shift) = (0, 0)
    while true {
      let group = try fixed(width)
      guard shift < 62 else { throw Malformed() }
      value |= (group & (1 << (width - 1) - 1)) << shift
      if group >> (width - 1) == 0 { return value }
      shift += width - 1
    }
  }

  private mutating func align() { position = (position + 31) & ~31 }
}
