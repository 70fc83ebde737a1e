import ArgumentParser
import Foundation

struct KernelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "kernel", abstract: "Add Swift to a Jupyter that you have, remove it, and find out what is missing.",
    subcommands: [Install.self, Uninstall.self, DoctorCommand.self])

  struct Install: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Tell Jupyter of this checkout's kernel.",
      discussion: """
        Jupyter itself need not be on the PATH. What the kernel needs is built by 'glassbox lab', or by:

        \(Checkout.products.map { "  " + Checkout.buildCommand($0) }.joined(separator: "\n"))
        """)

    @OptionGroup var place: KernelPlace

    @Flag(help: "Also in place of another kernel, or another checkout's.")
    var replace = false

    func run() throws {
      let checkout = try Checkout()
      let folder = try place.folder()
      let lab = LabEnvironment(checkout)
      let spec = try KernelSpec(checkout, SwiftToolchain(), python: lab.isPrepared ? lab.python : nil)
      let isReplaced = try folder.install(spec, replacing: replace)
      Output.line("\(isReplaced ? "renewed" : "installed")  \(folder.path)")
      for product in Doctor.absentProducts(of: checkout) {
        Output.line("missing    \(product): \(Checkout.buildCommand(product))")
      }
    }
  }

  struct Uninstall: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Remove this checkout's kernel from Jupyter.")

    @OptionGroup var place: KernelPlace

    func run() throws {
      let folder = try place.folder()
      try folder.uninstall(Checkout())
      Output.line("removed  \(folder.path)")
    }
  }

  struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "doctor", abstract: "Check all that notebooks need; the exit status is 1 when something is missing.")

    func run() throws {
      let findings = Doctor(checkout: try Checkout()).examine { Output.line($0.text) }
      let count = findings.count { $0.state == .missing }
      if count > 0 {
        throw NotebookError(
          "\(count) of \(findings.count) things that notebooks need \(count == 1 ? "is" : "are") missing")
      }
    }
  }
}
