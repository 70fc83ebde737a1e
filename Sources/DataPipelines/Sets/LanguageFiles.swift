/// The archive of IMDB: 50,000 film reviews from the Internet Movie Database with a sentiment, half for training and half for the test (Maas et al., "Learning word
/// vectors for sentiment analysis", 2011; for research). Its hash is the one that scikit-learn's examples check.
public enum IMDBFiles {
  public static let archive = RemoteFile(
    name: "aclImdb_v1.tar.gz", mirrors: ["https://ai.stanford.edu/~amaas/data/sentiment/aclImdb_v1.tar.gz"],
    published: Fingerprint(
      byteCount: 84_125_825, sha256: "c40f74a18d3b61f90feba1e17730e0d38e8b97c05fde7008942e91923d1658fe"),
    // The same without the reviews that have no label.
    variants: [
      Fingerprint(
        byteCount: 27_760_218, sha256: "777b18fff6439fcb67c0a54f8600c5ea77af2ec338136372247cf63ae4a0dc93")
    ])
}

/// The Stanford Sentiment Treebank's sentences with two classes, in the division of GLUE (Socher et al., 2013; Wang et al., 2019), as the files of its archive: those of
/// the test have no labels.
public enum SST2Files {
  public static let archive = RemoteFile(
    name: "SST-2.zip", mirrors: ["https://dl.fbaipublicfiles.com/glue/data/SST-2.zip"],
    published: Fingerprint(
      byteCount: 7_439_277, sha256: "d67e16fb55739c1b32cdce9877596db1c127dc322d93c082281f64057c16deaa"))
}

/// 127,600 news articles of four kinds, title and description (Zhang, Zhao & LeCun, "Character-level convolutional networks for text classification", 2015).
public enum AGNewsFiles {
  public static let train = file(
    "train.csv",
    Fingerprint(byteCount: 29_470_338, sha256: "76a0a2d2f92b286371fe4d4044640910a04a803fdd2538e0f3f29a5c6f6b672e"))
  public static let test = file(
    "test.csv",
    Fingerprint(byteCount: 1_857_427, sha256: "521465c2428ed7f02f8d6db6ffdd4b5447c1c701962353eb2c40d548c3c85699"))

  private static func file(_ name: String, _ published: Fingerprint) -> RemoteFile {
    let folder = "https://raw.githubusercontent.com/mhjabreel/CharCnn_Keras/master/data/ag_news_csv"
    return RemoteFile(name: name, mirrors: ["\(folder)/\(name)"], published: published)
  }
}

/// A million characters of Shakespeare (Karpathy, char-rnn, 2015; public domain).
public enum TinyShakespeareFiles {
  public static let text = RemoteFile(
    name: "input.txt",
    mirrors: ["https://raw.githubusercontent.com/karpathy/char-rnn/master/data/tinyshakespeare/input.txt"],
    published: Fingerprint(
      byteCount: 1_115_394, sha256: "86c4e6aa9db7c042ec79f339dcb96d42b0075e16b8fc2e86bf0ca57e2dc565ed"))
}

/// Two million words of Wikipedia, rare ones as `<unk>` (Merity et al., "Pointer sentinel mixture models", 2017; CC BY-SA).
public enum WikiText2Files {
  public static let archive = RemoteFile(
    name: "wikitext-2-v1.zip",
    mirrors: ["https://s3.amazonaws.com/research.metamind.io/wikitext/wikitext-2-v1.zip"],
    published: Fingerprint(
      byteCount: 4_475_746, sha256: "92675f1d63015c1c8b51f1656a52d5bdbc33aafa60cc47a218a66e7ee817488c"))
}
