import ArgumentParser

/// Becomes `glassbox-server`, which reads the options itself. What builds and starts `glassbox` has nothing to do with HTTP.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer requests over HTTP with a trained model.", helpNames: [])

  @Argument(
    parsing: .captureForPassthrough, help: ArgumentHelp("A run and options: --help lists them.", valueName: "run"))
  var arguments: [String] = []

  func run() throws {
    let name = "glassbox-server"
    var program = Files.folder(of: "/proc/self/exe") + "/" + name
    if !Files.isProgram(program) {
      let checkout = try Checkout()
      try checkout.build([name], Program.environment)
      program = checkout.buildFolder + "/" + name
    }
    try Program.become(program, arguments)
  }
}
