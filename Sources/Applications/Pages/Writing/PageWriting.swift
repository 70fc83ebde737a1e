extension ResultPage {
  /// The file's text.
  public var html: String {
    let head = Markup.element(
      "head",
      [
        .element("meta", ["charset": "utf-8"], []),
        .element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"], []),
        .element("meta", ["name": "color-scheme", "content": "light dark"], []),
        // The browser too is told that nothing is to be loaded or run.
        .element(
          "meta",
          [
            "http-equiv": "Content-Security-Policy",
            "content": "default-src 'none'; img-src data:; style-src 'unsafe-inline'",
          ], []),
        .element("title", [.text(title)]),
        .style(PageStyle.sheet),
      ])
    let body = Markup.element("body", [.element("main", [header, summary] + sections.map(\.markup))])
    return "<!DOCTYPE html>\n" + Markup.element("html", ["lang": "en"], [head, body]).html + "\n"
  }

  private var header: Markup {
    let line = subtitle.isEmpty ? [] : [Markup.element("p", ["class": "subtitle"], [.text(subtitle)])]
    return .element("header", [.element("h1", [.text(title)])] + line)
  }

  private var summary: Markup {
    let cards = Markup.element("div", ["class": "figures"], figures.map(\.markup))
    let list = facts.flatMap { fact in
      [Markup.element("dt", [.text(fact.name)]), .element("dd", [.text(fact.value)])]
    }
    return .element(
      "section",
      (figures.isEmpty ? [] : [cards]) + (facts.isEmpty ? [] : [.element("dl", list)]))
  }
}

extension ResultPage.Figure {
  fileprivate var markup: Markup {
    var lines = [
      Markup.element("div", ["class": "name"], [.text(name)]), .element("div", ["class": "value"], [.text(text)]),
    ]
    if let aimText {
      let mark = isReached == true ? "✓ " : "✗ "
      lines.append(
        .element("div", ["class": isReached == true ? "aim reached" : "aim missed"], [.text(mark + aimText)]))
    }
    return .element("div", ["class": "figure"], lines)
  }
}

extension ResultPage.Section {
  fileprivate var markup: Markup {
    .element("section", [.element("h2", [.text(title)])] + blocks.map(\.markup))
  }
}

extension ResultPage.Block {
  fileprivate var markup: Markup {
    switch self {
    case .text(let text): .element("p", [.text(text)])
    case .passage(let text): .element("pre", [.text(text)])
    case .grid(let grid): grid.markup
    case .beside(let blocks): .element("div", ["class": "beside"], blocks.map(\.markup))
    case .plots(let plots): .element("div", ["class": "plots"], plots.map(\.markup))
    case .bars(let bars): bars.markup
    case .confusion(let confusion): confusion.markup
    case .pictures(let pictures): pictures.markup
    case .folded(let title, let blocks):
      .element("details", [.element("summary", [.text(title)])] + blocks.map(\.markup))
    }
  }
}
