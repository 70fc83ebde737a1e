import CellExecution
import CellRewriting
import Foundation
import NotebookDisplay

/// Completes names in cells, and says what they mean, with the language server of the toolchain.
///
/// The server runs as long as the session. A request that it does not answer in time has an empty answer, and a newer request takes the
/// place of an older one.
package actor CellAssistant {
  private let server: LanguageServer
  private let compiler: CellCompiler
  private let modules: ImportableModules
  private let magics: [String]
  private var isPrepared = false
  private let timeLimit: Duration
  private var turn = 0
  private var deadline = ContinuousClock.now

  /// - Parameters:
  ///   - folder: Where the cells' modules are.
  ///   - magics: The kernel's commands, such as `%time` and `%%html`.
  ///   - timeLimit: For each completion and inspection.
  ///   - patience: How long the server may owe an answer before another is started in its place.
  package init(
    toolchain: Toolchain, library: CellLibrary, folder: String, magics: [String] = [],
    timeLimit: Duration = .seconds(5),
    patience: Duration = .seconds(30)
  ) {
    compiler = CellCompiler(toolchain: toolchain, library: library, folder: folder)
    modules = ImportableModules(library)
    self.magics = magics
    self.timeLimit = timeLimit
    server = LanguageServer(
      program: toolchain.tool("sourcekit-lsp"), folder: "\(folder)/Assistance", patience: patience
    )
  }

  /// Ends the server. Another request starts it anew, with nothing remembered of modules.
  package func stop() async {
    turn += 1
    await server.stop()
  }

  package var serverID: pid_t? { get async { await server.processID } }

  // MARK: Completion

  /// - Parameters:
  ///   - cursor: in Unicode scalars.
  ///   - prologue: the lines of imports that the cell would begin with.
  package func complete(_ code: String, cursor: Int, prologue: String) async -> CompleteReply {
    let place = code.offset(ofScalar: cursor)
    let surroundings = CellCursor(code, at: place)
    if let command = surroundings.command {
      let typed = code[utf8: command]
      return reply(magics.filter { $0.hasPrefix(typed) }.sorted().map { Completion(magic: $0) }, command, code)
    }
    let start = min(surroundings.word?.lowerBound ?? place, place)
    guard !surroundings.isInText else { return reply([], start..<place, code) }
    let isCalled = code.utf8.dropFirst(place).first == UInt8(ascii: "(")
    let typed = code[utf8: start..<place]
    let own = await beginTurn()

    var items = await completions(surroundings.swift, at: place, prologue, own)
    let isCut = items.count >= Self.limit && typed.isEmpty && code.utf8.prefix(start).last == UInt8(ascii: ".")
    if isCut { items = await members(surroundings.swift, at: place, prologue, own) }
    let found = items.compactMap { item -> Completion? in
      guard let completion = Completion(item, isCalled: isCalled), isOffered(completion, typed) else { return nil }
      return completion
    }
    // The server ranks each answer by itself: several of them are put together by name.
    let sorted = found.sorted { isCut ? $0.name.lowercased() < $1.name.lowercased() : $0.order < $1.order }
    return reply(sorted, start..<place, code)
  }

  /// How many completions the server gives at most.
  private static let limit = 200

  /// All members of a type that has more: by their first letters.
  private func members(_ code: String, at place: Int, _ prologue: String, _ own: Int) async -> [JSON] {
    var all: [JSON] = []
    for letter in "abcdefghijklmnopqrstuvwxyz_" {
      let longer = code[utf8: 0..<place] + "\(letter)" + code[utf8: place..<code.utf8.count]
      let items = await completions(longer, at: place + 1, prologue, own)
      all += items.filter { item in
        let filter = item["filterText"]?.string ?? ""
        return filter.drop { $0 == "." }.lowercased().hasPrefix("\(letter)")
      }
    }
    return all
  }

  private func completions(_ code: String, at place: Int, _ prologue: String, _ own: Int) async -> [JSON] {
    // The same padding for all requests of a turn: there, the server shall go on with what it has.
    let document = CellDocument(prologue: prologue, code: code, padding: own % 2)
    let result = await ask("textDocument/completion", document, at: place, own)
    return result?["items"]?.array ?? []
  }

  private func isOffered(_ completion: Completion, _ typed: String) -> Bool {
    if completion.kind == "module", !modules.contains(completion.name) { return false }
    // What we write into cells ourselves.
    if completion.name.hasPrefix("_") && !typed.hasPrefix("_") { return false }
    return completion.name.lowercased().hasPrefix(typed.lowercased())
  }

  private func reply(_ completions: [Completion], _ range: Range<Int>, _ code: String) -> CompleteReply {
    let scalars = code.scalar(atOffset: range.lowerBound)..<code.scalar(atOffset: range.upperBound)
    return CompleteReply(completions, replacing: scalars)
  }

  // MARK: Inspection

  /// What the name at the cursor means, or the function whose arguments the cursor is among; nil if nobody knows.
  ///
  /// - Parameters:
  ///   - cursor: in Unicode scalars.
  ///   - detail: 0 and 1 are the same: the server knows declarations and their documentation, and no source of libraries.
  ///   - prologue: the lines of imports that the cell would begin with.
  package func inspect(_ code: String, cursor: Int, detail: Int, prologue: String) async -> MimeBundle? {
    let place = code.offset(ofScalar: cursor)
    let surroundings = CellCursor(code, at: place)
    guard surroundings.command == nil else { return nil }
    let own = await beginTurn()
    let inspection = Inspection(code: surroundings.swift, prologue: prologue, turn: own)
    var text: String?
    if let word = surroundings.word, !surroundings.isInText { text = await meaning(of: word, inspection) }
    if text == nil, let callee = surroundings.callee { text = await call(of: callee, at: place, inspection) }
    guard let text else { return nil }
    guard let name = Explanation.bareVariable(text), let comment = comment(on: name, inspection) else {
      return Explanation.bundle(text)
    }
    return Explanation.bundle("\(text)\n\(comment)")
  }

  private struct Inspection {
    var code: String
    let prologue: String
    let turn: Int

    /// Of the code up to a place alone: what comes there may not fit together yet.
    func cut(at end: Int, adding text: String = "") -> Inspection {
      Inspection(code: code[utf8: 0..<end] + text, prologue: prologue, turn: turn)
    }
  }

  private func meaning(of word: Range<Int>, _ inspection: Inspection) async -> String? {
    if let text = await hover(at: word.lowerBound, inspection) { return text }
    let cut = inspection.cut(at: word.upperBound)
    if let text = await hover(at: word.lowerBound, cut) { return text }
    return await signatures(at: word.upperBound + 1, inspection.cut(at: word.upperBound, adding: "("))
  }

  private func call(of callee: Range<Int>, at place: Int, _ inspection: Inspection) async -> String? {
    guard let signatures = await signatures(at: place, inspection) else { return await meaning(of: callee, inspection) }
    guard Explanation.makesValue(signatures) else { return signatures }
    // What the type is says more than how to make one.
    let type = await hover(at: callee.lowerBound, inspection.cut(at: callee.upperBound))
    return signatures + (type.map { "\n\n---\n\n" + $0 } ?? "")
  }

  private func hover(at place: Int, _ inspection: Inspection) async -> String? {
    let document = CellDocument(prologue: inspection.prologue, code: inspection.code)
    return await ask("textDocument/hover", document, at: place, inspection.turn).flatMap(Explanation.hover)
  }

  private func signatures(at place: Int, _ inspection: Inspection) async -> String? {
    let document = CellDocument(prologue: inspection.prologue, code: inspection.code)
    return await ask("textDocument/signatureHelp", document, at: place, inspection.turn)
      .flatMap(Explanation.signatures)
  }

  /// The comment on a variable of this cell or an earlier one: the compiler keeps those of all declarations but the variables of scripts.
  private func comment(on name: String, _ inspection: Inspection) -> String? {
    var source = inspection.prologue + inspection.code
    var seen: Set<Substring> = []
    while true {
      if let comment = VariableComments(in: source).comment(on: name) { return comment.isEmpty ? nil : comment }
      // The cell before, which each cell imports.
      guard let module = source.firstMatch(of: /@_exported import (Cell_\w+)/)?.output.1, seen.insert(module).inserted,
        let earlier = try? String(contentsOfFile: "\(compiler.folder)/\(module).swift", encoding: .utf8)
      else { return nil }
      source = earlier
    }
  }

  // MARK: Requests

  private func beginTurn() async -> Int {
    turn += 1
    let own = turn
    deadline = .now + timeLimit
    await server.cancel()
    return own
  }

  private func ask(_ method: String, _ document: CellDocument, at place: Int, _ own: Int) async -> JSON? {
    guard own == turn, prepare() else { return nil }
    // A second try is for a server that ended, of this cell or on its own.
    for _ in 0..<2 where own == turn && ContinuousClock.now < deadline {
      switch await server.ask(method, ["position": document.position(place)], about: document.text, until: deadline) {
      case .result(let result): return result == nil ? nil : result
      case .none: return nil
      case .ended: continue
      }
    }
    return nil
  }

  /// Tells the server how cells are compiled.
  private func prepare() -> Bool {
    guard !isPrepared else { return true }
    let file = server.file
    let folder = URL(filePath: file).deletingLastPathComponent()
    let arguments = ["swiftc", "-module-name", "Cell"] + compiler.languageArguments + [file]
    let commands: JSON = [
      ["directory": .string(folder.path), "file": .string(file), "arguments": .array(arguments.map { .string($0) })]
    ]
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: file))
      try Data(commands.encoded).write(to: folder.appending(path: "compile_commands.json"))
      isPrepared = true
    } catch {}  // then there are no completions
    return isPrepared
  }
}
