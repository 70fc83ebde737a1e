/// The four files of MNIST: 60,000 training and 10,000 test pictures of 28×28 grey levels, with their labels
/// (Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", 1998).
///
/// Archives compressed anew are as good as the publisher's, as long as the IDX files inside are the publisher's.
public enum MNISTFiles {
  /// 60,000 pictures, `[60000, 28, 28]` bytes behind a header of 16 bytes.
  public static let trainingImages = file(
    "train-images-idx3-ubyte.gz",
    Fingerprint(byteCount: 9_912_422, sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"),
    contents: Fingerprint(
      byteCount: 47_040_016, sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db"))

  /// 60,000 labels, 0 to 9, behind a header of 8 bytes.
  public static let trainingLabels = file(
    "train-labels-idx1-ubyte.gz",
    Fingerprint(byteCount: 28_881, sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"),
    contents: Fingerprint(
      byteCount: 60_008, sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5"))

  /// 10,000 pictures, `[10000, 28, 28]` bytes behind a header of 16 bytes.
  public static let testImages = file(
    "t10k-images-idx3-ubyte.gz",
    Fingerprint(byteCount: 1_648_877, sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"),
    contents: Fingerprint(
      byteCount: 7_840_016, sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7"))

  /// 10,000 labels, 0 to 9, behind a header of 8 bytes.
  public static let testLabels = file(
    "t10k-labels-idx1-ubyte.gz",
    Fingerprint(byteCount: 4_542, sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"),
    contents: Fingerprint(
      byteCount: 10_008, sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2"))

  /// Training images, training labels, test images, test labels.
  public static let all = [trainingImages, trainingLabels, testImages, testLabels]

  private static func file(_ name: String, _ published: Fingerprint, contents: Fingerprint) -> RemoteFile {
    let folders = [
      "https://ossci-datasets.s3.amazonaws.com/mnist/",
      "https://storage.googleapis.com/cvdf-datasets/mnist/",
      "http://yann.lecun.com/exdb/mnist/",
    ]
    return RemoteFile(name: name, mirrors: folders.map { $0 + name }, published: published, contents: contents)
  }
}
