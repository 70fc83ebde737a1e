import Tables

/// Rows of a table, divided for training and for the final test.
public struct TableData: Sendable {
  /// What to learn from.
  public let train: Table
  /// What to measure the result on, and nothing else.
  public let test: Table

  public init(train: Table, test: Table) {
    self.train = train
    self.test = test
  }
}

/// Whether a person earns more than 50,000 dollars a year, from age, work, education and family (see ``AdultFiles``).
///
/// ```swift
/// func adult() async throws -> (train: TensorDataset, test: TensorDataset, preparation: TablePreparation) {
///   let adult = try await Adult.load()
///   let preparation = try TablePreparation(Adult.plan, fitting: adult.train)
///   return (
///     try preparation.data(of: adult.train).dataset, try preparation.data(of: adult.test).dataset, preparation)
/// }
/// ```
public enum Adult {
  /// The columns' names, in the files' order.
  public static let names = [
    "age", "workclass", "fnlwgt", "education", "education-num", "marital-status", "occupation", "relationship", "race",
    "sex", "capital-gain", "capital-loss", "hours-per-week", "native-country", "income",
  ]

  /// To predict `income` from all else but `fnlwgt`, which tells how many people a row stands for, and nothing about them.
  public static var plan: PreparationPlan {
    var plan = PreparationPlan(target: "income")
    plan.ignored = ["fnlwgt"]
    return plan
  }

  /// The people as published: 32,561 for training, 16,281 for the test. `income` is `<=50K` or `>50K` in both; `?` is missing.
  ///
  /// Files that are not in the cache are downloaded.
  ///
  /// - Throws: ``DownloadError`` when a file cannot be had; `TableError` when one cannot be read.
  public static func load(
    cache: DataCache = .default, downloader: Downloader = Downloader(),
    progress: @escaping @Sendable (DownloadProgress) -> Void = { _ in }
  ) async throws -> TableData {
    let files = try await cache.fetch(
      [AdultFiles.train, AdultFiles.test], for: "adult", with: downloader, progress: progress)
    let format = CSVFormat(comment: "|", trimsSpaces: true, header: .names(names))
    let test = try Table.read(files[1], format: format).table
    let labels = test["income"].texts.map { $0.map { $0.hasSuffix(".") ? String($0.dropLast()) : $0 } }
    return TableData(
      train: try Table.read(files[0], format: format).table,
      test: test.setting(Column("income", categories: labels)))
  }
}
