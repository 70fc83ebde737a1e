import TensorCore

enum Version {
  static let glassbox = "0.1.0"

  /// The compiler's version. The language offers no text, only comparisons.
  static var swift: String {
    #if compiler(>=6.5)
      "6.5 or later"
    #elseif compiler(>=6.4)
      "6.4"
    #elseif compiler(>=6.3)
      "6.3"
    #else
      "6.2"
    #endif
  }

  static var libraries: String { "\(Runtime.matrixLibrary), \(Runtime.instructionSet)" }
}
