import Testing
import Tokenizers

@Suite("A tokeniser learned from texts")
struct TrainingTests {
  private let texts = ["the cat sat on the mat", "the bat and the cat", "a mat, a hat"]

  @Test("by byte pairs gives every text back, and knows its special tokens")
  func bytePairs() throws {
    let tokenizer = try Tokenizer.bytePairs(of: texts, size: 266, specials: ["<|endoftext|>"])
    #expect(tokenizer.vocabularySize == 266)
    for text in texts + ["Ünïcödé 👩‍👩‍👧‍👦\t\r\n\0", "", "  two  spaces "] {
      #expect(tokenizer.text(of: tokenizer.ids(of: text)) == text)
    }
    #expect(tokenizer.id(of: "<|endoftext|>") == 0)
    #expect(tokenizer.tokens(of: "the cat<|endoftext|>") == ["the", "Ġcat", "<|endoftext|>"])
  }

  @Test("merges the most frequent pairs first, and of equally frequent ones that with the lower numbers")
  func order() throws {
    guard case .bytePairs(let model) = try Tokenizer.bytePairs(of: ["ab ab ac ac"], size: 258, minimumCount: 1).model
    else {
      Issue.record("another model")
      return
    }
    // "Ġa" comes three times; then "Ġab" once and "ab" once, "Ġac" and so on.
    #expect(model.merges.map { $0.first + " " + $0.second } == ["Ġ a", "Ġa c"])
  }

  @Test("by words numbers them by how often they come, and what is rare is unknown")
  func words() throws {
    let tokenizer = try Tokenizer.words(of: texts, minimumCount: 2)
    #expect(tokenizer.tokens(of: "The hat, the cat") == ["the", "<unk>", "<unk>", "the", "cat"])
    #expect(tokenizer.ids(of: "the") == [2])
    #expect(try Tokenizer.words(of: texts, size: 4).vocabularySize == 4)
  }

  @Test("by characters gives every known text back")
  func characters() throws {
    let tokenizer = try Tokenizer.characters(of: ["line one\nline two"])
    #expect(tokenizer.text(of: tokenizer.ids(of: "two\nlines")) == "two\nline")
    #expect(tokenizer.tokens(of: "one!") == ["o", "n", "e", "<unk>"])
  }

  @Test("is cut off behind the special tokens' room, a pair at its longer text")
  func lengths() throws {
    var tokenizer = try Tokenizer.words(of: texts)
    tokenizer.template = .bert(start: 0, separator: 1)
    tokenizer.maximumLength = 5
    #expect(tokenizer.ids(of: "the cat sat on the mat").count == 5)
    let pair = tokenizer.sequence(of: "the cat sat", "a")
    #expect(pair.ids.count == 5 && pair.segments == [0, 0, 0, 1, 1])
    tokenizer.maximumLength = 2
    #expect(tokenizer.ids(of: "the cat") == [0, 1])
  }
}
