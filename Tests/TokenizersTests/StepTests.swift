import Testing
import Tokenizers

@Suite("A step of a tokeniser")
struct StepTests {
  @Test("takes white space once, though two added tokens ask for it")
  func addedTokens() throws {
    let model = WordModel(try Vocabulary(["a", "b", "[UNK]"]))
    let tokenizer = Tokenizer(
      .words(model), preTokenizer: .whitespaceSplit,
      added: [AddedToken("<x>", isSpecial: true, takesRight: true), AddedToken(" ", isSpecial: true, takesLeft: true)])
    // The numbers of Hugging Face's where the space takes none before it; where it does, theirs ends.
    #expect(tokenizer.ids(of: "<x>   a") == [3, 4, 4, 4, 0])
    #expect(tokenizer.ids(of: "<x>a  b") == [3, 0, 4, 4, 1])
    #expect(tokenizer.ids(of: " <x>  ") == [4, 3, 4, 4])
  }

  /// The numbers of Hugging Face's tokenizers 0.23.
  @Test(
    "joins the unknown token's own text with what is unknown beside it",
    arguments: [
      ("<unk>", [0]), ("<unk>zz", [0]), ("zz<unk>", [0]), ("a<unk>b", [1, 0, 2]), ("<unk><unk>", [0]),
      ("z<unk>a<unk>z", [0, 1, 0]), ("a<unk>z<unk>b", [1, 0, 2]),
    ])
  func unigrams(text: String, ids: [Int]) throws {
    let tokenizer = Tokenizer(.unigrams(try UnigramModel([("<unk>", 0), ("a", -1), ("b", -2)], unknown: 0)))
    #expect(tokenizer.ids(of: text) == ids)
  }

  @Test("takes off no more than it is told, and nothing where that is less than none")
  func strip() {
    #expect(TokenDecoder.strip(" ", start: 2, end: 1).text(of: ["   a  ", "b "]) == " a b")
    #expect(TokenDecoder.strip(" ", start: -1, end: .max).text(of: ["  a  "]) == "  a")
    #expect(TokenDecoder.strip(" ", start: .max, end: .max).text(of: ["   "]) == "")
  }

  @Test("cuts off everything at a length below none")
  func length() throws {
    var tokenizer = try Tokenizer.words(of: ["a b"])
    tokenizer.maximumLength = -1
    #expect(tokenizer.ids(of: "a b") == [] && tokenizer.ids(of: "a b", hasSpecials: false) == [])
  }

  @Test("has a line's two end characters as two, by a pattern that Hugging Face's takes too")
  func characters() throws {
    let tokenizer = try Tokenizer.characters(of: ["a\r\n\u{2028}"], specials: [])
    #expect(tokenizer.vocabularySize == 4 && tokenizer.tokens(of: "\r\na") == ["\r", "\n", "a"])
    #expect(tokenizer.json.contains(#""pattern":{"Regex":"[\\s\\S]"}"#))
  }
}
