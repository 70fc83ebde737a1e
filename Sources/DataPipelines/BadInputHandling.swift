/// What to do about input that can't be used: a picture that can't be decoded, a class with one picture, a row that is too short.
public enum BadInputHandling: String, Sendable, Hashable, Codable, CaseIterable {
  /// Throw an error that names it.
  case refuse
  /// Leave it out, and name it in the report of what was read.
  case skip
}
