import ArgumentParser
import Foundation

struct NotebookCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "notebook", abstract: "Execute notebooks without a browser.", subcommands: [Run.self])

  struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Execute notebooks from the top; the first error ends it with exit status 1.",
      discussion: """
        A notebook is an .ipynb file, or Markdown with fenced Swift cells, as jupytext and MyST write it.

          glassbox notebook run Notebooks/digits.md --output digits.ipynb
        """)

    @Argument(help: ArgumentHelp("The notebooks.", valueName: "file"))
    var files: [String]

    @Option(
      help: ArgumentHelp("Write the notebook with its outputs here; for one notebook only.", valueName: "file.ipynb"))
    var output: String?

    func validate() throws {
      guard let output else { return }
      if files.count > 1 { throw ValidationError("--output takes one notebook, not \(files.count)") }
      if !output.hasSuffix(".ipynb") { throw ValidationError("--output must end in .ipynb") }
    }

    func run() throws {
      let checkout = try Checkout()
      for file in files where !Files.exist(file) || Files.isFolder(file) {
        throw NotebookError("There is no notebook \(file)")
      }
      let absent = Doctor.absentProducts(of: checkout)
      guard absent.isEmpty else {
        let commands = absent.map(Checkout.buildCommand).joined(separator: " && ")
        throw NotebookError("What runs notebooks is not built yet. In \(checkout.root): \(commands)")
      }
      try Program.become(checkout.kernel, ["run"] + files + (output.map { ["--output", $0] } ?? []))
    }
  }
}
