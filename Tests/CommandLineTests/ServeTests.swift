import Foundation
import Testing

@Suite("glassbox serve")
struct ServeTests {
  @Test("becomes the server with all that is asked, and builds it where it is absent")
  func becomes() throws {
    let checkout = try FakeCheckout(in: TemporaryFolder())
    let server = checkout.path(".build/release/glassbox-server")
    try checkout.script("printf '<%s>' \"$@\"; exit 3", "server")
    try checkout.script(
      "echo \"swift $*\" >> '\(checkout.path("log"))'; cp '\(checkout.path("server"))' '\(server)'",
      "../toolchain/bin/swift")
    let first = try checkout.run(["serve", "my run", "--port", "0"])
    #expect(first.status == 3 && first.errors.isEmpty)
    #expect(first.output == "building glassbox-server\n<my run><--port><0>")
    let second = try checkout.run(["serve", "--help"])
    #expect(second.status == 3 && second.output == "<--help>")
    #expect(checkout.log == ["swift build --package-path \(checkout.root) -c release --product glassbox-server"])
  }

  @Test("says that the server could not be built")
  func build() throws {
    let checkout = try FakeCheckout(in: TemporaryFolder())
    try checkout.script("exit 1", "../toolchain/bin/swift")
    #expect(try checkout.run(["serve", "run"]).errorLine().contains("glassbox-server could not be built"))
  }
}
