import DataPipelines
import Foundation
import Tables
import TensorIO
import Testing

@Suite("California housing")
struct CaliforniaHousingTests {
  private let rows = """
    -122.230000,37.880000,41.000000,880.000000,129.000000,322.000000,126.000000,8.325200,452600.000000
    -122.220000,37.860000,21.000000,7099.000000,1106.000000,2401.000000,1138.000000,8.301400,358500.000000

    """

  // The first two rows, as scikit-learn's documentation of fetch_california_housing shows them.
  @Test("has scikit-learn's columns")
  func columns() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(rows.utf8), "cal_housing.data")
    try check(try CaliforniaHousing.read(folder.url.appending(path: "cal_housing.data")))
  }

  private func check(_ table: Table) throws {
    let expected = [
      "MedInc": [8.3252, 8.3014], "HouseAge": [41, 21], "AveRooms": [6.984127, 6.238137],
      "AveBedrms": [1.02381, 0.97188], "Population": [322, 2401], "AveOccup": [2.555556, 2.109842],
      "Latitude": [37.88, 37.86], "Longitude": [-122.23, -122.22], "MedHouseVal": [4.526, 3.585],
    ]
    #expect(Set(table.names) == Set(expected.keys))
    for (name, numbers) in expected {
      for (found, wanted) in zip(table[name].numbers, numbers) { #expect(abs(found - wanted) < 1e-6, "\(name)") }
    }
  }

  @Test("is downloaded once, unpacked and read, and afterwards read from the cache")
  func load() async throws {
    let folder = try TemporaryFolder()
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "CaliforniaHousing"), withIntermediateDirectories: true)
    try folder.write(Array(rows.utf8), "CaliforniaHousing/cal_housing.data")
    try folder.write(Array("the columns".utf8), "CaliforniaHousing/cal_housing.domain")
    let tar = Process()
    tar.executableURL = URL(filePath: "/usr/bin/env")
    tar.arguments = ["tar", "czf", folder.path("whole"), "-C", folder.path(""), "CaliforniaHousing"]
    try tar.run()
    tar.waitUntilExit()
    #expect(tar.terminationStatus == 0)
    let bytes = try #require(folder.read("whole"))
    let server = try LoopbackServer { request, connection in connection.serve(bytes, for: request) }
    let archive = RemoteFile(name: "cal_housing.tgz", mirrors: [server.address()], published: fingerprint(bytes))
    let cache = DataCache(root: folder.url.appending(path: "cache"))
    for _ in 0..<2 { try check(try await CaliforniaHousing.load(from: archive, cache: cache)) }
    #expect(server.requests.count == 1)
    #expect(folder.read("cache/california-housing/cal_housing.tgz") == bytes)
  }

  @Test("is refused where the archive is damaged")
  func damaged() async throws {
    let folder = try TemporaryFolder()
    let server = try LoopbackServer { request, connection in connection.serve(sample, for: request) }
    let archive = RemoteFile(name: "cal_housing.tgz", mirrors: [server.address()], published: fingerprint(sample))
    let error = await #expect(throws: FileError.self) {
      try await CaliforniaHousing.load(from: archive, cache: DataCache(root: folder.url))
    }
    #expect(
      error?.description.contains("cal_housing.tgz: expected a whole zip or tar archive") == true, "\(error as Any)")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.path("california-housing"))
    #expect(names == ["cal_housing.tgz"], "nothing half unpacked is left")
  }

  @Test("is refused by line where a row is not nine numbers")
  func bad() throws {
    let folder = try TemporaryFolder()
    let row = "1,2,3,4,5,6,7,8,9\n"
    try folder.write(Array((row + "1,2,3,4,x,6,7,8,9\n").utf8), "a")
    let error = #expect(throws: TableError.self) { try CaliforniaHousing.read(folder.url.appending(path: "a")) }
    #expect(
      error?.description.hasSuffix("/a:2: expected a number in the column \"totalBedrooms\", found \"x\".") == true)
  }
}
