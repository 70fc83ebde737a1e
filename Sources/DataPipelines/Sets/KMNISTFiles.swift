/// The four files of Kuzushiji-MNIST: 60,000 training and 10,000 test pictures of hand-written hiragana in MNIST's form (T. Clanuwat et al.,
/// "Deep learning for classical Japanese literature", 2018; CC BY-SA 4.0). Sizes and hashes are those that TensorFlow Datasets checks its
/// downloads with.
public enum KMNISTFiles {
  /// Training images, training labels, test images, test labels.
  public static let all = [
    file(
      "train-images-idx3-ubyte.gz", 18_165_135, "51467d22d8cc72929e2a028a0428f2086b092bb31cfb79c69cc0a90ce135fde4"),
    file("train-labels-idx1-ubyte.gz", 29_497, "e38f9ebcd0f3ebcdec7fc8eabdcdaef93bb0df8ea12bee65224341c8183d8e17"),
    file("t10k-images-idx3-ubyte.gz", 3_041_136, "edd7a857845ad6bb1d0ba43fe7e794d164fe2dce499a1694695a792adfac43c5"),
    file("t10k-labels-idx1-ubyte.gz", 5_120, "20bb9a0ef54c7db3efc55a92eef5582c109615df22683c380526788f98e42a1c"),
  ]

  private static func file(_ name: String, _ byteCount: Int, _ sha256: String) -> RemoteFile {
    RemoteFile(
      name: name, mirrors: ["http://codh.rois.ac.jp/kmnist/dataset/kmnist/\(name)"],
      published: Fingerprint(byteCount: byteCount, sha256: sha256))
  }
}
