import Foundation
import NotebookDisplay

/// A notebook as a file has it: Jupyter's own format (`.ipynb`, nbformat 4), or Markdown whose fenced Swift is the cells.
package struct NotebookDocument: Sendable, Equatable {
  package enum Kind: Sendable { case code, markdown, raw }

  package struct Cell: Sendable, Equatable {
    package var kind: Kind
    package var source: String
    package var tags: [String] = []
    /// Where the source begins in a file of Markdown, from 1; nil in others.
    package var line: Int?

    package init(kind: Kind, source: String, tags: [String] = [], line: Int? = nil) {
      self.kind = kind
      self.source = source
      self.tags = tags
      self.line = line
    }
  }

  package var cells: [Cell]

  /// Reads a file by its ending. Throws a `NotebookFileError`.
  package init(file: String) throws(NotebookFileError) {
    guard let data = FileManager.default.contents(atPath: file) else {
      throw NotebookFileError(file: file, line: nil, problem: "it can't be read")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw NotebookFileError(file: file, line: nil, problem: "its text is not UTF-8")
    }
    switch URL(filePath: file).pathExtension {
    case "ipynb": try self.init(jupyter: Array(data), file: file)
    case "md", "markdown", "myst": try self.init(markdown: text, file: file)
    case let other:
      throw NotebookFileError(
        file: file, line: nil,
        problem: "expected a notebook in .ipynb or .md, found the ending \(other.debugDescription)")
    }
  }
}

/// What is wrong with a notebook's file.
package struct NotebookFileError: Error, Equatable, CustomStringConvertible {
  package let file: String
  package let line: Int?
  package let problem: String
  package var description: String { "\(file)\(line.map { ":\($0)" } ?? ""): \(problem)" }
}

// nbformat 4: https://nbformat.readthedocs.io/en/latest/format_description.html

extension NotebookDocument {
  init(jupyter bytes: [UInt8], file: String) throws(NotebookFileError) {
    func wrong(_ key: String, _ expected: String) -> NotebookFileError {
      NotebookFileError(file: file, line: nil, problem: "\(key): expected \(expected)")
    }
    let value: JSON
    do { value = try JSON(parsing: bytes) } catch { throw wrong("the file", "JSON: \(error)") }
    guard value["nbformat"]?.integer == 4 else { throw wrong("nbformat", "4, found \(value["nbformat"] ?? .null)") }
    guard let array = value["cells"]?.array else { throw wrong("cells", "an array") }
    var cells: [Cell] = []
    for (index, cell) in array.enumerated() {
      let kind: Kind
      switch cell["cell_type"]?.string {
      case "code": kind = .code
      case "markdown": kind = .markdown
      case "raw": kind = .raw
      default: throw wrong("cells[\(index)].cell_type", "code, markdown or raw")
      }
      let lines = cell["source"]?.array?.compactMap(\.string).joined()
      guard let source = cell["source"]?.string ?? lines else { throw wrong("cells[\(index)].source", "text or lines") }
      let tags = cell["metadata"]?["tags"]?.array?.compactMap(\.string) ?? []
      cells.append(Cell(kind: kind, source: source, tags: tags))
    }
    self.cells = cells
  }

  /// The notebook in nbformat 4.5, with what its cells showed: `outputs[i]` is of the i-th cell, and `counts[i]` the number of its run.
  func jupyter(outputs: [Int: [JSON]] = [:], counts: [Int: Int] = [:], languageVersion: String) -> JSON {
    let cells = self.cells.enumerated().map { index, cell in
      let tags: JSON = cell.tags.isEmpty ? [:] : ["tags": .array(cell.tags.map { .string($0) })]
      var members: [String: JSON] = ["id": "cell-\(index + 1)", "metadata": tags, "source": .string(cell.source)]
      switch cell.kind {
      case .markdown: members["cell_type"] = "markdown"
      case .raw: members["cell_type"] = "raw"
      case .code:
        members["cell_type"] = "code"
        members["outputs"] = .array(outputs[index] ?? [])
        members["execution_count"] = counts[index].map { .integer($0) } ?? .null
      }
      return JSON.object(members)
    }
    return [
      "nbformat": 4, "nbformat_minor": 5, "cells": .array(cells),
      "metadata": [
        "kernelspec": ["name": "glassbox", "display_name": "Swift (Glassbox)", "language": "swift"],
        "language_info": [
          "name": "swift", "file_extension": ".swift", "mimetype": "text/x-swift", "version": .string(languageVersion),
        ],
      ],
    ]
  }
}
