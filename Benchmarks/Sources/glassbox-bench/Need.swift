import CLimits

/// What one call of a workload cannot do without: the hardware's limit on it is what the share in the table is a share of.
enum Need {
  /// Floating-point operations; a multiply-add is two.
  case operations(Double)
  /// Bytes read and written.
  case traffic(Double)
  /// Bytes read, where next to nothing is written.
  case reads(Double)

  var kind: String {
    switch self {
    case .operations: "operations"
    case .traffic: "traffic"
    case .reads: "reads"
    }
  }

  var amount: Double {
    switch self {
    case .operations(let amount), .traffic(let amount), .reads(let amount): amount
    }
  }

  /// How much of it the hardware does in a second, measured now: memory at this workload's size, so in the cache that holds it.
  func limit(threads: Int, seconds: Double) -> Double {
    switch self {
    case .operations: limit_of_operations(Int32(threads), seconds)
    case .traffic(let bytes): limit_of_traffic(Int32(threads), bytes, seconds)
    case .reads(let bytes): limit_of_reads(Int32(threads), bytes, seconds)
    }
  }
}
