import NotebookKernel
import Testing

@Suite("A line for the kernel")
struct CommandTests {
  @Test("tells times, memory, the environment, and what there is")
  func tells() async throws {
    let notebook = try await OpenNotebook()
    #expect(await notebook.run("%memory").text == "no process runs cells\n")
    #expect(
      await notebook.run("%time\nlet x = 1\nx").text.wholeMatch(
        of: /=1compiled in [0-9]+\.[0-9]{2} s, ran in [0-9]+\.[0-9]{2} s\n/) != nil)
    #expect(await notebook.run("%memory").text.wholeMatch(of: /[0-9]+ MB in use, [0-9]+ MB at most\n/) != nil)
    let environment = await notebook.run("%environment").text
    #expect(environment.contains("Swift version ") && environment.contains("libGlassboxNotebook.so"))
    let help = await notebook.run("%help").text
    #expect(help.hasPrefix("?"))
    for name in ["time", "limit SECONDS", "memory", "environment", "restart", "help"] {
      #expect(help.contains("%\(name)"), "\(help)")
    }
  }

  @Test("that is none is named, with those that there are, and the cell does not run")
  func unknown() async throws {
    let notebook = try await OpenNotebook()
    let shown = await notebook.run("%matplotlib inline\nprint(1)")
    #expect(shown.items.isEmpty && shown.error?.value == "%matplotlib is no command of this kernel")
    #expect(shown.traceback.contains("%restart"))
    #expect(await notebook.run("%limit soon\n1").error?.value.contains("%limit 2.5") == true)
  }
}
