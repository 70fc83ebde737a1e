import Foundation
import Testing

@Suite("A lesson from scratch")
struct LessonTests {
  @Test("is one file of at most 80 lines that imports tensors alone, and takes no derivative from the tape")
  func size() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let files = try FileManager.default.contentsOfDirectory(
      at: root.appending(path: "Sources/FromScratch"), includingPropertiesForKeys: nil)
    #expect(files.count >= 5)
    for file in files {
      let text = try String(contentsOf: file, encoding: .utf8)
      let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
      #expect(lines.count <= 80, "\(file.lastPathComponent) has \(lines.count) lines")
      #expect(lines.filter { $0.hasPrefix("import ") } == ["import TensorCore"])
      for word in ["backward()", "requiringGradient", "valueWithGradient", "gradients(of:"] {
        #expect(!text.contains(word), "\(file.lastPathComponent)")
      }
    }
  }
}
