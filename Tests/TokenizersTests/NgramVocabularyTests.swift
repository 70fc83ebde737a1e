import Foundation
import Testing
import Tokenizers

@Suite("Numbers of n-grams")
struct NgramVocabularyTests {
  private let vocabulary = NgramVocabulary(of: [[7, 8, 9], [7, 8], [9]], order: 3)

  private func columns() throws -> [String: Any] {
    let json = try JSONSerialization.jsonObject(with: try JSONEncoder().encode(vocabulary))
    return try #require(json as? [String: Any])
  }

  private func reading(_ columns: [String: Any]) throws -> NgramVocabulary {
    try JSONDecoder().decode(NgramVocabulary.self, from: try JSONSerialization.data(withJSONObject: columns))
  }

  @Test("go by how many texts have them, and come back from a file")
  func numbers() throws {
    // In two texts: 7, 7 8, 8 and 9; in one: 7 8 9 and 8 9.
    #expect(vocabulary.ngrams == [[], [7], [7, 8], [8], [9], [7, 8, 9], [8, 9]])
    #expect(vocabulary.ids(of: [8, 9, 7, 1]) == [1, 3, 4, 6])
    let again = try reading(columns())
    #expect(again == vocabulary && again.ngrams == vocabulary.ngrams)
  }

  @Test("are of runs of 1 to 100")
  func orders() {
    #expect(NgramVocabulary(of: [[1, 2]], order: .max).order == 100)
    #expect(NgramVocabulary(of: [[1, 2]], order: -1).ngrams == [[], [1], [2]])
  }

  @Test(
    "from a file that contradicts itself are refused",
    arguments: [
      ("order", [-1]), ("order", [.max]), ("order", [2]), ("count", [0]), ("count", [.max]), ("count", [6]),
      ("prefixes", [0, 1, 2, 0]), ("tokens", [7, 8, 9, 7, 9, 9]), ("numbers", [1, 2, 5, 3, 4, 4]),
      ("numbers", [1, 2, 5, 3, 6, 0]), ("runs", [1, 2, 3, 4, 5, 5]), ("prefixes", [1, 1, 2, 0, 4, 0]),
      ("prefixes", [0, 1, 2, 0, 4, 99]),
    ])
  func contradictions(name: String, values: [Int]) throws {
    var columns = try columns()
    columns[name] = ["order", "count"].contains(name) ? values[0] : values
    #expect(throws: DecodingError.self) { try reading(columns) }
  }
}
