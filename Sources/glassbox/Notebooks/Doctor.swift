import Foundation

/// Looks at everything that notebooks need.
struct Doctor {
  let checkout: Checkout

  struct Finding {
    enum State: String {
      case fine = "ok"
      case note, missing
    }
    let state: State
    let subject: String
    let detail: String
    var remedy: String?

    var text: String {
      let head = Self.column(state.rawValue, 9) + Self.column(subject, 14)
      return head + detail + (remedy.map { "\n" + Self.column("", 23) + "→ \($0)" } ?? "")
    }

    private static func column(_ text: String, _ width: Int) -> String {
      text.padding(toLength: width, withPad: " ", startingAt: 0)
    }
  }

  /// - Parameter tell: Gets each finding as soon as it is there: the last ones take a second.
  func examine(_ tell: (Finding) -> Void) -> [Finding] {
    var findings: [Finding] = []
    for look in [toolchain, products, library, age, python, jupyter, kernels, charts, cell] {
      findings.append(look())
      tell(findings[findings.count - 1])
    }
    return findings
  }

  /// What `swift build` has not made yet.
  static func absentProducts(of checkout: Checkout) -> [String] {
    let files = [checkout.library, checkout.host, checkout.kernel]
    return zip(Checkout.products, files).filter { !Files.exist($1) }.map { $0.0 }
  }

  private func toolchain() -> Finding {
    let toolchain: SwiftToolchain
    do { toolchain = try SwiftToolchain() } catch {
      return Finding(state: .missing, subject: "toolchain", detail: "\(error)")
    }
    let needed = ["swift-frontend", "swift-autolink-extract", "ld.lld"]
    let absent = needed.filter { !Files.isProgram("\(toolchain.root)/bin/\($0)") }
    if !absent.isEmpty {
      return Finding(
        state: .missing, subject: "toolchain", detail: "\(toolchain.root) has no \(absent.joined(separator: ", "))",
        remedy: "install a whole toolchain: https://www.swift.org/install/linux/")
    }
    if !Files.isProgram("\(toolchain.root)/bin/sourcekit-lsp") {
      return Finding(
        state: .note, subject: "toolchain", detail: "\(toolchain.root) has no sourcekit-lsp: nothing is completed",
        remedy: "install a whole toolchain: https://www.swift.org/install/linux/")
    }
    return Finding(state: .fine, subject: "toolchain", detail: "\(toolchain.version) in \(toolchain.root)")
  }

  private func products() -> Finding {
    let absent = Self.absentProducts(of: checkout)
    return absent.isEmpty
      ? Finding(state: .fine, subject: "programs", detail: checkout.buildFolder)
      : Finding(
        state: .missing, subject: "programs", detail: "not built: \(absent.joined(separator: ", "))",
        remedy: "in \(checkout.root): \(absent.map(Checkout.buildCommand).joined(separator: " && "))")
  }

  /// Modules are read only by the compiler that made them.
  private func library() -> Finding {
    let subject = "library"
    let module = checkout.buildFolder + "/Modules/NotebookDisplay.swiftmodule"
    guard let built = SwiftToolchain.version(ofModule: module) else {
      return Finding(
        state: .missing, subject: subject, detail: "\(module) is no compiled module",
        remedy: "in \(checkout.root): \(Checkout.buildCommand(Checkout.products[0]))")
    }
    guard let toolchain = try? SwiftToolchain() else {
      return Finding(
        state: .note, subject: subject, detail: "built by \(built); there is no toolchain to compare it with")
    }
    if toolchain.version == built { return Finding(state: .fine, subject: subject, detail: "built by this toolchain") }
    return Finding(
      state: .missing, subject: subject,
      detail: "built by \(built), but the toolchain is \(toolchain.version), which can't read its modules",
      remedy: "in \(checkout.root): swift package clean, then glassbox lab; or name the other toolchain in "
        + "GLASSBOX_TOOLCHAIN")
  }

  private func age() -> Finding {
    let built = [checkout.library, checkout.host, checkout.kernel].compactMap(Self.changed).max()
    guard let built else { return Finding(state: .note, subject: "age", detail: "nothing is built yet") }
    // What only this program and the server are made of is not part of them.
    let others = ["glassbox", "glassbox-server", "Serving", "ExampleExtractor"]
    let targets = Files.names(in: checkout.root + "/Sources").filter { !others.contains($0) }
    for target in targets {
      let folder = "\(checkout.root)/Sources/\(target)"
      for case let file as String in FileManager.default.enumerator(atPath: folder) ?? .init() {
        if let time = Self.changed("\(folder)/\(file)"), time > built, !Files.isFolder("\(folder)/\(file)") {
          return Finding(
            state: .note, subject: "age", detail: "Sources/\(target)/\(file) was changed after the last build",
            remedy: "glassbox lab builds again")
        }
      }
    }
    return Finding(state: .fine, subject: "age", detail: "built after the last change to the sources")
  }

  private static func changed(_ path: String) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: path))?[.modificationDate] as? Date
  }

  private func python() -> Finding {
    guard let python = Program.find("python3"), let answer = Program.ask(python, ["--version"]), answer.succeeded else {
      return Finding(
        state: .missing, subject: "python", detail: "there is no working python3 on the PATH",
        remedy: "apt-get install python3-venv")
    }
    return Finding(state: .fine, subject: "python", detail: "\(answer.firstLine), \(python)")
  }

  private func jupyter() -> Finding {
    let lab = LabEnvironment(checkout)
    if let own = Program.find("jupyter"), let answer = Program.ask(own, ["--version"]), answer.succeeded {
      let lines = answer.text.split(separator: "\n").filter {
        !$0.hasPrefix("Selected") && !$0.contains("not installed")
      }
      let versions = lines.map { $0.split(separator: ":").map { $0.trimmingCharacters(in: .whitespaces) } }
        .filter { $0.count == 2 && ["jupyterlab", "notebook", "jupyter_client"].contains($0[0]) }
      let said = versions.map { $0.joined(separator: " ") }.joined(separator: ", ")
      return Finding(state: .fine, subject: "jupyter", detail: "\(own)\(said.isEmpty ? "" : ", ")\(said)")
    }
    if lab.isPrepared { return Finding(state: .fine, subject: "jupyter", detail: "\(lab.venv), that of glassbox lab") }
    return Finding(
      state: .missing, subject: "jupyter", detail: "there is none on the PATH, and none that glassbox lab made",
      remedy: "glassbox lab, or put your own on the PATH")
  }

  private func kernels() -> Finding {
    let subject = "kernel"
    var faults: [String] = []
    var found: [String] = []
    for data in JupyterFolders.all(checkout) {
      for name in Files.names(in: data + "/kernels") where !name.hasPrefix(".") {
        let folder = KernelFolder(named: name, in: data)
        switch folder.content {
        case .glassbox(let spec) where spec.metadata.glassbox.checkout == checkout.root:
          found.append(folder.path)
          faults += Self.faults(of: spec).map { "\(folder.path): \($0)" }
        case .other(let what) where name == KernelSpec.name: faults.append("\(folder.path) holds \(what)")
        default: continue
        }
      }
    }
    if !faults.isEmpty {
      return Finding(
        state: .missing, subject: subject, detail: faults.joined(separator: "; "),
        remedy: "glassbox kernel install --replace, in the same place; or remove the folder")
    }
    if found.isEmpty {
      return Finding(
        state: .missing, subject: subject, detail: "no Jupyter knows of this checkout's kernel",
        remedy: "glassbox kernel install, or glassbox lab")
    }
    return Finding(state: .fine, subject: subject, detail: found.joined(separator: ", "))
  }

  private static func faults(of spec: KernelSpec) -> [String] {
    var faults: [String] = []
    if let program = spec.argv.first, !Files.isProgram(program) { faults.append("\(program) is not there") }
    if !spec.argv.contains("{connection_file}") { faults.append("argv lacks {connection_file}") }
    if let toolchain = spec.env["GLASSBOX_TOOLCHAIN"], !Files.isProgram(toolchain + "/bin/swiftc") {
      faults.append("the toolchain \(toolchain) is not there")
    }
    if let python = spec.env["GLASSBOX_PYTHON"], !Files.isProgram(python) {
      faults.append("\(python), which has vl-convert, is not there")
    }
    return faults
  }

  /// Charts are drawn by Jupyter; as files of SVG and PNG they take vl-convert.
  private func charts() -> Finding {
    let own = Program.environment["GLASSBOX_PYTHON"].flatMap { $0.isEmpty ? nil : $0 }
    let candidates =
      own.map { [$0] } ?? [LabEnvironment(checkout).python] + (Program.find("python3").map { [$0] } ?? [])
    for python in candidates where Files.isProgram(python) {
      let answer = Program.ask(python, ["-c", "import vl_convert; print(vl_convert.__version__)"])
      if let answer, answer.succeeded {
        return Finding(state: .fine, subject: "vl-convert", detail: "\(answer.firstLine), \(python)")
      }
    }
    return Finding(
      state: .missing, subject: "vl-convert", detail: "no Python has it: charts can't be saved as SVG, PNG and PDF",
      remedy: "glassbox lab, or python3 -m pip install vl-convert-python")
  }

  /// The whole way: a notebook with one cell, without Jupyter.
  private func cell() -> Finding {
    let subject = "a cell"
    let absent = Self.absentProducts(of: checkout)
    if !absent.isEmpty {
      return Finding(
        state: .missing, subject: subject, detail: "can't be run without \(absent.joined(separator: ", "))")
    }
    let folder = FileManager.default.temporaryDirectory.appending(path: "glassbox-doctor-\(UUID().uuidString)").path
    defer { try? Files.remove(folder) }
    do {
      try Files.makeFolder(folder)
      try Files.write(Self.notebook, to: folder + "/one.ipynb")
    } catch {
      return Finding(state: .missing, subject: subject, detail: "\(error)")
    }
    let begin = Date()
    let answer = Program.ask(checkout.kernel, ["run", folder + "/one.ipynb"], seconds: 60)
    if let answer, answer.succeeded {
      let seconds = String(format: "%.1f", -begin.timeIntervalSinceNow)
      return Finding(state: .fine, subject: subject, detail: "compiles and runs in \(seconds) s")
    }
    let said = answer.map { String($0.text.suffix(600)) } ?? "it is not done after a minute"
    return Finding(
      state: .missing, subject: subject, detail: "does not run: \(said.replacing("\n", with: " "))",
      remedy: "glassbox lab builds what may be half built")
  }

  private static let notebook = """
    {"cells": [{"cell_type": "code", "execution_count": null, "id": "one", "metadata": {}, "outputs": [],
      "source": ["let answer = 6 * 7\\n", "print(answer)"]}],
     "metadata": {"kernelspec": {"display_name": "Swift (Glassbox)", "language": "swift", "name": "glassbox"}},
     "nbformat": 4, "nbformat_minor": 5}

    """
}
