import ClassicML
import Foundation
import TensorCore
import TensorIO
import Testing

/// What scikit-learn computed: Tests/Goldens/classic_selection.safetensors, written by scripts/goldens/classic_selection.py.
enum SelectionGoldens {
  static let tensors: [String: Tensor] = {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return (try? SafeTensors(contentsOf: folder.appending(path: "Goldens/classic_selection.safetensors")).tensors())
      ?? [:]
  }()

  static func tensor(_ name: String) throws -> Tensor { try #require(tensors[name], "no golden \(name)") }

  static func matrix(_ name: String, columnCount: Int) throws -> SparseMatrix {
    SparseMatrix(
      starts: try tensor("texts/\(name).starts").scalars(as: Int.self),
      columns: try tensor("texts/\(name).columns").scalars(as: Int32.self),
      values: try tensor("texts/\(name).values").scalars(as: Double.self), columnCount: columnCount)
  }

  static func terms(_ name: String) throws -> [String] {
    let bytes = try tensor("texts/\(name).terms").scalars(as: UInt8.self)
    return String(decoding: bytes, as: UTF8.self).unicodeScalars.split(separator: "\n").map { String($0) }
  }

  /// The script's texts.
  static let texts = [
    "The film was good; a very good film indeed!", "Don't see it -- it's bad, BAD, bad...", "",
    "Naïve café-goers paid 3 € for ½ a coffee_to_go at № 12", "ΟΔΥΣΣΕΥΣ και ΣΟΦΟΣ: Σ σ ΑΣ.",
    "İstanbul'da ÇİÇEK ve IŞIK", "東京は日本の首都です。 京都 も 1２３", "हिन्दी में लिखा है",
    "one  two\t\tthree\n four\u{a0}\u{2003}five \u{1c} six", "x y z single letters", "the the the the",
    "Ǆungla ǈubav ẞ straße Ⓐ ⅷ ² x² 𝔘nicode 𝟙𝟚 😀 smile", "good film good film good film",
  ]
}

func expectEqual(_ found: SparseMatrix, _ expected: SparseMatrix, tolerance: Double = 1e-14) {
  #expect(found.columnCount == expected.columnCount)
  #expect(found.starts == expected.starts)
  #expect(found.columns == expected.columns)
  #expect(zip(found.values, expected.values).allSatisfy { abs($0 - $1) <= tolerance * max(1, abs($1)) })
}
