/// The archives of CIFAR-10 and CIFAR-100: 50,000 training and 10,000 test pictures of 32×32 pixels in colour, in the binary form
/// (A. Krizhevsky, "Learning multiple layers of features from tiny images", 2009). Sizes and hashes are those that TensorFlow Datasets
/// checks its downloads with.
public enum CIFARFiles {
  /// Five files of training pictures, one for the test, and the classes' names.
  public static let cifar10 = file(
    "cifar-10-binary.tar.gz",
    Fingerprint(byteCount: 170_052_171, sha256: "c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd"))

  /// A file of training pictures, one for the test, and the names of 100 classes and of 20 above these.
  public static let cifar100 = file(
    "cifar-100-binary.tar.gz",
    Fingerprint(byteCount: 168_513_733, sha256: "58a81ae192c23a4be8b1804d68e518ed807d710a4eb253b1f2a199162a40d8ec"))

  private static func file(_ name: String, _ published: Fingerprint) -> RemoteFile {
    RemoteFile(name: name, mirrors: ["https://www.cs.toronto.edu/~kriz/\(name)"], published: published)
  }
}
