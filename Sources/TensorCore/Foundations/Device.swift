/// Where a tensor's elements live. A GPU will be another case with a back end of its own.
public enum Device: Sendable, Hashable, CustomStringConvertible {
  case cpu

  public var description: String { "cpu" }
}
