import Foundation
import NotebookDisplay
import Testing

@Suite("JSON")
struct JSONTests {
  static let value: JSON = [
    "text": "a \"quote\", a \\, a line\n, \u{1}\u{1f}\u{7f}, é, 🦉, \u{2028}, </script>",
    "numbers": [0, -7, 1.5, 1e-300, 1e300],
    "flags": [true, false, nil], "empty": [[:], [], ""],
  ]

  @Test("is read by Foundation as it was meant")
  func foundation() throws {
    let read = try #require(try JSONSerialization.jsonObject(with: Data(Self.value.encoded)) as? [String: Any])
    #expect(read["text"] as? String == Self.value["text"]?.string)
    #expect(read["numbers"] as? [Double] == [0, -7, 1.5, 1e-300, 1e300])
    #expect((read["flags"] as? [Any])?.map { $0 as? Bool } == [true, false, nil])
    #expect((read["empty"] as? [Any])?.count == 3)
  }

  @Test("has null for numbers that JSON does not have, and no more digits than it takes")
  func numbers() {
    let value: JSON = [.number(.nan), .number(-.infinity), 2.0, 2, 0.1, -0.0, 1e16, .integer(.max)]
    #expect(value.text == "[null,null,2,2,0.1,0,1e+16,9223372036854775807]")
  }

  @Test("has its members in the order of their names, and can stand in a page's script")
  func text() {
    let value: JSON = ["b": 1, "a": ["d": nil, "c": "</script>"]]
    #expect(value.text == #"{"a":{"c":"\u003c/script>","d":null},"b":1}"#)
  }

  @Test("takes in the members of another, and its members' members")
  func merging() {
    let own: JSON = ["a": ["x": 1, "y": 2], "b": 3]
    #expect(own.merging(["a": ["y": 4], "c": 5]) == ["a": ["x": 1, "y": 4], "b": 3, "c": 5])
    #expect(own.merging(["a": 1])["a"] == 1)
  }

  @Test("is changed by the names of its members")
  func subscripts() {
    var value: JSON = ["a": ["b": 1]]
    value["a"]?["b"] = nil
    value["c"] = [true]
    #expect(value == ["a": [:], "c": [true]])
    var list: JSON = [1]
    list["a"] = 2
    #expect(list == [1] && list["a"] == nil)
  }
}
