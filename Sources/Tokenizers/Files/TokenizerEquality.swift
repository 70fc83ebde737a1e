/// Equal if their files are.
extension Tokenizer: Hashable {
  public static func == (a: Tokenizer, b: Tokenizer) -> Bool { ExactText(a.json) == ExactText(b.json) }

  public func hash(into hasher: inout Hasher) { hasher.combine(ExactText(json)) }
}
