import NotebookDisplay
import Testing

@Suite("Numbers as text")
struct NumberTextTests {
  @Test(
    "numbers are written with a fixed number of decimals",
    arguments: [
      (0.98765, 2, "0.99"), (12.0, 0, "12"), (-0.004, 2, "0.00"), (-1.25, 1, "-1.3"), (0.05, 4, "0.0500"),
      (999.996, 2, "1000.00"),
      (.nan, 2, "nan"), (-.infinity, 1, "-inf"),
    ])
  func decimals(_ number: Double, _ decimals: Int, _ text: String) {
    #expect(number.formatted(decimals: decimals) == text)
  }

  @Test("times", arguments: [(0.4, "0:00"), (59.6, "1:00"), (3599.0, "59:59"), (3600.0, "1:00:00"), (.nan, "0:00")])
  func times(_ seconds: Double, _ text: String) { #expect(seconds.formattedAsTime == text) }

  @Test(
    "thousands",
    arguments: [(0.0, "0"), (999.4, "999"), (1000.0, "1,000"), (1234567.0, "1,234,567"), (-1000.0, "-1,000")])
  func thousands(_ number: Double, _ text: String) { #expect(number.formattedInThousands == text) }
}
