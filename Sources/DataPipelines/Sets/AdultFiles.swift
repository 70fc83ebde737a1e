/// The files of Adult, "census income": 48,842 people of the US census of 1994 (B. Becker, R. Kohavi, UCI Machine Learning Repository,
/// 1996, CC BY 4.0).
public enum AdultFiles {
  /// 32,561 people.
  public static let train = file(
    "adult.data",
    Fingerprint(byteCount: 3_974_305, sha256: "5b00264637dbfec36bdeaab5676b0b309ff9eb788d63554ca0a249491c86603d"))

  /// 16,281 people, behind a line of comment, and with a full stop behind each label.
  public static let test = file(
    "adult.test",
    Fingerprint(byteCount: 2_003_153, sha256: "a2a9044bc167a35b2361efbabec64e89d69ce82d9790d2980119aac5fd7e9c05"))

  private static func file(_ name: String, _ published: Fingerprint) -> RemoteFile {
    let mirrors = ["https://archive.ics.uci.edu/ml/machine-learning-databases/adult/\(name)"]
    return RemoteFile(name: name, mirrors: mirrors, published: published)
  }
}
