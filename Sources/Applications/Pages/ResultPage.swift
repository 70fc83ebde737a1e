import Foundation
import TensorIO

/// What a training ends with, as one HTML file: figures, facts, and sections of text, tables, charts and pictures.
///
/// The file needs nothing else: no network, no script; pictures are in it, charts are drawn in SVG. It follows the system's light or dark colours, is
/// read on a phone as on a screen, and can be printed. All text is escaped. The page is a value: change what you like before you write it.
///
/// ``pictures(of:on:classNames:preparation:gradCAM:title:facts:aims:mistakes:label:input:notes:)`` and
/// ``table(of:on:preparation:title:facts:aims:importanceRows:worst:input:notes:)`` make one of a learner.
///
/// ```swift
/// let page = ResultPage(
///   title: "Digits", figures: [ResultPage.Figure("accuracy", 0.9942, as: .percent, aim: 0.994)],
///   facts: [ResultPage.Fact("seed", "1")],
///   sections: [ResultPage.Section("Notes", [.text("Resumed after epoch 3.")])])
/// try page.write(to: FileManager.default.temporaryDirectory.appending(path: "glassbox-example-page.html"))
/// page.figures[0]  // → accuracy 99.42 %, aimed at 99.40 % or more: reached
/// ```
public struct ResultPage: Sendable {
  public var title: String
  /// A line below the title.
  public var subtitle: String
  /// What is said first, in large type.
  public var figures: [Figure]
  /// What it takes to do it again: model, data and their hash, seed, recipe, versions, machine.
  public var facts: [Fact]
  public var sections: [Section]

  public init(
    title: String, subtitle: String = "", figures: [Figure] = [], facts: [Fact] = [], sections: [Section] = []
  ) {
    (self.title, self.subtitle, self.figures) = (title, subtitle, figures)
    (self.facts, self.sections) = (facts, sections)
  }

  /// Writes the file, whole or not at all.
  ///
  /// - Throws: ``TensorIO/FileError``. What stood at `url` is then as it was.
  public func write(to url: URL) throws(FileError) {
    let html = html
    try AtomicFile.write(to: url) { file throws(FileError) in try file.write(html) }
  }
}

extension ResultPage {
  /// A name and what it stands for.
  public struct Fact: Sendable, Hashable {
    public var name: String
    public var value: String

    public init(_ name: String, _ value: String) { (self.name, self.value) = (name, value) }
  }

  /// A part of the page under a heading of its own.
  public struct Section: Sendable {
    public var title: String
    public var blocks: [Block]

    public init(_ title: String, _ blocks: [Block]) { (self.title, self.blocks) = (title, blocks) }
  }

  /// What a section is made of.
  public indirect enum Block: Sendable {
    /// A paragraph.
    case text(String)
    /// Text with its own lines.
    case passage(String)
    case grid(Grid)
    /// Charts side by side, as many as there is room for.
    case plots([Plot])
    /// Horizontal bars, in the order given.
    case bars([Bar])
    case confusion(Confusion)
    case pictures([Picture])
    /// Side by side where there is room.
    case beside([Block])
    /// What is seen after a click on its title.
    case folded(String, [Block])
  }
}
