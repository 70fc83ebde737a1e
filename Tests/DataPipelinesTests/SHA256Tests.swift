import DataPipelines
import Testing

@Suite("SHA-256")
struct SHA256Tests {
  func sha256(_ pieces: [UInt8]...) -> String {
    let hash = SHA256()
    for piece in pieces { hash.update(piece) }
    return hash.finish()
  }

  // FIPS 180-4's examples, and the empty text.
  @Test("gives the standard's examples")
  func examples() {
    #expect(sha256() == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
    #expect(sha256(Array("abc".utf8)) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      sha256(Array("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq".utf8))
        == "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1")
    #expect(
      sha256([UInt8](repeating: 97, count: 1_000_000))
        == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test("does not depend on the pieces")
  func pieces() {
    #expect(sha256(Array(sample[..<77]), [], Array(sample[77...])) == sha256(sample))
  }
}
