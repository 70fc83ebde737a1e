import NotebookDisplay

extension Chart {
  /// Colours of paper and ink, and the palette of the series.
  ///
  /// The palette is that of Okabe and Ito, "Color Universal Design" (2008), whose colours people with any kind of colour
  /// blindness can tell apart; the order begins with those that stand out from the paper.
  ///
  /// ```swift
  /// Chart.Theme.light.palette.count  // → 8
  /// Set(Chart.Theme.light.palette.dropLast()).isSubset(of: Chart.Theme.dark.palette)  // → true
  /// ```
  public enum Theme: String, Sendable, Hashable, CaseIterable {
    case light
    case dark
    /// The ink of the page around the chart, on its paper: a notebook's, whether it is light or dark, and whenever that changes.
    case page

    /// As CSS writes colours. The eighth is the ink.
    public var palette: [String] {
      switch self {
      case .light: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "#1F2328"]
      case .page: ["#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442", "currentColor"]
      case .dark: ["#56B4E9", "#E69F00", "#009E73", "#CC79A7", "#F0E442", "#D55E00", "#0072B2", "#E6E6E6"]
      }
    }

    var ink: String { chosen("#1F2328", "#E6E6E6", "currentColor") }
    var paper: String { chosen("#FFFFFF", "#16181D", "transparent") }
    private var grid: String { chosen("#E4E7EB", "#32363E", "rgba(128, 128, 128, 0.25)") }
    private var frame: String { chosen("#9AA3AD", "#6B727D", "#808890") }

    private func chosen(_ light: String, _ dark: String, _ page: String) -> String {
      switch self {
      case .light: light
      case .dark: dark
      case .page: page
      }
    }

    /// Vega-Lite's `config`.
    var configuration: JSON {
      let (ink, grid, frame) = (JSON.string(ink), JSON.string(grid), JSON.string(frame))
      let labels: JSON = ["labelColor": ink, "labelFontSize": 12, "titleColor": ink, "titleFontSize": 13]
      let axis: JSON = [
        "domainColor": frame, "gridColor": grid, "tickColor": frame, "titleFontWeight": "normal", "titlePadding": 8,
        "labelSeparation": 6,
      ]
      return [
        "axis": labels.merging(axis),
        "legend": labels.merging(["titleFontWeight": "normal", "symbolOpacity": 1]),
        "header": labels,
        "title": ["color": ink, "fontSize": 15, "fontWeight": "bold", "offset": 10],
        "view": ["stroke": frame],
        "boxplot": ["rule": ["color": ink]],
        "font": "Helvetica, Arial, Liberation Sans, sans-serif",
        "concat": ["spacing": 24],
      ]
    }
  }
}
