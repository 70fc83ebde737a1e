extension ResultPage {
  /// A horizontal bar with its name and value.
  public struct Bar: Sendable, Hashable {
    public var name: String
    public var value: Double
    /// What stands behind the value as ± it; nil for nothing.
    public var spread: Double?

    public init(_ name: String, _ value: Double, spread: Double? = nil) {
      (self.name, self.value, self.spread) = (name, value, spread)
    }
  }
}

extension [ResultPage.Bar] {
  /// The longest bar fills its column; values below 0 have none.
  var markup: Markup {
    let longest = map(\.value).filter(\.isFinite).max() ?? 0
    let rows = map { bar in
      let share = longest > 0 && bar.value.isFinite ? Swift.max(0, bar.value / longest) : 0
      let value = bar.value.short + (bar.spread.map { " ± \($0.short)" } ?? "")
      return Markup.element(
        "tr",
        [
          .element("th", [.text(bar.name)]),
          .element(
            "td", ["class": "track"],
            [.element("div", ["class": "bar", "style": "width: \((share * 100).decimal(1))%"], [])]),
          .element("td", ["class": "number"], [.text(value)]),
        ])
    }
    return .element("div", ["class": "scroll"], [.element("table", ["class": "bars"], rows)])
  }
}
