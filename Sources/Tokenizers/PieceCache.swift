import Synchronization

/// Remembers the tokens of pieces: texts are made of the same words again and again.
final class PieceCache: Sendable {
  private let tokens = Mutex<[ExactText: [Int]]>([:])
  /// Then it begins anew: texts without end must not fill the memory.
  private let limit = 1 << 16

  func ids(of piece: Scalars, _ compute: (Scalars) -> [Int]) -> [Int] {
    // Long pieces do not come twice.
    if piece.count > 64 { return compute(piece) }
    let key = ExactText(String(piece))
    if let known = tokens.withLock({ $0[key] }) { return known }
    let ids = compute(piece)
    tokens.withLock { tokens in
      if tokens.count >= limit { tokens.removeAll(keepingCapacity: true) }
      tokens[key] = ids
    }
    return ids
  }
}
