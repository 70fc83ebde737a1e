import Foundation
import Tables

extension TablePredictor {
  /// Reads a file of rows to predict for, with a header or, if the training's had none, without: then its columns are the training's, with the
  /// target or without. Rows that can't be read are left out, and told.
  ///
  /// - Throws: ``Tables/TableError`` when the file can't be read, or lacks columns.
  public func rows(of url: URL) throws(TableError) -> TableReading {
    let kind = url.pathExtension.lowercased()
    var format = CSVFormat(
      separator: CSVFormat.separator(of: url), comment: ["data", "test"].contains(kind) ? "|" : nil, trimsSpaces: true,
      badRows: .skip)
    if let names = details["columns"]?.split(separator: ",").map(String.init) {
      var reader = try CSVReader(url, format: format)
      let first = reader.firstReadable
      if !Set(first).isSuperset(of: preparation.inputKinds.keys) {
        let target = preparation.target?.column
        format.header = .names(first.count == names.count ? names : names.filter { $0 != target })
      }
    }
    return try Table.read(url, format: format, kinds: preparation.inputKinds)
  }
}

extension CSVReader {
  /// The fields of the first row that can be read; those before it are told when all are. None where there is none.
  fileprivate var firstReadable: [String] {
    mutating get {
      while true {
        do throws(TableError) { return try next()?.fields ?? [] } catch { continue }
      }
    }
  }
}
