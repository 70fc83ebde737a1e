/// The four files of Fashion-MNIST: 60,000 training and 10,000 test pictures of clothes in MNIST's form (H. Xiao, K. Rasul, R. Vollgraf,
/// "Fashion-MNIST: a novel image dataset for benchmarking machine learning algorithms", 2017). Sizes and hashes are those that TensorFlow
/// Datasets checks its downloads with.
public enum FashionMNISTFiles {
  /// Training images, training labels, test images, test labels.
  public static let all = [
    file(
      "train-images-idx3-ubyte.gz", 26_421_880, "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84"),
    file("train-labels-idx1-ubyte.gz", 29_515, "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845"),
    file("t10k-images-idx3-ubyte.gz", 4_422_102, "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073"),
    file("t10k-labels-idx1-ubyte.gz", 5_148, "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5"),
  ]

  private static func file(_ name: String, _ byteCount: Int, _ sha256: String) -> RemoteFile {
    RemoteFile(
      name: name, mirrors: ["http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/\(name)"],
      published: Fingerprint(byteCount: byteCount, sha256: sha256))
  }
}
