import Foundation

/// Writes a Swift file with one test for each example in the given files: `ExampleExtractor NAME OUTPUT ROOT MODULE,… FILE…`.
@main
struct Command {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard arguments.count >= 4 else {
      FileHandle.standardError.write(Data("usage: ExampleExtractor NAME OUTPUT ROOT MODULE,… FILE…\n".utf8))
      exit(64)
    }
    let (name, output, root) = (arguments[0], arguments[1], arguments[2])
    let modules = arguments[3].split(separator: ",").map(String.init)
    let examples = try arguments[4...].flatMap { path in
      let text = try String(contentsOfFile: path, encoding: .utf8)
      return Example.all(in: text, path: path, isMarkdown: path.hasSuffix(".md"))
    }
    let generated = TestFile(name: name, modules: modules, root: root).text(of: examples)
    try generated.write(toFile: output, atomically: true, encoding: .utf8)
  }
}
