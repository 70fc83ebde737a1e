/// An equation of `einsum` taken apart and fitted to its operands: "bhid,bhjd->bhij". Stops, with the position, where
/// it can't be.
struct EinsumEquation {
  /// A letter's ASCII code; the axes that an ellipsis stands for are −1 (the last), −2, …
  typealias Label = Int

  /// The labels of each operand's axes.
  private(set) var operands: [[Label]] = []
  private(set) var output: [Label] = []
  /// How far each label goes: the one size other than 1 of the axes that bear it, or 1.
  private(set) var sizes: [Label: Int] = [:]

  init(_ text: String, _ shapes: [Shape]) {
    let (terms, result) = EinsumEquation.parsed(text)
    guard terms.count == shapes.count else {
      stop(
        "einsum", "\"\(text)\" has \(terms.count) operands, but \(shapes.count) tensors came",
        fix: "pass one tensor for each part between commas")
    }
    var ellipsis = 0
    for (index, (term, shape)) in zip(terms, shapes).enumerated() {
      let letters = term.filter { $0.label != nil }.count
      guard letters == shape.rank || (letters < shape.rank && letters < term.count) else {
        stop(
          "einsum", "operand \(index) of \"\(text)\" names \(letters) axes, but its shape is \(shape)",
          fix: "name all \(shape.rank) axes, or let ... stand for some")
      }
      let covered = shape.rank - letters
      ellipsis = Swift.max(ellipsis, covered)
      let labels = term.flatMap { symbol in symbol.label.map { [$0] } ?? Array(-covered..<0) }
      for (label, size) in zip(labels, shape.dimensions) {
        let known = sizes[label] ?? 1
        guard known == size || known == 1 || size == 1 else {
          stop(
            "einsum",
            "\(EinsumEquation.name(label)) of \"\(text)\" is \(known) long and, in operand \(index) \(shape), \(size)",
            fix: "make the axes of one letter equally long, or 1")
        }
        sizes[label] = known == 1 ? size : known
      }
      operands.append(labels)
    }
    output = result.map { EinsumEquation.resolved($0, text, sizes, ellipsis) } ?? implicitOutput(ellipsis)
  }

  /// Without an arrow: the ellipsis' axes, then the letters that occur once, in alphabetical order (capitals first).
  private func implicitOutput(_ ellipsis: Int) -> [Label] {
    var occurrences: [Label: Int] = [:]
    for label in operands.joined() { occurrences[label, default: 0] += 1 }
    return Array(-ellipsis..<0) + occurrences.filter { $0.key > 0 && $0.value == 1 }.keys.sorted()
  }

  private static func resolved(_ term: [Symbol], _ text: String, _ sizes: [Label: Int], _ ellipsis: Int) -> [Label] {
    var labels: [Label] = []
    for symbol in term {
      guard let label = symbol.label else {
        labels += Array(-ellipsis..<0)
        continue
      }
      if sizes[label] == nil { stopAt(symbol.position, text, "\(name(label)) is in no operand") }
      if labels.contains(label) { stopAt(symbol.position, text, "\(name(label)) is twice in the output") }
      labels.append(label)
    }
    return labels
  }

  /// What stands for axes: a letter, or an ellipsis, without a label.
  private struct Symbol {
    let label: Label?
    let position: Int
  }

  private static func parsed(_ text: String) -> (terms: [[Symbol]], output: [Symbol]?) {
    let characters = Array(text)
    var terms: [[Symbol]] = [[]]
    var arrows = 0
    var place = 0
    while place < characters.count {
      let character = characters[place]
      let position = place
      place += 1
      switch character {
      case " ": continue
      case ",":
        if arrows > 0 { stopAt(position, text, "a comma in the output") }
        terms.append([])
      case "-":
        guard place < characters.count, characters[place] == ">" else { stopAt(position, text, "- without >") }
        if arrows > 0 { stopAt(position, text, "a second arrow") }
        arrows = 1
        place += 1
        terms.append([])
      case ".":
        guard characters[position...].starts(with: "...") else { stopAt(position, text, "dots that are not three") }
        if terms[terms.count - 1].contains(where: { $0.label == nil }) {
          stopAt(position, text, "a second ellipsis in one part")
        }
        terms[terms.count - 1].append(Symbol(label: nil, position: position))
        place += 2
      default:
        guard let code = character.asciiValue, character.isLetter else {
          stopAt(position, text, "\"\(character)\" is no letter")
        }
        terms[terms.count - 1].append(Symbol(label: Int(code), position: position))
      }
    }
    return arrows == 0 ? (terms, nil) : (Array(terms.dropLast()), terms.last)
  }

  private static func name(_ label: Label) -> String {
    label < 0 ? "axis \(label) of ..." : "axis \(Character(Unicode.Scalar(UInt8(label))))"
  }

  private static func stopAt(_ position: Int, _ text: String, _ what: String) -> Never {
    stop(
      "einsum", "position \(position) of \"\(text)\": \(what)",
      fix: "write letters for the axes of each operand, commas between operands, and -> before the output")
  }
}
