import Foundation

/// Where a cell's thread stopped, as the host tells it.
struct Trap {
  /// nil: it was interrupted.
  let signal: Int32?
  /// What the host knows of it.
  let cause: String?
  /// Libraries and offsets in them, the innermost first.
  private let addresses: [(library: String, offset: UInt64)]

  /// From the fields `end trapped STATEMENT SIGNAL OVERFLOW FRAME…` or `end interrupted STATEMENT FRAME…`.
  init(_ reply: [String]) {
    let isTrap = reply[1] == "trapped" && reply.count >= 5
    signal = isTrap ? Int32(reply[3]) : nil
    switch (isTrap && reply[4] == "1", signal) {
    case (true, _): cause = "Stack overflow"
    case (false, SIGSEGV): cause = "Access to memory that does not belong to the program"
    case (false, SIGABRT): cause = "The program called abort()"
    default: cause = nil
    }
    addresses = reply.dropFirst(isTrap ? 5 : 3).compactMap { frame in
      guard let plus = frame.lastIndex(of: "+"), let offset = UInt64(frame[plus...].dropFirst(), radix: 16) else {
        return nil
      }
      return (String(frame[..<plus]), offset)
    }
  }

  /// What the runtime printed before it trapped: `FILE:LINE: Fatal error: MESSAGE`, and where it is told to, a stack trace.
  static func message(in errorText: String) -> String? {
    guard let mark = errorText.ranges(of: /Fatal error(: )?/).last else { return nil }
    let rest = errorText[mark.upperBound...]
    let end = rest.firstRange(of: "\nCurrent stack trace:")?.lowerBound ?? rest.endIndex
    let message = rest[..<end].trimmingCharacters(in: .whitespacesAndNewlines)
    return message.isEmpty ? "Fatal error" : message
  }

  /// The places in cells, and, where the compiler says in its debug information why code traps, that reason.
  func places(
    in libraries: Set<String>, _ toolchain: Toolchain
  ) async -> (frames: [CellOutcome.Frame], failure: String?) {
    // An endless recursion repeats itself: its innermost frames say it all. Addresses but the first are those that a call returns to.
    var found: [(frame: CellOutcome.Frame, symbol: String)] = []
    var failure: String?
    let lookups = addresses.enumerated().filter { libraries.contains($0.element.library) }.prefix(16).map {
      (library: $0.element.library, address: $0.element.offset - ($0.offset == 0 ? 0 : 1))
    }
    var rest = lookups[...]
    while let library = rest.first?.library {
      let together = rest.prefix { $0.library == library }
      rest = rest.dropFirst(together.count)
      let addresses = together.map { "0x" + String($0.address, radix: 16) }
      let arguments = ["--output-style=JSON", "--inlines", "--no-demangle", "-e", library] + addresses
      guard let run = try? await ToolRun.of(toolchain.tool("llvm-symbolizer"), arguments, timeLimit: .seconds(60)),
        let places = try? JSONDecoder().decode([Place].self, from: Data(run.output.utf8))
      else { continue }
      let source = library.replacing(/\.so$/, with: ".swift")
      for symbol in places.flatMap(\.symbols) {
        if let reason = symbol.function.wholeMatch(of: /Swift runtime failure: (.*)/), found.isEmpty {
          failure = failure ?? String(reason.output.1)
        }
        // Lines of 0 are the optimiser's own; those of the generated file are ours. What has no name in the file system has the compiler's
        // folder before it.
        guard symbol.line > 0, symbol.file != source, !symbol.function.hasPrefix("Swift runtime failure") else {
          continue
        }
        let file = URL(filePath: symbol.file).lastPathComponent
        let frame = CellOutcome.Frame(function: nil, file: file, line: symbol.line, column: symbol.column)
        found.append((frame, symbol.function))
      }
    }
    let names = await Self.demangled(found.map(\.symbol), toolchain)
    for (i, name) in names.enumerated() { found[i].frame.function = name }
    return (found.map(\.frame), failure)
  }

  /// nil for the entries of cells, which are no functions to those who wrote them.
  private static func demangled(_ symbols: [String], _ toolchain: Toolchain) async -> [String?] {
    if symbols.isEmpty { return [] }
    let arguments = ["-compact", "-simplified"] + symbols
    let run = try? await ToolRun.of(toolchain.tool("swift-demangle"), arguments, timeLimit: .seconds(60))
    let lines = run?.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) ?? []
    return symbols.enumerated().map { i, symbol in
      if !symbol.hasPrefix("$s") { return nil }
      return i < lines.count ? lines[i] : symbol
    }
  }

  /// An address in llvm-symbolizer's JSON.
  private struct Place: Decodable {
    struct Symbol: Decodable {
      var file: String
      var function: String
      var line: Int
      var column: Int
      enum CodingKeys: String, CodingKey {
        case file = "FileName"
        case function = "FunctionName"
        case line = "Line"
        case column = "Column"
      }
    }
    /// Of the functions that were inlined there, the innermost first.
    var symbols: [Symbol]
    enum CodingKeys: String, CodingKey { case symbols = "Symbol" }
  }
}
