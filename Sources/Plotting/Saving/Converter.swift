import Foundation

/// vl-convert, which turns Vega-Lite into pictures: a Python package, run in a process of its own.
enum Converter {
  static let formats: Set = ["svg", "png", "pdf"]

  /// The pictures of a specification, as the bytes of a file. `path` is for messages.
  static func convert(_ specification: String, to format: String, for path: String) throws(ChartError) -> Data {
    let candidates = pythons
    for python in candidates {
      switch run(python, specification, format) {
      case .absent: continue
      case .failed(let message): throw .conversion(file: path, message: message)
      case .made(let bytes): return bytes
      }
    }
    throw .noConverter(file: path, tried: candidates)
  }

  /// The one that was asked for; or else that of the notebooks of the checkout in which the program was built, if there is one, and the
  /// one on the path.
  private static var pythons: [String] {
    let environment = ProcessInfo.processInfo.environment
    if let own = environment["GLASSBOX_PYTHON"], !own.isEmpty { return [own] }
    var folder = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      let notebooks = folder.appending(path: ".lab/venv/bin/python").path
      if FileManager.default.isExecutableFile(atPath: notebooks) { return [notebooks, "python3"] }
      folder.deleteLastPathComponent()
    }
    return ["python3"]
  }

  private enum Outcome {
    case absent
    case failed(String)
    case made(Data)
  }

  /// Ends with status 3 where vl-convert is missing, and 4, with a message, where it refuses.
  private static let script = """
    import sys
    try:
        import vl_convert
    except ImportError:
        sys.exit(3)
    try:
        kind, version = sys.argv[1], [v for v in vl_convert.get_vegalite_versions() if v.startswith("5.")][-1]
        options = {"png": {"scale": 2}, "html": {"bundle": True, "renderer": "svg"}}.get(kind, {})
        made = getattr(vl_convert, "vegalite_to_" + kind)(sys.stdin.read(), vl_version=version, **options)
        sys.stdout.buffer.write(made.encode() if isinstance(made, str) else made)
    except Exception as error:
        sys.stdout.write(str(error).strip().split("\\n")[0])
        sys.exit(4)
    """

  private static func run(_ python: String, _ specification: String, _ format: String) -> Outcome {
    // A file, since writing to the pipe of a process that has ended would end this one.
    let input = FileManager.default.temporaryDirectory.appending(path: "glassbox-chart-\(UUID().uuidString).json")
    defer { try? FileManager.default.removeItem(at: input) }
    do {
      try Data(specification.utf8).write(to: input)
      let process = Process()
      let output = Pipe()
      process.executableURL = URL(filePath: "/usr/bin/env")
      process.arguments = [python, "-c", script, format]
      process.standardInput = try FileHandle(forReadingFrom: input)
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      try process.run()
      let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
      process.waitUntilExit()
      switch (process.terminationReason, process.terminationStatus) {
      case (.exit, 0) where !bytes.isEmpty: return .made(bytes)
      case (.exit, 4): return .failed(String(decoding: bytes, as: UTF8.self))
      case (.exit, _): return .absent
      default: return .failed("\(python) ended by signal \(process.terminationStatus)")
      }
    } catch {
      return .failed("\(error.localizedDescription)")
    }
  }
}
