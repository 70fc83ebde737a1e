/// The archive of ``MovieLens100K``.
public enum MovieLens100KFiles {
  public static let archive = RemoteFile(
    name: "ml-100k.zip", mirrors: ["https://files.grouplens.org/datasets/movielens/ml-100k.zip"],
    published: Fingerprint(
      byteCount: 4_924_029, sha256: "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"),
    variants: [
      Fingerprint(byteCount: 4_922_781, sha256: "26c4d30e3b105ea0e20a9ed0edc4a633f1f6b90087f17a6a9cd6d5b693bf83ec")
    ])
}
