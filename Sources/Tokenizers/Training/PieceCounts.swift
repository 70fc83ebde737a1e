/// How often each piece comes in texts, in the order in which they come first.
struct PieceCounts {
  private(set) var pieces: [(text: Scalars, count: Int)] = []
  private var places: [ExactText: Int] = [:]

  init(of texts: some Sequence<String>, normalizer: Normalizer?, preTokenizer: PreTokenizer?) {
    for text in texts {
      let scalars = Scalars(text.unicodeScalars)
      let piece = PreTokenizer.Piece(text: normalizer?.normalized(scalars) ?? scalars, isFirst: true)
      for piece in preTokenizer?.pieces(of: [piece]) ?? [piece] where !piece.text.isEmpty { add(piece.text) }
    }
  }

  private mutating func add(_ piece: Scalars) {
    let key = ExactText(String(piece))
    if let place = places[key] {
      pieces[place].count += 1
    } else {
      places[key] = pieces.count
      pieces.append((piece, 1))
    }
  }
}
