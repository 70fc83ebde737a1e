import Foundation
import Tables

/// What houses cost in 20,640 districts of California, in the census of 1990 (R. K. Pace, R. Barry, "Sparse spatial autoregressions",
/// 1997; the StatLib archive's file).
///
/// ```swift
/// CaliforniaHousing.archive.published.byteCount  // → 441963
/// func districts(unpacked folder: URL) throws -> Table {
///   try CaliforniaHousing.read(folder.appending(path: "CaliforniaHousing/cal_housing.data"))
/// }
/// ```
public enum CaliforniaHousing {
  /// The archive: `CaliforniaHousing/cal_housing.data` and a description, in a gzipped tar. Its hash is the one that scikit-learn checks.
  public static let archive = RemoteFile(
    name: "cal_housing.tgz",
    mirrors: [
      "https://ndownloader.figshare.com/files/5976036",
      "https://www.dcc.fc.up.pt/~ltorgo/Regression/cal_housing.tgz",
    ],
    published: Fingerprint(
      byteCount: 441_963, sha256: "aaa5c9a6afe2225cc2aed2723682ae403280c4a3695a2ddda4ffb5d8215ea681"))

  /// The names of the file's columns, in its order.
  static let fileNames = [
    "longitude", "latitude", "housingMedianAge", "totalRooms", "totalBedrooms", "population", "households",
    "medianIncome", "medianHouseValue",
  ]

  /// Reads `cal_housing.data` and makes scikit-learn's columns of it, one row a district: `MedInc` (the median income in tens of thousands
  /// of dollars), `HouseAge`, `AveRooms`, `AveBedrms`, `Population`, `AveOccup` (means of a household), `Latitude`, `Longitude`, and
  /// `MedHouseVal`, what to predict: the median value of a house in hundreds of thousands of dollars.
  ///
  /// - Throws: `TableError` when the file cannot be read or has a row that is not nine numbers.
  public static func read(_ file: URL) throws(TableError) -> Table {
    let kinds = Dictionary(uniqueKeysWithValues: fileNames.map { ($0, ColumnKind.number) })
    let districts = try Table.read(file, format: CSVFormat(header: .names(fileNames)), kinds: kinds).table
    func perHousehold(_ name: String) -> [Double] {
      zip(districts[name].numbers, districts["households"].numbers).map { $0 / $1 }
    }
    return Table([
      Column("MedInc", numbers: districts["medianIncome"].numbers),
      Column("HouseAge", numbers: districts["housingMedianAge"].numbers),
      Column("AveRooms", numbers: perHousehold("totalRooms")),
      Column("AveBedrms", numbers: perHousehold("totalBedrooms")),
      Column("Population", numbers: districts["population"].numbers),
      Column("AveOccup", numbers: perHousehold("population")),
      Column("Latitude", numbers: districts["latitude"].numbers),
      Column("Longitude", numbers: districts["longitude"].numbers),
      Column("MedHouseVal", numbers: districts["medianHouseValue"].numbers.map { $0 / 100_000 }),
    ])
  }
}
