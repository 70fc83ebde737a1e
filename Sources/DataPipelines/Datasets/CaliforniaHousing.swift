import Foundation
import Tables
import TensorIO

/// What houses cost in 20,640 districts of California, in the census of 1990 (R. K. Pace, R. Barry, "Sparse spatial autoregressions",
/// 1997; the StatLib archive's file).
///
/// ```swift
/// func districts() async throws -> TensorDataset {
///   let districts = try await CaliforniaHousing.load()
///   return try TablePreparation(CaliforniaHousing.plan, fitting: districts).data(of: districts).dataset
/// }
/// CaliforniaHousing.plan.target ?? ""  // → MedHouseVal
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

  /// To predict `MedHouseVal` from all else.
  public static var plan: PreparationPlan { PreparationPlan(target: "MedHouseVal") }

  /// The districts as published, 20,640 rows in the columns of ``read(_:)``. An archive that is not in the cache is downloaded, and is unpacked
  /// beside itself once.
  ///
  /// - Parameter archive: The file, or one with the same folder in it from elsewhere.
  /// - Throws: ``DownloadError`` when the archive cannot be had; ``FileError`` when it is damaged; `TableError` when it has no such file, or one
  ///   that cannot be read.
  public static func load(
    from archive: RemoteFile = CaliforniaHousing.archive, cache: DataCache = .default,
    downloader: Downloader = Downloader(), progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> Table {
    let file = try await cache.fetch([archive], for: "california-housing", with: downloader, progress: progress)[0]
    let folder = try ArchiveFolder.unpacked(file, byteLimit: 1 << 24, fileLimit: 10)
    return try read(folder.appending(path: "CaliforniaHousing/cal_housing.data"))
  }

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
