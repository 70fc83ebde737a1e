import DataPipelines
import Foundation
import Tables
import TensorCore
import Testing

@Suite("Adult")
struct AdultTests {
  static let folder = DataCache.default.folder(for: "adult").path(percentEncoded: false)

  // The counts are those of the publisher's page (UCI Machine Learning Repository, data set 2).
  @Test(
    "is read whole from the publisher's files, with its missing values and classes",
    .enabled(if: FileManager.default.fileExists(atPath: folder + "adult.data"), "no Adult in \(folder)"))
  func load() async throws {
    let adult = try await Adult.load()
    #expect(adult.train.rowCount == 32_561 && adult.test.rowCount == 16_281)
    #expect(adult.train.names == Adult.names && adult.train.kinds == adult.test.kinds)
    #expect(adult.train["income"].levels == ["<=50K", ">50K"] && adult.test["income"].levels == ["<=50K", ">50K"])
    let described = adult.train.describe()
    #expect(described["income"]?.mostFrequentCount == 24_720)
    #expect(described["workclass"]?.missing == 1836)
    #expect(described["occupation"]?.missing == 1843)
    #expect(described["native-country"]?.missing == 583)
    #expect(described["age"]?.quartiles == [17, 28, 37, 48, 90])
    #expect(described["education"]?.distinct == 16 && described["native-country"]?.distinct == 41)

    let preparation = try TablePreparation(Adult.plan, fitting: adult.train)
    #expect(preparation.numberNames == ["age", "education-num", "capital-gain", "capital-loss", "hours-per-week"])
    #expect(preparation.categorySizes == [10, 17, 8, 16, 7, 6, 3, 43])
    let test = try preparation.data(of: adult.test)
    #expect(test.inputs.report.filled == ["workclass": 963, "occupation": 966, "native-country": 274])
    #expect(test.inputs.report.unknown.isEmpty)
    let train = try preparation.data(of: adult.train).dataset
    #expect(train.inputs.shape == [32_561, 13] && train.classes.count { $0 == 1 } == 7841)
  }

  @Test("is known by the size and the hash of each file")
  func files() {
    for file in [AdultFiles.train, AdultFiles.test] {
      #expect(file.mirrors.allSatisfy { $0.hasSuffix(file.name) && URL(string: $0) != nil })
      #expect(file.published.sha256.count == 64 && file.published.sha256.allSatisfy(\.isHexDigit))
    }
  }
}
